import * as z from 'zod';

import { Failure, UsageError } from '../failure.ts';
import { watchId } from '../options.ts';
import type { Open, Session } from '../session.ts';
import { printResult, printable, table, logProgress } from '../../terminal/output.ts';
import { mustFind } from '../wait.ts';
import type { CommandSpec } from '../declare.ts';

/** `calendar-mirror renew`: makes watches due, or shows what renew would do with those that are. */
export const renewCommand: CommandSpec = {
  name: 'renew [watches...]',
  about: 'Make watches due, so that renew checks them in its next run.',
  examples: [
    'renew ada-events-ada-1f2e3d4c5b6a7988',
    'renew --all',
    'renew --dry-run',
    'renew --dry-run --all',
  ],
  declare: (command) =>
    command
      .option('--all', 'all watches')
      .option('--dry-run', 'only show what renew would do: with these watches, or with all that is due'),
  run,
};

const Options = z.object({ dryRun: z.boolean().default(false), all: z.boolean().default(false) });

/** More than one run of renew handles. */
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
  const { rulesOf } = await import('../../../functions/renew/schedule.ts');
  const { formatPlan } = await import('../format/plan.ts');
  const now = session.now();
  const rules = rulesOf(session.config);
  const found = all
    ? await session.admin.listWatches()
    : ids.length > 0
      ? await Promise.all(ids.map((id) => mustFind(session, id)))
      : await session.mirror.dueWatches(now, MOST);
  return found.map((each) =>
    each.ok
      ? { kind: 'watch', id: each.watch.id, plan: formatPlan(each.watch, now, rules) }
      : { kind: 'watch', id: each.id, plan: `cannot be read: ${each.problem}` },
  );
}

async function plannedChannels({ mirror, now }: Session): Promise<readonly Planned[]> {
  const { formatChannel } = await import('../format/plan.ts');
  const planned: Planned[] = [];
  for (const channel of await mirror.dueChannels(now(), MOST)) {
    const watch = await mirror.loadWatch(channel.watch).catch(() => undefined);
    planned.push({ kind: 'channel', id: channel.id, plan: formatChannel(channel, watch, now()) });
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
    printResult(
      table([
        ['what', 'id', 'renew would'],
        ...planned.map(({ kind, id, plan }) => [kind, printable(id), printable(plan)]),
      ]),
    );
  }
  if (planned.length === 0) logProgress('Nothing is due.');
}

async function run(open: Open, given: readonly string[], options: unknown): Promise<void> {
  const ids = given.map(watchId);
  const { dryRun, all } = Options.parse(options);
  if (ids.length > 0 && all)
    throw new UsageError('--all cannot be combined with watch ids', 'leave out one of them');
  if (!dryRun && ids.length === 0 && !all) {
    throw new UsageError('no watch is given', 'give watch ids, --all or --dry-run');
  }
  const session = await open();
  if (dryRun) return showPlan(session, ids, all);
  const chosen = all
    ? (await session.admin.listWatches()).map((each) => (each.ok ? each.watch.id : each.id))
    : ids;
  for (const id of chosen) {
    const asked = await session.admin.requestCheck(id);
    if (asked === undefined && !all)
      throw new Failure(`the watch ${id} does not exist`, 'run calendar-mirror list');
    if (session.json) session.printJson({ id, due: asked !== undefined });
    else printResult(id);
  }
  logProgress(`${String(chosen.length)} watches are due now; renew checks them in its next run.`);
}
