import { FieldValue, Timestamp } from '@google-cloud/firestore';

import { AlreadyExists, Conflict } from '../../../functions/firestore/client.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';
import {
  movesCheck,
  newsOf,
  nextDueOf,
  type CommitResult,
  type Step,
} from '../../../functions/mirror/commit.ts';
import { outboxEntry } from '../../../functions/mirror/outbox.ts';
import { begunEpoch } from '../../../functions/watches/epochs.ts';
import type { SyncStatus } from '../../../functions/watches/status.ts';
import type { Ask, Documents, Stored, WatchDocument } from './documents.ts';
import type { Sabotage } from './scenario.ts';
import type { Subject } from './subject.ts';

/** Commits of the in-memory mirror: what `functions/mirror/commit.ts` does in one batch. */

/** Called with each step that was committed, and the sync status that it replaced. */
export type Committed = (subject: Subject, step: Step, before: SyncStatus) => void;

interface Options {
  readonly sabotage?: Sabotage | undefined;
  readonly committed?: Committed;
}

const SERVER_TIME = FieldValue.serverTimestamp();
const isServerTime = (value: unknown): boolean => value instanceof FieldValue && SERVER_TIME.isEqual(value);

/** Returns the document as it is stored, with server timestamps filled in. */
function stored(document: Stored, now: number): Stored {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]: [string, unknown]) => [
      name,
      isServerTime(value) ? Timestamp.fromMillis(now) : value,
    ]),
  );
}

/** @throws {Conflict} where Firestore would reject one of the batch's writes. */
function checkItems(items: ReadonlyMap<string, Stored> | undefined, { writes = [], unseen }: Step): void {
  for (const { itemId, document, partial = false } of writes) {
    const exists = items?.has(itemId) === true;
    if (partial && !exists) throw new Conflict('the item does not exist');
    if (unseen === true && !partial && document !== null && exists) {
      throw new AlreadyExists('the item exists');
    }
  }
}

export function createCommit(
  documents: Documents,
  ask: Ask,
  { sabotage, committed }: Options,
): Pick<Mirror, 'commit'> {
  function writeItems(collection: string, { writes = [] }: Step): void {
    const items = documents.itemsOf(collection);
    for (const { itemId, document, partial = false } of writes) {
      const fields = document && stored(document, documents.now());
      documents.writeItem(
        collection,
        itemId,
        fields && partial ? { ...items.get(itemId), ...fields } : fields,
      );
    }
  }

  function apply(document: WatchDocument, step: Step): CommitResult {
    const { sync: before } = document;
    const { version, sync, transition, collection, changes = [], seen, clock } = step;
    const { messages, latestMessage } = newsOf(step);
    const entry = outboxEntry(changes, messages);
    const below = documents.below(step.watch.id);
    const forgets = sabotage === 'forgetMoments' && changes.length > 0 && before.completedAt !== undefined;
    if (sabotage !== 'ignoreVersion') {
      if (!document.updateTime.isEqual(version.updateTime)) throw new Conflict('another write came first');
      if (entry && below.outbox.has(entry.id)) throw new AlreadyExists('the outbox entry exists');
    }
    const items = collection === undefined ? undefined : documents.itemsOf(collection);
    checkItems(items, step);
    const nextDueAt = nextDueOf(forgets ? { ...step, clock: undefined } : step) ?? version.nextDueAt;
    documents.write(document, {
      sync,
      ...(transition ? { state: transition.state, reason: transition.reason } : {}),
      ...(transition?.state === 'removed' ? { collection: undefined } : {}),
      ...(nextDueAt === version.nextDueAt ? {} : { nextDueAt }),
      ...(latestMessage === undefined ? {} : { latestMessage }),
      ...(clock === undefined || forgets ? {} : { clock: clock ?? undefined }),
      ...(movesCheck(step) ? { checkAt: step.dueAt } : {}),
    });
    if (collection !== undefined) writeItems(collection, step);
    if (sync.fullStartedAt !== undefined && sync.fullStartedAt !== before.fullStartedAt) {
      documents.owe(step.watch.id, `${String(items?.size)} items`);
    }
    if (entry) below.outbox.set(entry.id, entry);
    const begun = begunEpoch(changes);
    if (begun !== undefined) documents.epochs.set(step.watch.id, begun);
    if (seen) below.seen.set(`${seen.traversal}-${String(seen.page)}`, seen);
    return { version: { updateTime: document.updateTime, nextDueAt }, entry };
  }

  return {
    commit: (step) =>
      ask.commit(step.watch.id, (subject) => {
        const document = documents.watches.get(step.watch.id);
        if (document === undefined) throw new Conflict('the watch does not exist');
        const { sync: before } = document;
        const result = apply(document, step);
        committed?.(subject, step, before);
        return result;
      }),
  };
}
