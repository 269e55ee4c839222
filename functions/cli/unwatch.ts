import * as z from 'zod';

import type { Watch } from '../mirror/watch.ts';
import { confirm } from './confirm.ts';
import { Failure, WrongUse } from './failure.ts';
import { watchId, waiting } from './options.ts';
import type { Open } from './session.ts';
import { print } from './terminal.ts';
import { judgeRemoval } from './verdict.ts';
import { mustFind, waitFor } from './wait.ts';
import { watchCount, watchJson, watchTable } from './watch-view.ts';

/** `calendar-mirror unwatch`: asks for a watch's removal, and waits for it. */

const Options = z.object({
  ...waiting,
  keep: z.boolean().default(false),
  purge: z.boolean().default(false),
  yes: z.boolean().default(false),
});

/** What becomes of the watches that a watch follows. */
function alongWords({ spec, follow }: Watch, followed: number): string {
  const unlisted = (spec.ok ? spec.wish.follow : undefined)?.unlisted ?? follow?.unlisted ?? 'keep';
  const fate = unlisted === 'purge' ? 'deleted, and announced' : 'kept';
  return `The ${watchCount(followed)} that it follows go with it; what they mirrored is ${fate}.`;
}

export async function run(open: Open, [given]: readonly string[], options: unknown): Promise<void> {
  const id = watchId(given);
  const { keep, purge, yes, wait, timeout } = Options.parse(options);
  if (keep && purge) throw new WrongUse('--keep and --purge exclude each other', 'give one of them');
  const how = purge ? 'purge' : 'keep';
  const session = await open();
  const { watch } = await mustFind(session, id);
  const items = watch.collection === undefined ? 0 : await session.wishes.countItems(watch.collection);
  const fate = purge ? 'deleted, and announced' : 'kept';
  const followed = await session.wishes.countFollowed(id);
  const too = followed > 0 ? ` ${alongWords(watch, followed)}` : '';
  await confirm(`Stop watching ${id}? Its ${String(items)} mirrored items are ${fate}.${too}`, yes);
  const asked = await session.wishes.askRemoval(id, how);
  if (asked === undefined) throw new Failure(`the watch ${id} is gone already`, 'run calendar-mirror list');
  const listed = wait
    ? await waitFor(session, id, timeout, (each) => judgeRemoval(each, asked.at, how))
    : await mustFind(session, id);
  if (session.json) session.printJson(watchJson(listed, session.now()));
  else print(watchTable([listed], session.now()));
}
