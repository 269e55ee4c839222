import { FieldValue, type DocumentSnapshot, type Firestore, type Transaction } from '@google-cloud/firestore';

import { claimDocument } from './claims.ts';
import { decodeId } from './ids.ts';
import { parseSpec, type ParsedSpec, type Wish } from './spec.ts';
import { readWatch, writeFollowing, type Following, type Watch } from './watch.ts';
import type { Spec } from './wishes.ts';

/** Watches that are kept for a calendar list: documents of `watches` with `followedBy`, the id of the list's own watch. */

/** A calendar as it is on a mirrored list. */
export interface Listing {
  readonly calendarId: string;
  readonly accessRole: string;
}

/** A watch that is followed, or was. */
export interface Followed {
  readonly id: string;
  readonly spec: ParsedSpec;
}

export type FollowWrite =
  | 'written'
  /** It is as it should be already. */
  | 'unchanged'
  /** It is not followed: somebody made it by hand, took it into their own hands, or mirrors the collection under another id. */
  | 'leftAlone'
  /** The list, or the wish to follow it, has changed: decide again. */
  | 'stale';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether the list is still what the decision was made on. Read with the write, so that an older decision never undoes a newer one. */
function isFresh(snapshot: DocumentSnapshot | undefined, read: Watch): boolean {
  const now = snapshot && readWatch(snapshot);
  return (
    now !== undefined &&
    now.sync.sequence === read.sync.sequence &&
    now.sync.fullStartedAt === read.sync.fullStartedAt &&
    JSON.stringify(now.spec) === JSON.stringify(read.spec)
  );
}

export function createFollowed(firestore: Firestore) {
  const watches = firestore.collection('watches');

  /** Whether a claim is that of another watch, which still mirrors the collection. */
  async function isHeld(
    transaction: Transaction,
    id: string,
    claim: DocumentSnapshot | undefined,
    { collection }: Wish,
  ): Promise<boolean> {
    const holder = textOf(claim?.get('watch'));
    if (holder === '' || holder === id) return false;
    const held = await transaction.get(watches.doc(holder));
    return held.exists && held.get('status.collection') === collection;
  }

  /** Whether a mark is another living watch's. One that was deleted keeps nothing any more. */
  async function isOthers(transaction: Transaction, mark: string, follower: string): Promise<boolean> {
    return mark !== follower && (mark === '' || (await transaction.get(watches.doc(mark))).exists);
  }

  return {
    /** The calendars on a mirrored list, in the order of their ids. */
    listCalendars: async (collection: string): Promise<readonly Listing[]> => {
      const entries = await firestore.collection(collection).select('data.accessRole').get();
      return entries.docs.map((entry) => ({
        calendarId: decodeId(entry.id),
        accessRole: textOf(entry.get('data.accessRole')),
      }));
    },

    /** The watches that are kept for a list, removed ones among them. */
    followedBy: async (follower: string): Promise<readonly Followed[]> => {
      const found = await watches.where('followedBy', '==', follower).select('spec').get();
      return found.docs.map((each) => ({ id: each.id, spec: parseSpec(each.get('spec')) }));
    },

    /** Writes one followed watch, due at once, unless somebody made it by hand. `read`: the follower, as the decision was made on. */
    writeFollowed: (read: Watch, id: string, spec: Spec, wish: Wish): Promise<FollowWrite> =>
      firestore.runTransaction(async (transaction): Promise<FollowWrite> => {
        const document = watches.doc(id);
        const [list, before, claim] = await transaction.getAll(
          watches.doc(read.id),
          document,
          claimDocument(firestore, wish.collection),
        );
        if (before === undefined || !isFresh(list, read)) return 'stale';
        if (before.exists) {
          if (await isOthers(transaction, textOf(before.get('followedBy')), read.id)) return 'leftAlone';
          const was = parseSpec(before.get('spec'));
          if (was.ok && was.wish.collection !== wish.collection) return 'leftAlone';
          const same =
            was.ok && was.wish.removed === undefined && was.wish.parametersKey === wish.parametersKey;
          if (same && before.get('followedBy') === read.id) return 'unchanged';
        }
        if (await isHeld(transaction, id, claim, wish)) return 'leftAlone';
        const fields = { spec, followedBy: read.id, nextDueAt: before.readTime };
        transaction.set(document, fields, { mergeFields: Object.keys(fields) });
        return 'written';
      }),

    /** Asks for the removal of one followed watch, unless it has been taken into somebody's hands, or is removed already. */
    removeFollowed: (read: Watch, id: string, removed: 'keep' | 'purge'): Promise<FollowWrite> =>
      firestore.runTransaction(async (transaction): Promise<FollowWrite> => {
        const [list, before] = await transaction.getAll(watches.doc(read.id), watches.doc(id));
        if (before === undefined || !isFresh(list, read)) return 'stale';
        if (before.get('followedBy') !== read.id) return 'leftAlone';
        if (before.get('spec.removed') !== undefined) return 'unchanged';
        transaction.update(before.ref, { 'spec.removed': removed, nextDueAt: before.readTime });
        return 'written';
      }),

    /** Remembers how far a list has been followed; undefined: nothing is followed any more. Returns whether that still held. */
    noteFollowing: (read: Watch, following: Following | undefined): Promise<boolean> =>
      firestore.runTransaction(async (transaction): Promise<boolean> => {
        if (!isFresh(await transaction.get(watches.doc(read.id)), read)) return false;
        const value = following === undefined ? FieldValue.delete() : writeFollowing(following);
        transaction.update(watches.doc(read.id), { 'status.follow': value });
        return true;
      }),
  };
}
