import {
  FieldValue,
  type DocumentData,
  type Firestore,
  type Timestamp,
  type UpdateData,
  type WriteBatch,
} from '@google-cloud/firestore';

import type { Change } from '../feed/change.ts';
import { buildWrite, commitConditionally } from '../firestore/client.ts';
import { itemPath } from '../firestore/paths.ts';
import { timestamp } from '../firestore/timestamps.ts';
import { announce, entryDocument } from '../watches/announce.ts';
import { clockAt, writeClock, type ClockStatus } from '../watches/clock-status.ts';
import { begunEpoch, epochPath } from '../watches/epochs.ts';
import type { StateChange } from '../watches/states.ts';
import type { SyncStatus } from '../watches/status.ts';
import { stateFields, writeSync, type Version, type Watch } from '../watches/watch.ts';
import { outboxEntry, type OutboxEntry } from './outbox.ts';
import { seenPage } from './seen.ts';

/** A write to an item's document; `null` deletes it. */
export interface ItemWrite {
  readonly itemId: string;
  readonly document: DocumentData | null;
  /** Updates only these fields of an existing document. */
  readonly partial?: boolean;
}

/** One atomic step of a sync. */
export interface Step {
  /** The watch as loaded. */
  readonly watch: Watch;
  /** The version as loaded, or as the previous step left it: the precondition. */
  readonly version: Version;
  readonly sync: SyncStatus;
  readonly collection?: string;
  readonly writes?: readonly ItemWrite[];
  /** Items were not read because the collection was empty; write with `create`, so that an unexpected document fails the commit. */
  readonly unseen?: boolean | undefined;
  /** The numbered changes to publish. */
  readonly changes?: readonly Change[];
  readonly seen?: { readonly traversal: string; readonly page: number; readonly ids: readonly string[] };
  /** A new state with its reason; `removed` also releases the collection. */
  readonly transition?: StateChange | undefined;
  /** How many items are mirrored; only of the last step of a full sync, which is announced with it. */
  readonly items?: number | undefined;
  /** Unix ms. Moves renew's next check of the watch here if that is earlier. */
  readonly dueAt?: number | undefined;
  /** The clock's new status, null if the watch has no clock any more. Moves `nextDueAt` to the next moment if that is earlier. */
  readonly clock?: ClockStatus | null | undefined;
}

export interface CommitResult {
  readonly version: Version;
  /** The outbox entry that the step wrote, if it had changes or a message about the watch. */
  readonly entry: OutboxEntry | undefined;
}

/**
 * Returns the `nextDueAt` that a step writes, undefined if it leaves it alone. A watch that is already due is not moved; renew
 * honours what sync requests meanwhile (see `requestedCheckAt` in `watches.ts`). Nor is one whose clock is due already: the clock runs
 * before the notification is acknowledged, and then moves `nextDueAt` to its next moment.
 */
export function nextDueOf({
  dueAt = Number.POSITIVE_INFINITY,
  clock,
  version,
  watch,
}: Pick<Step, 'dueAt' | 'clock' | 'version'> & { readonly watch: Pick<Watch, 'readTime'> }):
  | Timestamp
  | undefined {
  const nextClockAt = clock ? clockAt(clock) : 0;
  const at = Math.min(dueAt, nextClockAt > watch.readTime ? nextClockAt : Number.POSITIVE_INFINITY);
  return at < (version.nextDueAt?.toMillis() ?? Number.POSITIVE_INFINITY) ? timestamp(at) : undefined;
}

/** Returns whether a step makes renew's next check due earlier, of a watch that its clock may make due before. */
export const movesCheck = ({ dueAt, watch: { checkAt } }: Step): boolean =>
  dueAt !== undefined && checkAt !== undefined && dueAt < checkAt;

/** Returns the messages about the watch that a step announces, and their position in the outbox. */
export function newsOf({ watch, version, sync, transition: to, items }: Step): ReturnType<typeof announce> {
  const at = items === undefined ? watch.readTime : (sync.completedAt ?? watch.readTime);
  return announce(watch, { version, to, items, sequence: sync.sequence, at });
}

function updateOf(step: Step, latestMessage: string | undefined): UpdateData<DocumentData> {
  const { transition } = step;
  const nextDueAt = nextDueOf(step);
  return {
    'status.sync': writeSync(step.sync),
    ...(transition && stateFields(transition)),
    ...(transition?.state === 'removed' ? { 'status.collection': FieldValue.delete() } : {}),
    ...(nextDueAt === undefined ? {} : { nextDueAt }),
    ...(step.clock === undefined
      ? {}
      : { 'status.clock': step.clock === null ? FieldValue.delete() : writeClock(step.clock) }),
    ...(movesCheck(step) ? { 'status.checkAt': timestamp(step.dueAt) } : {}),
    ...(latestMessage === undefined ? {} : { 'status.latestMessage': latestMessage }),
  };
}

export function createCommit(firestore: Firestore) {
  const writeItems = (batch: WriteBatch, step: Step): void => {
    const { collection, writes = [], unseen = false } = step;
    if (collection === undefined) return;
    for (const { itemId, document, partial = false } of writes) {
      const target = firestore.doc(itemPath(collection, itemId));
      if (document === null) batch.delete(target);
      else if (partial) batch.update(target, document);
      else if (unseen) batch.create(target, document);
      else batch.set(target, document);
    }
  };

  const batchOf = (step: Step, entry: OutboxEntry | undefined, latestMessage: string | undefined) => {
    const watch = firestore.doc(`watches/${step.watch.id}`);
    const batch = firestore.batch();
    batch.update(watch, updateOf(step, latestMessage), { lastUpdateTime: step.version.updateTime });
    writeItems(batch, step);
    const begun = begunEpoch(step.changes);
    if (begun !== undefined) batch.set(firestore.doc(epochPath(step.watch.id)), { epoch: begun });
    if (entry) batch.create(watch.collection('outbox').doc(entry.id), entryDocument(entry));
    const { seen } = step;
    if (seen) {
      const page = seenPage(seen.traversal, seen.page, seen.ids);
      batch.set(watch.collection('seen').doc(page.id), page.document);
    }
    return batch;
  };

  return {
    /**
     * Commits a step if the watch has not changed since it was loaded (optimistic concurrency). Nothing is written otherwise.
     * @throws {Conflict} if the watch has changed
     * @throws {AlreadyExists} if an `unseen` item has a document
     * @throws {UnstorableWrite} if Firestore can never store something in the step
     */
    commit: async (step: Step): Promise<CommitResult> => {
      const { messages, latestMessage } = newsOf(step);
      const entry = outboxEntry(step.changes ?? [], messages);
      const batch = buildWrite(() => batchOf(step, entry, latestMessage));
      const [written] = await commitConditionally(batch.commit());
      const nextDueAt = nextDueOf(step) ?? step.version.nextDueAt;
      return {
        version: { updateTime: written?.writeTime ?? step.version.updateTime, nextDueAt },
        entry,
      };
    },
  };
}
