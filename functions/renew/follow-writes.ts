import pLimit from 'p-limit';

import type { FollowWrite } from '../watches/followed.ts';
import type { Watch } from '../watches/watch.ts';
import type { RenewContext } from './context.ts';

/** Managed watches written at once. */
const CONCURRENCY = 8;

export type Write = () => Promise<FollowWrite>;

/** Runs writes until all are done, one of them finds that the list has changed (`stale`), or time is up. */
export async function runWrites(
  context: RenewContext,
  watch: Watch,
  writes: readonly Write[],
  isTimeUp: () => boolean,
): Promise<'done' | 'unfinished' | 'stale'> {
  const counts = { written: 0, unchanged: 0, leftAlone: 0, idTaken: 0, stale: 0 };
  const limit = pLimit(CONCURRENCY);
  let left = writes.length;
  const run = async (write: Write): Promise<void> => {
    if (counts.stale > 0 || isTimeUp()) return;
    counts[await write()] += 1;
    left -= 1;
  };
  // Wait for all writes before reporting a failure, so that none is still in flight.
  const settled = await Promise.allSettled(writes.map((write) => limit(() => run(write))));
  if (writes.length > 0) context.log.info('calendars followed', { watch: watch.id, ...counts, left });
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  if (counts.stale > 0) return 'stale';
  return left > 0 ? 'unfinished' : 'done';
}
