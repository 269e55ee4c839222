import { changeMessage, type Change } from '../feed/change.ts';
import { UnstorableWrite } from '../firestore/client.ts';
import { collectionPath, itemPath } from '../firestore/paths.ts';
import type { Step } from '../mirror/commit.ts';
import type { OutboxEntry } from '../mirror/outbox.ts';
import { errorText } from '../runtime/log.ts';
import { withMetric } from '../runtime/metrics.ts';
import type { SyncStatus } from '../watches/status.ts';
import { batches, type CommitBatch } from './batches.ts';
import type { Difference } from './changes.ts';
import type { SyncContext } from './context.ts';
import type { FieldsOf } from './event-fields.ts';
import { shortId, withSkippedItems } from './read-page.ts';
import type { Run } from './run.ts';

/** Commits a step, publishes its changes in sequence order, and deletes them from the outbox afterwards. */

/** Entries per query; each may have most of a MiB. */
const PAGE_SIZE = 5;

async function publishAll(context: SyncContext, changes: readonly Change[]): Promise<void> {
  const publishes = changes.map((change) =>
    context.publishChange(changeMessage(change, itemPath(collectionPath(change), change.itemId))),
  );
  // A retry starts at the first change again, so wait for all publishes before reporting a failure.
  const failed = (await Promise.allSettled(publishes)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * Publishes an entry, then deletes it. Returns the number of its last change.
 * @throws when Pub/Sub rejects a change; the entry then stays.
 */
async function publishEntry(context: SyncContext, watchId: string, entry: OutboxEntry): Promise<number> {
  await publishAll(context, entry.changes);
  await context.mirror.deleteOutboxEntry(watchId, entry.id);
  return entry.changes.at(-1)?.sequence ?? 0;
}

/**
 * Publishes the entries that an interrupted sync has left, in sequence order. `sync` is the status of the watch, loaded before; it
 * tells whether there can be any. Without it, as for a new or deleted watch, the whole outbox is read.
 */
export async function drainOutbox(
  context: SyncContext,
  watchId: string,
  sync: Pick<SyncStatus, 'sequence' | 'publishedThrough'> = { sequence: 0 },
): Promise<void> {
  const { publishedThrough, sequence } = sync;
  // What this process has published says nothing about a document that was created again.
  const isKnown = publishedThrough !== undefined;
  let after = isKnown ? Math.max(publishedThrough, context.published.get(watchId) ?? 0) : 0;
  if (isKnown && after >= sequence) return;
  for (;;) {
    const entries = await context.mirror.readOutbox(watchId, after, PAGE_SIZE);
    const [oldest] = entries;
    if (oldest !== undefined) {
      const committedAt = Date.parse(oldest.changes[0]?.occurredAt ?? '');
      const ageSeconds = Math.max(0, Math.round((context.now() - committedAt) / 1000)) || 0;
      const metric = { metric: 'outbox', entries: entries.length, ageSeconds } as const;
      context.log.warning('outbox drained late', withMetric({ watch: watchId }, metric));
    }
    for (const entry of entries) after = await publishEntry(context, watchId, entry);
    if (entries.length < PAGE_SIZE) break;
  }
  context.published.set(watchId, Math.max(after, sequence));
}

/** Publishes an entry of this run, and notes that it did. */
async function publishOwn(context: SyncContext, run: Run, entry: OutboxEntry): Promise<void> {
  const last = await publishEntry(context, run.watch.id, entry);
  run.publishedThrough = last;
  context.published.set(run.watch.id, last);
}

const EMPTY: CommitBatch = { changes: [], writes: [] };

/** The part of a commit that follows from the step as a whole: cursors, state, `nextDueAt`. */
type CommitOptions = Omit<Step, 'watchId' | 'version' | 'collection' | 'writes' | 'changes'>;

/** Returns the cursors and state that the last batch of a step commits. */
export type Finish = (sync: SyncStatus) => CommitOptions;

/** The changes of a step to the mirror. */
interface StepInput {
  readonly differences: readonly Difference[];
  /** Returns the fields of an item to write; not needed for deletions. */
  readonly fieldsOf?: FieldsOf;
  /** See {@link Step.unseen}. */
  readonly unseen?: boolean;
}

/** Commits a batch and starts to publish its changes. */
async function commitBatch(
  context: SyncContext,
  run: Run,
  { writes, changes }: CommitBatch,
  options: CommitOptions,
): Promise<void> {
  const { watch, watchSpec } = run;
  const { collection } = watchSpec;
  const sync = { ...options.sync, publishedThrough: run.publishedThrough };
  const step = { ...options, sync, watchId: watch.id, version: run.version, collection, writes, changes };
  const { version, outboxId } = await context.mirror.commit(step);
  run.version = version;
  run.sync = sync;
  if (outboxId === undefined) return;
  // One entry at a time: if Pub/Sub rejects a change, later changes must not overtake it.
  await run.publishing;
  run.publishing = publishOwn(context, run, { id: outboxId, changes });
  // Errors surface where `publishing` is next awaited; this only prevents an unhandled rejection.
  run.publishing.catch(() => undefined);
}

/** Records an item that Firestore rejects even in a commit of its own. */
function skipItem(context: SyncContext, run: Run, itemId: string, error: UnstorableWrite): void {
  const [item, reason] = [shortId(itemId), errorText(error)];
  context.log.warning('item skipped', { watch: run.watch.id, item, reason });
  run.sync = withSkippedItems(run.sync, new Map([[item, reason]]));
}

/**
 * Commits a step in as many batches as its differences need, and publishes each batch while the next is committed:
 * at most two are in the outbox at a time. `finish` returns the cursors and state for the last batch; they move with
 * no other. After a crash the same page is listed again, and the batches before it are found unchanged. A batch that
 * Firestore rejects is halved until the rejected item stands alone, and that item is skipped.
 * @throws {Conflict} when the watch has changed since it was loaded
 * @throws {AlreadyExists} when the items are `unseen`, but one of them is mirrored
 */
export async function commitStep(
  context: SyncContext,
  run: Run,
  { differences, fieldsOf = () => ({}), unseen }: StepInput,
  finish: Finish,
): Promise<void> {
  const { watch, watchSpec } = run;
  const numbering = {
    watchId: watch.id,
    target: watchSpec.target,
    occurredAt: new Date(context.now()).toISOString(),
    fieldsOf,
  };
  let rest = differences;
  let maxItems = Number.POSITIVE_INFINITY;
  run.steps += 1;
  for (;;) {
    const options = { ...numbering, sequence: run.sync.sequence };
    const [batch = EMPTY] = batches(rest.slice(0, maxItems), options);
    const { length } = batch.writes;
    const isLast = length === rest.length;
    const sync = { ...run.sync, sequence: batch.changes.at(-1)?.sequence ?? run.sync.sequence };
    // From its first change on, the watch must show that a traversal is under way.
    const cursors = isLast ? finish(sync) : { sync: { ...sync, traversal: run.traversal } };
    try {
      await commitBatch(context, run, batch, { ...cursors, unseen });
      if (isLast) return;
      rest = rest.slice(length);
      maxItems *= 2;
    } catch (error) {
      const [first] = rest;
      if (!(error instanceof UnstorableWrite) || first === undefined) throw error;
      if (length === 1) {
        skipItem(context, run, first.itemId, error);
        rest = rest.slice(1);
      }
      maxItems = Math.ceil(length / 2);
    }
  }
}
