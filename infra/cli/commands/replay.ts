import * as z from 'zod';

import { changeMessage, type Change } from '../../../functions/feed/change.ts';
import type { Publish } from '../../../functions/feed/envelope.ts';
import { replayEndedMessage } from '../../../functions/feed/replay-message.ts';
import { baseOf } from '../../../functions/watches/epochs.ts';
import { itemPath } from '../../../functions/firestore/paths.ts';
import type { StoredItem } from '../replay/scan.ts';
import type { WatchSpec } from '../../../functions/watches/spec.ts';
import { Failure } from '../failure.ts';
import { watchId } from '../options.ts';
import { readAhead } from '../replay/read-ahead.ts';
import { checkTopic, topicName } from '../replay/topic.ts';
import type { Open, Session } from '../session.ts';
import { printResult, logProgress } from '../../terminal/output.ts';
import { mustFind } from '../wait.ts';
import type { CommandSpec } from '../declare.ts';

/** `calendar-mirror replay`: publishes every mirrored item as a `snapshot` change, for a new consumer. */
export const replayCommand: CommandSpec = {
  name: 'replay <watch>',
  about: 'Publish every mirrored item of a watch as a snapshot change, for a new consumer.',
  examples: [
    'replay ada-events-ada-1f2e3d4c5b6a7988 --topic new-consumer',
    'replay ada-events-ada-1f2e3d4c5b6a7988 --topic new-consumer --json',
  ],
  declare: (command) =>
    command
      .requiredOption(
        '--topic <topic>',
        'topic to publish to, with its full name (projects/…/topics/…) if in another project; all its subscriptions receive the changes',
      )
      .option('--force', 'allow the topic of the live changes, which every consumer receives'),
  run,
};

const Options = z.object({ topic: z.string(), force: z.boolean().default(false) });

/** One page is read while the one before it is published. */
const PAGE = { items: 1_000, bytes: 4_000_000 };
/** At most one progress line per interval. */
const PROGRESS_MS = 2_000;

interface Source {
  readonly id: string;
  readonly watchSpec: WatchSpec;
  /** The watch's last sequence. */
  readonly known: number;
  /** The last sequence before the watch's epoch. */
  readonly base: number;
}

/** Loads a watch to replay. @throws {Failure} if nothing is mirrored for it, or its spec is invalid */
async function sourceOf(session: Session, id: string): Promise<Source> {
  const { watch } = await mustFind(session, id);
  if (!watch.spec.ok) throw new Failure(`${id} has an invalid spec (${watch.spec.problem})`, 'fix its spec');
  const { value: watchSpec } = watch.spec;
  if (watch.collection === undefined) {
    throw new Failure(`nothing is mirrored for ${id} yet`, `run calendar-mirror status ${id}`);
  }
  if (watch.collection !== watchSpec.collection) {
    throw new Failure(
      `the spec of ${id} does not match the collection that it mirrors, ${watch.collection}`,
      'fix its spec',
    );
  }
  return { id, watchSpec, known: watch.sync.sequence, base: baseOf(watch.epoch) };
}

/** Returns an item's last change as a consumer sees it that has seen none before. */
function snapshotOf({ id, watchSpec }: Source, present: StoredItem): Change {
  const { itemId, item, omitted, sequence, mirroredAt } = present;
  return {
    watchId: id,
    ...watchSpec.target,
    itemId,
    change: 'snapshot',
    sequence,
    before: null,
    after: item,
    occurredAt: new Date(mirroredAt).toISOString(),
    ...(omitted.length > 0 ? { omitted: [...omitted] } : {}),
  };
}

/**
 * Returns a check of each page. A sequence above the watch's own is from an earlier watch: a consumer that has it would drop the
 * next changes of this one. The watch is loaded again when a page has a sequence above the last known one.
 */
function sequenceCheck(
  session: Session,
  { id, known, base }: Source,
): (page: readonly StoredItem[]) => Promise<void> {
  let sequence = known;
  return async (page) => {
    const earlier = page.find((present) => present.sequence <= base);
    if (earlier !== undefined) {
      throw new Failure(
        `${earlier.itemId} has sequence ${String(earlier.sequence)}, from before the current epoch of ${id}`,
        `run calendar-mirror status ${id}, and replay once its first sync is complete`,
      );
    }
    if (page.every((present) => present.sequence <= sequence)) return;
    // Loaded after the page: the commit that wrote an item also wrote its sequence to the watch.
    ({ sequence } = (await mustFind(session, id)).watch.sync);
    const foreign = page.find((present) => present.sequence > sequence);
    if (foreign === undefined) return;
    throw new Failure(
      `${foreign.itemId} has sequence ${String(foreign.sequence)} of an earlier watch, and the last one of ${id} is ${String(sequence)}`,
      `run calendar-mirror unwatch ${id} --purge, then calendar-mirror watch`,
    );
  };
}

async function publishPage(
  publish: Publish,
  source: Source,
  items: readonly StoredItem[],
  replay: string,
): Promise<void> {
  const { fitChange } = await import('../../../functions/sync/batches.ts');
  const published = items.map((present) => {
    const change = fitChange(snapshotOf(source, present));
    return publish(changeMessage(change, itemPath(source.watchSpec.collection, present.itemId), replay));
  });
  // All have to settle before an error is thrown, as that closes the connections.
  const failed = (await Promise.allSettled(published)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function run(open: Open, [given]: readonly string[], options: unknown): Promise<void> {
  const id = watchId(given);
  const { topic: named, force } = Options.parse(options);
  const topic = topicName(named);
  const session = await open();
  const source = await sourceOf(session, id);
  await checkTopic(session, topic, force);
  const publish = session.publisherTo(topic);
  const { collection, target } = source.watchSpec;
  const replay = session.newId();
  const all = await session.admin.countItems(collection);
  logProgress(`${id}: ${String(all)} items to ${topic}`);
  let count = 0;
  let loggedAt = session.now();
  const check = sequenceCheck(session, source);
  for await (const items of readAhead(session.mirror.presentItems(collection, PAGE))) {
    await check(items);
    await publishPage(publish, source, items, replay);
    count += items.length;
    const now = session.now();
    if (now - loggedAt < PROGRESS_MS) continue;
    logProgress(`${id}: ${String(count)} of ${String(all)}`);
    loggedAt = now;
  }
  // The number from before the scan: what changed since is announced live, and need not be in the replay.
  const ended = { watchId: id, replay, count, sequence: source.known };
  await publish(replayEndedMessage(ended, target, new Date(session.now()).toISOString()));
  if (session.json) session.printJson({ watch: id, replay, topic, items: count, sequence: source.known });
  else printResult(`${String(count)} items published to ${topic}.`);
}
