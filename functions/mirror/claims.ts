import { createHash } from 'node:crypto';

import {
  FieldValue,
  type DocumentReference,
  type DocumentSnapshot,
  type Firestore,
} from '@google-cloud/firestore';

import type { Wish } from './spec.ts';
import { readWatch } from './watch.ts';

/**
 * `claims/{hash of a collection's path}`: which watch mirrors a collection. Two watches that wrote to one collection
 * would overwrite each other's documents and announce each other's changes as their own.
 */

/** A collection's path may be longer than an id, hence the hash. */
export const claimDocument = (firestore: Firestore, collection: string): DocumentReference =>
  firestore.doc(`claims/${createHash('sha256').update(collection).digest('hex')}`);

export type Claimed =
  | 'claimed'
  /** Another watch mirrors the collection. This one is now `paused`. */
  | 'taken'
  /** The watch has claimed another collection: its identity was edited. It is now `paused`. */
  | 'specChanged'
  /** The watch document is gone. */
  | 'missing';

/** Whether a watch still mirrors a collection; one whose document cannot be read may. */
const holds = (watch: DocumentSnapshot, collection: string): boolean =>
  watch.exists && watch.get('status.collection') === collection;

export function createClaims(firestore: Firestore) {
  return {
    /**
     * Claims a wish's collection for a watch, once and for good (until it is removed). A claim of a watch that was
     * removed or deleted is void. What was `paused` for a reason that no longer holds, or `removed`, is `pending` again.
     */
    claim: (watchId: string, wish: Wish): Promise<Claimed> =>
      firestore.runTransaction(async (transaction) => {
        const watchDocument = firestore.doc(`watches/${watchId}`);
        const claim = claimDocument(firestore, wish.collection);
        const [watchSnapshot, claimSnapshot] = await transaction.getAll(watchDocument, claim);
        const watch = watchSnapshot && readWatch(watchSnapshot);
        if (watch === undefined) return 'missing';
        const pause = (reason: string, detail: string): void => {
          if (watch.reason === reason && watch.state === 'paused') return;
          transaction.update(watchDocument, {
            'status.state': 'paused',
            'status.reason': reason,
            'status.detail': detail,
          });
        };
        if (watch.collection !== undefined && watch.collection !== wish.collection) {
          pause(
            'specChanged',
            `this watch mirrors ${watch.collection}: set the spec back, or make a new watch`,
          );
          return 'specChanged';
        }
        const holder: unknown = claimSnapshot?.get('watch');
        if (typeof holder === 'string' && holder !== watchId) {
          const other = await transaction.get(firestore.doc(`watches/${holder}`));
          if (holds(other, wish.collection)) {
            pause('collectionTaken', `${wish.collection} is mirrored by watch ${holder}`);
            return 'taken';
          }
        }
        transaction.set(claim, { watch: watchId, collection: wish.collection });
        transaction.update(watchDocument, {
          'status.collection': wish.collection,
          ...(watch.state === 'pending' ? { 'status.state': 'pending' } : {}),
          ...(isOver(watch.state, watch.reason)
            ? {
                'status.state': 'pending',
                'status.reason': FieldValue.delete(),
                'status.detail': FieldValue.delete(),
              }
            : {}),
        });
        return 'claimed';
      }),
  };
}

/** Reasons for a pause that come from the spec, and end when the spec is mended. */
const SPEC_REASONS: ReadonlySet<string | undefined> = new Set([
  'invalidSpec',
  'specChanged',
  'collectionTaken',
]);

/** Whether a watch whose collection can be claimed has no reason left to rest. */
export const isOver = (state: string, reason: string | undefined): boolean =>
  state === 'removed' || state === 'removing' || (state === 'paused' && SPEC_REASONS.has(reason));
