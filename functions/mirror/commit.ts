import {
  FieldValue,
  type DocumentData,
  type Firestore,
  type Timestamp,
  type UpdateData,
  type WriteBatch,
} from '@google-cloud/firestore';

import type { Change } from '../feed/change.ts';
import { claimDocument } from './claims.ts';
import { built, conditional } from './database.ts';
import { itemPath } from './ids.ts';
import { outboxEntry } from './outbox.ts';
import { seenPage } from './seen.ts';
import { timestamp, writeSync, type State, type SyncStatus, type Version } from './watch.ts';

/** What is to stand in an item's document; `null` deletes it. */
export interface ItemWrite {
  readonly itemId: string;
  readonly document: DocumentData | null;
}

/** One step of a sync: everything in it happens, or nothing does. */
export interface Step {
  readonly watchId: string;
  /** The watch as loaded, or as the last step left it. */
  readonly version: Version;
  readonly sync: SyncStatus;
  readonly collection?: string;
  readonly writes?: readonly ItemWrite[];
  /** Nobody has looked what is mirrored of the items, as nothing should be: what is there all the same is not overwritten. */
  readonly unseen?: boolean | undefined;
  /** The numbered changes to announce. */
  readonly changes?: readonly Change[];
  readonly seen?: { readonly traversal: string; readonly page: number; readonly ids: readonly string[] };
  /** A new state, with its reason; `'removed'` also gives the collection up. */
  readonly transition?:
    | { readonly state: State; readonly reason?: string; readonly detail?: string }
    | undefined;
  /** Unix ms. Moves `nextDueAt` there if that is earlier than what it is. */
  readonly dueAt?: number | undefined;
}

export interface Committed {
  readonly version: Version;
  /** The outbox entry that the step left, if it announced anything. */
  readonly outboxId: string | undefined;
}

/**
 * What a step makes of `nextDueAt`; undefined where it leaves it alone. A look that renew is at already is not moved: what
 * was asked for meanwhile is kept by its settlement (see `watches.ts`).
 */
export function nextDueOf({ dueAt, version }: Pick<Step, 'dueAt' | 'version'>): Timestamp | undefined {
  const earlier = dueAt !== undefined && dueAt < (version.nextDueAt?.toMillis() ?? Number.POSITIVE_INFINITY);
  return earlier ? timestamp(dueAt) : undefined;
}

function updateOf(step: Step): UpdateData<DocumentData> {
  const { transition } = step;
  const nextDueAt = nextDueOf(step);
  return {
    'status.sync': writeSync(step.sync),
    ...(transition && {
      'status.state': transition.state,
      'status.reason': transition.reason ?? FieldValue.delete(),
      'status.detail': transition.detail ?? FieldValue.delete(),
    }),
    ...(transition?.state === 'removed' ? { 'status.collection': FieldValue.delete() } : {}),
    ...(nextDueAt === undefined ? {} : { nextDueAt }),
  };
}

export function createCommit(firestore: Firestore) {
  const writeItems = (batch: WriteBatch, step: Step): void => {
    const { collection, writes = [], unseen = false } = step;
    if (collection === undefined) return;
    for (const { itemId, document } of writes) {
      const target = firestore.doc(itemPath(collection, itemId));
      if (document === null) batch.delete(target);
      else if (unseen) batch.create(target, document);
      else batch.set(target, document);
    }
    if (step.transition?.state === 'removed') batch.delete(claimDocument(firestore, collection));
  };

  const batchOf = (step: Step, entry: ReturnType<typeof outboxEntry> | undefined): WriteBatch => {
    const watch = firestore.doc(`watches/${step.watchId}`);
    const batch = firestore.batch();
    batch.update(watch, updateOf(step), { lastUpdateTime: step.version.updateTime });
    writeItems(batch, step);
    if (entry) batch.create(watch.collection('outbox').doc(entry.id), entry.document);
    const { seen } = step;
    if (seen) {
      const page = seenPage(seen.traversal, seen.page, seen.ids);
      batch.set(watch.collection('seen').doc(page.id), page.document);
    }
    return batch;
  };

  return {
    /**
     * Commits a step on the condition that the watch is still what it was (optimistic concurrency).
     * @throws {Conflict} when it is not, {@link AlreadyThere} when there is a document of what is `unseen`, and {@link Refused} when
     * something in the step is what no document can hold; then nothing of the step has happened.
     */
    commit: async (step: Step): Promise<Committed> => {
      const { changes = [] } = step;
      const entry = changes.length > 0 ? outboxEntry(changes) : undefined;
      const batch = built(() => batchOf(step, entry));
      const [written] = await conditional(batch.commit());
      const nextDueAt = nextDueOf(step) ?? step.version.nextDueAt;
      return {
        version: { updateTime: written?.writeTime ?? step.version.updateTime, nextDueAt },
        outboxId: entry?.id,
      };
    },
  };
}
