import pLimit from 'p-limit';

import { errorText } from '../../../functions/runtime/log.ts';
import { Failure } from '../failure.ts';
import { watchCount } from '../format/watch.ts';
import type { Session } from '../session.ts';
import { untilSignal } from '../../terminal/signals.ts';
import { printable, printResult } from '../../terminal/output.ts';
import { createProgress } from './progress.ts';
import { replayWatch } from './publish.ts';
import type { Records } from './record.ts';
import { loadSource } from './source.ts';

/** Replays of several watches side by side. */

/** So many watches fill the time of this machine and of Pub/Sub, with a page or two of each in memory. */
const AT_ONCE = 8;
/** Maximum number of failures listed. */
const MOST_LISTED = 10;

export interface ReplayPlan {
  /** Id of the replay. */
  readonly replay: string;
  readonly topic: string;
  readonly watches: readonly string[];
  /** Where it is recorded, to be resumed; undefined if it cannot be. */
  readonly records: Records | undefined;
}

interface Failed {
  readonly id: string;
  readonly error: Failure;
}

/** Returns the failure of a replay that is not complete. */
function incomplete(
  { replay, watches, records }: ReplayPlan,
  what: string,
  failed: readonly Failed[],
): Failure {
  const [only] = failed;
  if (watches.length === 1 && only !== undefined) return only.error;
  const listed = failed.slice(0, MOST_LISTED).map(({ id, error }) => `  ${printable(id)}: ${error.line}`);
  const more = failed.length - listed.length;
  const next = records === undefined ? 'run it again' : `run calendar-mirror replay --resume ${replay}`;
  return new Failure(what, next, {
    details: [...listed, ...(more > 0 ? [`  and ${String(more)} more`] : [])],
  });
}

/**
 * Replays watches, and prints each one that is done as JSON, or all of them in a line.
 * @throws {Failure} if a watch cannot be replayed, after the others; {Error} at once if no watch can be
 */
export async function replayWatches(session: Session, plan: ReplayPlan): Promise<void> {
  const { replay, topic, watches, records } = plan;
  const publish = session.publisherTo(topic);
  const stop = new AbortController();
  void untilSignal().then(() => stop.abort(new Failure('interrupted', 'run it again')));
  const progress = createProgress({ watches: watches.length, now: session.now });
  const failed: Failed[] = [];
  let [done, items] = [0, 0];

  async function replayOne(id: string): Promise<void> {
    const source = await loadSource(session, id);
    if (source === undefined) return progress.log(`${id}: nothing is mirrored yet, passed over`);
    const { collection } = source;
    // Counted only where it is shown, as that takes Firestore about as long as reading a small collection.
    const isShown = watches.length === 1 || process.stderr.isTTY;
    const all = collection !== undefined && isShown ? await session.admin.countItems(collection) : 0;
    if (watches.length === 1) progress.log(`${id}: ${String(all)} items to ${topic}`);
    const { count, sequence } = await replayWatch(session, source, {
      publish,
      replay,
      signal: stop.signal,
      onPublished: (published) => progress.published(id, published, all),
    });
    done += 1;
    items += count;
    if (!session.json) return;
    progress.clear();
    session.printJson({ watch: id, replay, topic, items: count, sequence });
  }

  const limit = pLimit(AT_ONCE);
  const run = async (id: string): Promise<void> => {
    if (stop.signal.aborted) return;
    try {
      await replayOne(id);
      await records?.done(replay, id);
      progress.finished(id);
    } catch (error) {
      if (stop.signal.aborted) return;
      // A failure is about one watch. Any other error is about the connection, so the next watches would meet it too.
      if (error instanceof Failure) failed.push({ id, error });
      else stop.abort(error);
    }
  };
  await Promise.all(watches.map((id) => limit(run, id)));
  progress.clear();
  const left = `${String(done)} of ${watchCount(watches.length)} replayed`;
  if (stop.signal.aborted) {
    const reason: unknown = stop.signal.reason;
    if (watches.length === 1 && records === undefined) throw reason;
    throw incomplete(plan, `${left}, then ${errorText(reason)}`, failed);
  }
  if (failed.length > 0) throw incomplete(plan, left, failed);
  await records?.remove(replay);
  if (session.json) return;
  printResult(
    watches.length === 1
      ? `${String(items)} items published to ${topic}.`
      : `${watchCount(done)}, ${String(items)} items published to ${topic} in ${progress.seconds().toFixed(1)} s.`,
  );
}
