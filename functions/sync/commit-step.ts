import { changeMessage } from '../feed/change.ts';
import type { OutgoingMessage } from '../feed/envelope.ts';
import { watchMessage } from '../feed/watch-message.ts';
import { UnstorableWrite } from '../firestore/client.ts';
import { collectionPath, itemPath } from '../firestore/paths.ts';
import type { Step } from '../mirror/commit.ts';
import { entryEnd, type OutboxEntry } from '../mirror/outbox.ts';
import { errorText } from '../runtime/log.ts';
import { withMetric } from '../runtime/metrics.ts';
import { lazy } from '../runtime/promises.ts';
import type { SyncStatus } from '../watches/status.ts';
import { outboxEnd, type Watch } from '../watches/watch.ts';
import { batches, type CommitBatch } from './batches.ts';
import type { Difference } from './changes.ts';
import type { SyncContext } from './context.ts';
import { timeZoneOf, type FieldsOf } from './event-fields.ts';
import { shortId, withSkippedItems } from './read-page.ts';
import type { Run } from './run.ts';

/** Commits a step, publishes its changes in sequence order, and deletes them from the outbox afterwards. */

/** Entries per query; each may have most of a MiB. */
const PAGE_SIZE = 5;

async function publishAll(context: SyncContext, messages: readonly OutgoingMessage[]): Promise<void> {
  const publishes = messages.map((message) => context.publishChange(message));
  // A retry starts at the first message again, so wait for all publishes before reporting a failure.
  const failed = (await Promise.allSettled(publishes)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * Publishes an entry, its changes first, then deletes it. Returns the position of its end.
 * @throws when Pub/Sub rejects a message; the entry then stays.
 */
async function publishEntry(context: SyncContext, watchId: string, entry: OutboxEntry): Promise<string> {
  const { id, changes, about } = entry;
  await publishAll(
    context,
    changes.map((change) => changeMessage(change, itemPath(collectionPath(change), change.itemId))),
  );
  await publishAll(
    context,
    about.map(({ number, message }) => watchMessage(message, number)),
  );
  await context.mirror.deleteOutboxEntry(watchId, id);
  return entryEnd(entry);
}

/**
 * Publishes, in order, what an interrupted sync has left, and the messages about the watch that renew has written. `watch`, loaded
 * before, tells whether there can be any. A new or deleted watch does not, and its whole outbox is read.
 */
export async function drainOutbox(context: SyncContext, watchId: string, watch: Watch | undefined) {
  const known = watch?.sync.publishedTo;
  const end = watch === undefined ? '' : outboxEnd(watch);
  // What this process has published says nothing about a document that was created again.
  const own = known === undefined ? '' : (context.published.get(watchId) ?? '');
  let after = own > (known ?? '') && own <= end ? own : (known ?? '');
  if (known !== undefined && after >= end) return;
  for (;;) {
    const entries = await context.mirror.readOutbox(watchId, after, PAGE_SIZE);
    const oldest = entries.find(({ changes }) => changes.length > 0);
    if (oldest !== undefined) {
      const committedAt = Date.parse(oldest.changes[0]?.occurredAt ?? '');
      const ageSeconds = Math.max(0, Math.round((context.now() - committedAt) / 1000)) || 0;
      const metric = { metric: 'outbox', entries: entries.length, ageSeconds } as const;
      context.log.warning('outbox drained late', withMetric({ watch: watchId }, metric));
    }
    for (const entry of entries) after = await publishEntry(context, watchId, entry);
    if (entries.length < PAGE_SIZE) break;
  }
  context.published.set(watchId, after > end ? after : end);
}

/** Commits a step outside of a traversal, and publishes the message about the watch that it makes. */
export async function commitAlone(context: SyncContext, step: Step): Promise<void> {
  const { entry } = await context.mirror.commit(step);
  const { id } = step.watch;
  if (entry) context.published.set(id, await publishEntry(context, id, entry));
}

/** Publishes an entry of this run, and notes that it did. */
async function publishOwn(run: Run, entry: OutboxEntry): Promise<void> {
  const { context } = run;
  const last = await publishEntry(context, run.watch.id, entry);
  run.publishedTo = last;
  context.published.set(run.watch.id, last);
}

const EMPTY: CommitBatch = { changes: [], writes: [] };

/** The part of a commit that follows from the step as a whole: cursors, state, `nextDueAt`. */
type CommitOptions = Omit<Step, 'watch' | 'version' | 'collection' | 'writes' | 'changes'>;

/** Returns the cursors and state that the last batch of a step commits. */
export type Finish = (sync: SyncStatus) => CommitOptions;

/** The changes of a step to the mirror. */
interface StepInput {
  readonly differences: readonly Difference[];
  /** Returns the fields of an item to write; not needed for deletions. */
  readonly fieldsOf?: FieldsOf;
  /** See {@link Step.unseen}. */
  readonly unseen?: boolean;
  /** Whether the step completes a full sync, which is announced with the number of items. */
  readonly completesFull?: boolean;
}

/** Commits a batch and starts to publish what it announces. */
export async function commitBatch(
  run: Run,
  options: CommitOptions,
  { writes, changes }: CommitBatch = EMPTY,
): Promise<void> {
  const { context, watch, watchSpec } = run;
  const { collection } = watchSpec;
  const sync = { ...options.sync, publishedTo: run.publishedTo };
  const step = { ...options, sync, watch, version: run.version, collection, writes, changes };
  const { version, entry } = await context.mirror.commit(step);
  run.version = version;
  run.sync = sync;
  run.clock = options.clock === undefined ? run.clock : (options.clock ?? undefined);
  if (entry === undefined) return;
  // One entry at a time: if Pub/Sub rejects a change, later changes must not overtake it.
  await run.publishing;
  run.publishing = publishOwn(run, entry);
  // Errors surface where `publishing` is next awaited; this only prevents an unhandled rejection.
  run.publishing.catch(() => undefined);
}

const clockChanges = lazy(() => import('./clock-changes.ts'));

/** Returns the clock's status after a commit, null if there is a clock no more, and undefined if it stays as it is. */
async function nextClock(run: Run, differences: readonly Difference[], { traversal }: SyncStatus) {
  const { context, watchSpec, traversal: current } = run;
  const { clock, removed } = watchSpec;
  if (clock === undefined || removed !== undefined) return run.clock === undefined ? undefined : null;
  const now = context.now();
  const isComplete = traversal === undefined;
  if (run.clock === undefined) {
    const { key } = clock;
    return isComplete ? { key, until: now, nextAt: now, sequence: run.sync.sequence } : undefined;
  }
  // A full sync may have brought what no change shows, such as another time zone.
  const status =
    isComplete && current.kind === 'full'
      ? { ...run.clock, nextAt: Math.min(run.clock.nextAt, now) }
      : run.clock;
  // The code of agendas is loaded for changes only.
  if (differences.length === 0) return status;
  const setting = { clock, timeZone: timeZoneOf(run), now };
  return (await clockChanges()).afterChanges(setting, status, differences);
}

/** Records an item that Firestore rejects even in a commit of its own. */
function skipItem(run: Run, itemId: string, error: UnstorableWrite): void {
  const [item, reason] = [shortId(itemId), errorText(error)];
  run.context.log.warning('item skipped', { watch: run.watch.id, item, reason });
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
  run: Run,
  { differences, fieldsOf = () => ({}), unseen, completesFull = false }: StepInput,
  finish: Finish,
): Promise<void> {
  const { context, watch, watchSpec } = run;
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
    // All items are written before they are counted.
    const isLast = length === rest.length && (length === 0 || !completesFull);
    const counted = isLast && completesFull;
    const items = counted ? await context.mirror.countItems(watchSpec.collection) : undefined;
    const sync = { ...run.sync, sequence: batch.changes.at(-1)?.sequence ?? run.sync.sequence };
    // From its first change on, the watch must show that a traversal is under way.
    const cursors = isLast ? finish(sync) : { sync: { ...sync, traversal: run.traversal } };
    const clock = await nextClock(run, rest.slice(0, length), cursors.sync);
    try {
      await commitBatch(run, { ...cursors, unseen, items, clock }, batch);
      if (isLast) return;
      rest = rest.slice(length);
      maxItems *= 2;
    } catch (error) {
      const [first] = rest;
      if (!(error instanceof UnstorableWrite) || first === undefined) throw error;
      if (length === 1) {
        skipItem(run, first.itemId, error);
        rest = rest.slice(1);
      }
      maxItems = Math.ceil(length / 2);
    }
  }
}
