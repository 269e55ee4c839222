import { changeMessage, type Change } from '../../../functions/feed/change.ts';
import type { Publish } from '../../../functions/feed/envelope.ts';
import type { ReplayEnded } from '../../../functions/feed/replay-message.ts';
import { itemPath } from '../../../functions/firestore/paths.ts';
import type { Session } from '../session.ts';
import { replayEndedMessage } from './ended.ts';
import { readAhead } from './read-ahead.ts';
import type { StoredItem } from './scan.ts';
import { sequenceCheck, type Source } from './source.ts';

/** One page is read while the one before it is published. Several watches share the memory. */
const PAGE = { items: 1_000, bytes: 2_000_000 };

/** Returns an item's last change as a consumer sees it that has seen none before. */
function snapshotOf({ id, target }: Source, present: StoredItem): Change {
  const { itemId, item, omitted, sequence, mirroredAt } = present;
  return {
    watchId: id,
    ...target,
    itemId,
    change: 'snapshot',
    kinds: [],
    sequence,
    before: null,
    after: item,
    occurredAt: new Date(mirroredAt).toISOString(),
    ...(omitted.length > 0 ? { omitted: [...omitted] } : {}),
  };
}

interface PublishOptions {
  readonly publish: Publish;
  /** Id of the replay. */
  readonly replay: string;
  /** Ends the replay between two pages. */
  readonly signal: AbortSignal;
  /** Called with the number of items of each page that was published. */
  readonly onPublished: (items: number) => void;
}

/**
 * Publishes every mirrored item of a watch once, and then the message that ends its replay.
 * @throws {Failure} if items have sequences that are not the watch's, {PublishError}, the reason of `signal`
 */
export async function replayWatch(
  session: Session,
  source: Source,
  { publish, replay, signal, onPublished }: PublishOptions,
): Promise<ReplayEnded> {
  const { fitChange } = await import('../../../functions/sync/batches.ts');
  const { id, collection, target } = source;
  const check = sequenceCheck(session, source);
  let count = 0;
  const publishAll = async (path: string, items: readonly StoredItem[]): Promise<void> => {
    const published = items.map((present) =>
      publish(changeMessage(fitChange(snapshotOf(source, present)), itemPath(path, present.itemId), replay)),
    );
    // All have to settle before an error is thrown, as that closes the connections.
    const failed = (await Promise.allSettled(published)).find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  };
  if (collection !== undefined) {
    for await (const items of readAhead(session.mirror.presentItems(collection, PAGE))) {
      signal.throwIfAborted();
      await check(items);
      await publishAll(collection, items);
      count += items.length;
      onPublished(items.length);
    }
  }
  signal.throwIfAborted();
  // The number from before the scan: what changed since is announced live, and need not be in the replay.
  const ended = { watchId: id, replay, count, sequence: source.known };
  await publish(replayEndedMessage(ended, target, new Date(session.now()).toISOString()));
  return ended;
}
