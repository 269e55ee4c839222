import * as z from 'zod';

import { rulesOf } from '../renew/plan.ts';
import { Failure, WrongUse } from './failure.ts';
import { watchId } from './options.ts';
import { channelWords, planWords } from './plan-words.ts';
import type { Open, Session } from './session.ts';
import { print, printable, table, tell } from './terminal.ts';
import { mustFind } from './wait.ts';

/** `calendar-mirror renew`: makes watches due, or shows what renew would do about those that are. */

const Options = z.object({ dryRun: z.boolean().default(false), all: z.boolean().default(false) });

/** More than one run of renew would take up. */
const MOST = 1_000;

interface Planned {
  readonly kind: 'watch' | 'channel';
  readonly id: string;
  readonly plan: string;
}

async function plannedWatches(
  session: Session,
  ids: readonly string[],
  all: boolean,
): Promise<readonly Planned[]> {
  const now = session.now();
  const rules = rulesOf(session.config);
  const found = all
    ? await session.wishes.listWatches()
    : ids.length > 0
      ? await Promise.all(ids.map((id) => mustFind(session, id)))
      : await session.mirror.dueWatches(now, MOST);
  return found.map((each) =>
    each.ok
      ? { kind: 'watch', id: each.watch.id, plan: planWords(each.watch, now, rules) }
      : { kind: 'watch', id: each.id, plan: `cannot be read: ${each.problem}` },
  );
}

async function plannedChannels({ mirror, now }: Session): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const channel of await mirror.dueChannels(now(), MOST)) {
    const watch = await mirror.loadWatch(channel.watch).catch(() => undefined);
    planned.push({ kind: 'channel', id: channel.id, plan: channelWords(channel, watch, now()) });
  }
  return planned;
}

async function showPlan(session: Session, ids: readonly string[], all: boolean): Promise<void> {
  const planned = [
    ...(await plannedWatches(session, ids, all)),
    ...(ids.length > 0 ? [] : await plannedChannels(session)),
  ];
  if (session.json) for (const each of planned) session.printJson(each);
  else if (planned.length > 0) {
    print(
      table([
        ['what', 'id', 'renew would'],
        ...planned.map(({ kind, id, plan }) => [kind, printable(id), printable(plan)]),
      ]),
    );
  }
  if (planned.length === 0) tell('Nothing is due.');
}

export async function run(open: Open, given: readonly string[], options: unknown): Promise<void> {
  const ids = given.map(watchId);
  const { dryRun, all } = Options.parse(options);
  if (ids.length > 0 && all) throw new WrongUse('--all goes without watches', 'leave out one of them');
  if (!dryRun && ids.length === 0 && !all) {
    throw new WrongUse('no watch is named', 'name some, or give --all or --dry-run');
  }
  const session = await open();
  if (dryRun) return showPlan(session, ids, all);
  const chosen = all
    ? (await session.wishes.listWatches()).map((each) => (each.ok ? each.watch.id : each.id))
    : ids;
  for (const id of chosen) {
    const asked = await session.wishes.askLook(id);
    if (asked === undefined && !all) throw new Failure(`there is no watch ${id}`, 'run calendar-mirror list');
    if (session.json) session.printJson({ id, due: asked !== undefined });
    else print(id);
  }
  tell(`${String(chosen.length)} watches are due now; renew looks at them at its next run.`);
}
