import {
  type DocumentReference,
  type DocumentSnapshot,
  type Firestore,
  type Transaction,
} from '@google-cloud/firestore';

import { claimPath } from '../firestore/paths.ts';
import type { Log } from '../runtime/log.ts';
import { outOfService, withMetric } from '../runtime/metrics.ts';
import { enterState } from './announce.ts';
import { epochOf, epochPath, recordedEpoch } from './epochs.ts';
import { parseSpec, type WatchSpec } from './spec.ts';
import type { StateChange } from './states.ts';
import { readWatch, type Watch } from './watch.ts';

/**
 * `claims/{hash of the collection's path}`: which watch mirrors a collection, or mirrored it last, and in which epoch. Two watches
 * on one collection would overwrite each other's documents and announce each other's changes.
 */

export const claimDocument = (firestore: Firestore, collection: string): DocumentReference =>
  firestore.doc(claimPath(collection));

type ClaimResult =
  | 'claimed'
  /** Another watch mirrors the collection. This one is now `paused`, or `removed` if its removal was requested. */
  | 'taken'
  /** The watch's identity was edited after it had claimed another collection. It is now `paused`. */
  | 'specChanged'
  /** The watch was to be removed before it mirrored anything. It is now `removed`. */
  | 'nothingToRemove'
  /** The watch document was deleted. */
  | 'missing';

/** Whether a watch still mirrors a collection. An unreadable document may still hold its claim. */
const holds = (watch: DocumentSnapshot, collection: string): boolean =>
  watch.exists && watch.get('status.collection') === collection;

/** Returns the document of the watch that mirrors a collection, which is the one of its `claim`; undefined if there is none. */
export async function holderOf(
  transaction: Transaction,
  claim: DocumentSnapshot | undefined,
  collection: string,
): Promise<DocumentSnapshot | undefined> {
  const id: unknown = claim?.get('watch');
  if (claim === undefined || typeof id !== 'string') return undefined;
  const holder = await transaction.get(claim.ref.firestore.doc(`watches/${id}`));
  return holds(holder, collection) ? holder : undefined;
}

/** What is known about the sequence numbers on a collection's items. */
export interface Numbering {
  /** The epoch of the latest claim; undefined without one, or if it predates epochs. */
  readonly claimed: number | undefined;
  /** The watch with the latest claim; undefined without one. */
  readonly holder: string | undefined;
  /** The latest epoch that the holder has used. */
  readonly used: number | undefined;
  /** The highest number in a sample of the items; read only if `claimed` is undefined. */
  readonly highest: number;
}

/**
 * Returns the epoch in which a watch may number a collection's changes: its own, or one above every number on the items if another
 * watch wrote them, or if the watch's own document was overwritten. Pure.
 */
export function epochFor(
  watch: { readonly id: string; readonly epoch: number; readonly sequence: number },
  { claimed, holder, used, highest }: Numbering,
): number {
  const own = watch.epoch;
  if (holder !== undefined && holder !== watch.id) {
    const others = Math.max(claimed ?? 0, used ?? 0, epochOf(highest));
    // A holder that never numbered a change leaves its epoch unused.
    const next = claimed !== undefined && used === undefined ? others : others + 1;
    return Math.max(own, next);
  }
  if (claimed !== undefined) return Math.max(own, claimed);
  // A claim without an epoch predates epochs; without a claim, only the items tell.
  const lost = holder === watch.id && watch.sequence === 0;
  return lost || highest > watch.sequence ? Math.max(own, epochOf(highest) + 1) : own;
}

/** How many items are read for their numbers if no claim records the epoch. */
const SAMPLE = 20;

export function createClaims(firestore: Firestore) {
  async function highestNumber(transaction: Transaction, collection: string): Promise<number> {
    const sample = firestore.collection(collection).limit(SAMPLE).select('sequence');
    const numbers = (await transaction.get(sample)).docs.map((item): unknown => item.get('sequence'));
    return Math.max(0, ...numbers.filter((each) => typeof each === 'number'));
  }

  /** Reads what is known about a collection's numbers. `other`: the claim holder's document, if that is another watch. */
  async function numberingOf(
    transaction: Transaction,
    { collection }: WatchSpec,
    claim: DocumentSnapshot | undefined,
    other: DocumentSnapshot | undefined,
  ): Promise<Numbering> {
    const claimed = recordedEpoch(claim?.data());
    const holder: unknown = claim?.get('watch');
    const record = other && (await transaction.get(firestore.doc(epochPath(other.id))));
    const sequence: unknown = other?.get('status.sync.sequence');
    const recorded = recordedEpoch(record?.data());
    return {
      claimed,
      holder: typeof holder === 'string' ? holder : undefined,
      used: recorded ?? (typeof sequence === 'number' && sequence > 0 ? epochOf(sequence) : undefined),
      highest: claimed === undefined ? await highestNumber(transaction, collection) : 0,
    };
  }

  return {
    /**
     * Claims a spec's collection for a watch until the watch is removed. The claim of a removed or deleted watch is void. A watch
     * that was `removed`, or `paused` for a reason that no longer holds, becomes `pending`.
     */
    claim: (watchId: string, watchSpec: WatchSpec): Promise<ClaimResult> =>
      firestore.runTransaction(async (transaction) => {
        const watchDocument = firestore.doc(`watches/${watchId}`);
        const claim = claimDocument(firestore, watchSpec.collection);
        const [watchSnapshot, claimSnapshot] = await transaction.getAll(watchDocument, claim);
        const watch = watchSnapshot && readWatch(watchSnapshot);
        if (watch === undefined) return 'missing';
        const enter = (to: StateChange): void => {
          if (watch.reason === to.reason && watch.state === to.state) return;
          transaction.update(watchDocument, enterState(transaction, watchDocument, watch, to));
        };
        if (watch.collection !== undefined && watch.collection !== watchSpec.collection) {
          const detail = `this watch mirrors ${watch.collection}: set the spec back, or make a new watch`;
          enter({ state: 'paused', reason: 'specChanged', detail });
          return 'specChanged';
        }
        const holder: unknown = claimSnapshot?.get('watch');
        const isOthers = typeof holder === 'string' && holder !== watchId;
        const other = isOthers ? await transaction.get(firestore.doc(`watches/${holder}`)) : undefined;
        if (other && holds(other, watchSpec.collection)) {
          const detail = `${watchSpec.collection} is mirrored by watch ${other.id}`;
          // The items belong to the other watch, so this one has nothing to remove.
          const state = watchSpec.removed === undefined ? 'paused' : 'removed';
          enter({ state, reason: 'collectionTaken', detail });
          return 'taken';
        }
        const wasKept = watch.state === 'removed' && watch.reason === 'kept';
        if (
          watchSpec.removed !== undefined &&
          watch.collection === undefined &&
          holder !== watchId &&
          !wasKept
        ) {
          enter({ state: 'removed' });
          return 'nothingToRemove';
        }
        const numbering = await numberingOf(transaction, watchSpec, claimSnapshot, other);
        const epoch = epochFor({ id: watchId, epoch: watch.epoch, sequence: watch.sync.sequence }, numbering);
        transaction.set(claim, { watch: watchId, collection: watchSpec.collection, epoch });
        transaction.update(watchDocument, {
          'status.collection': watchSpec.collection,
          ...(epoch > watch.epoch ? { 'status.epoch': epoch } : {}),
          ...(watch.state === 'pending' ? { 'status.state': 'pending' } : {}),
          ...(isReasonGone(watch.state, watch.reason)
            ? enterState(transaction, watchDocument, watch, { state: 'pending' })
            : {}),
        });
        return 'claimed';
      }),
  };
}

/** Reasons to pause that a valid spec resolves. */
const SPEC_REASONS: ReadonlySet<string | undefined> = new Set([
  'invalidSpec',
  'specChanged',
  'collectionTaken',
]);

/** Whether the reason for which a watch rests is gone once its collection can be claimed. */
export const isReasonGone = (state: string, reason: string | undefined): boolean =>
  state === 'removed' || state === 'removing' || (state === 'paused' && SPEC_REASONS.has(reason));

/** Logs why a watch could not claim its collection. Only a pause counts as out of service. */
export function logUnclaimed(
  log: Log,
  { id, state }: Pick<Watch, 'id' | 'state'>,
  { removed, target }: Pick<WatchSpec, 'removed' | 'target'>,
  claimed: Exclude<ClaimResult, 'claimed'>,
): void {
  if (claimed === 'missing') log.info('watch deleted meanwhile', { watch: id });
  else if (removed !== undefined && claimed !== 'specChanged') {
    log.info('watch removed', { watch: id, reason: claimed });
  } else {
    const metric = outOfService(state, 'paused', target.resource, claimed);
    log.warning('watch paused', withMetric({ watch: id, reason: claimed }, metric));
  }
}

type Snapshot = Pick<DocumentSnapshot, 'exists' | 'get'>;

/** Returns the collection that a watch document has claimed or specifies; undefined if neither is readable. */
export function collectionOf(snapshot: Snapshot): string | undefined {
  const claimed: unknown = snapshot.get('status.collection');
  if (typeof claimed === 'string') return claimed;
  const spec = parseSpec(snapshot.get('spec'));
  return spec.ok ? spec.value.collection : undefined;
}

/**
 * Returns the document to write for a collection: the first existing one that does not belong to another collection, else the
 * first candidate; undefined if that one is another collection's watch.
 */
export function documentFor<T extends Snapshot>(collection: string, candidates: readonly T[]): T | undefined {
  const isOurs = (each: T): boolean => each.exists && (collectionOf(each) ?? collection) === collection;
  const [first] = candidates;
  return candidates.find(isOurs) ?? (first?.exists === false ? first : undefined);
}
