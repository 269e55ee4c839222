import { FieldValue, type DocumentSnapshot, type Firestore } from '@google-cloud/firestore';

import { decodeId } from '../firestore/paths.ts';
import { claimDocument, documentFor, holderOf } from './claims.ts';
import { isSameRequest, parseSpec, type ParsedSpec, type WatchSpec } from './spec.ts';
import type { Following } from './status.ts';
import type { SpecInput } from './watch-admin.ts';
import { readWatch, writeFollowing, type Watch } from './watch.ts';

/** Followed watches: documents with `followedBy`, the id of the calendarList watch that manages them. */

/** A calendar on a mirrored calendar list. */
export interface ListedCalendar {
  readonly calendarId: string;
  readonly accessRole: string;
}

/** A watch that a list manages, removed or not. */
export interface FollowedWatch {
  readonly id: string;
  readonly spec: ParsedSpec;
}

export type FollowWrite =
  | 'written'
  /** The watch already matches. */
  | 'unchanged'
  /** The watch is managed by hand, or another watch mirrors the collection. */
  | 'leftAlone'
  /** Another collection's watch has the id. */
  | 'idTaken'
  /** The list or its spec has changed: plan again. */
  | 'stale';

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether the list is what the plan was based on. Checked within the write, so that an older plan never undoes a newer one. */
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

  return {
    /** Returns the calendars on a mirrored list, ordered by id. */
    listCalendars: async (collection: string): Promise<readonly ListedCalendar[]> => {
      const entries = await firestore.collection(collection).select('data.accessRole').get();
      return entries.docs.map((entry) => ({
        calendarId: decodeId(entry.id),
        accessRole: stringOf(entry.get('data.accessRole')),
      }));
    },

    /** Returns the watches that a list manages, including removed ones. */
    listFollowed: async (follower: string): Promise<readonly FollowedWatch[]> => {
      const found = await watches.where('followedBy', '==', follower).select('spec').get();
      return found.docs.map((each) => ({ id: each.id, spec: parseSpec(each.get('spec')) }));
    },

    /**
     * Writes a followed watch and makes it due, unless it is managed by hand. `read`: the list's watch that the plan is based on.
     * `ids`: the ids that the watch may have; a new watch gets the first.
     */
    writeFollowed: (read: Watch, ids: readonly string[], spec: SpecInput, watchSpec: WatchSpec) =>
      firestore.runTransaction(async (transaction): Promise<FollowWrite> => {
        const [list, claim, ...candidates] = await transaction.getAll(
          watches.doc(read.id),
          claimDocument(firestore, watchSpec.collection),
          ...ids.map((id) => watches.doc(id)),
        );
        if (!isFresh(list, read)) return 'stale';
        const before = documentFor(watchSpec.collection, candidates);
        if (before?.exists === true) {
          const manager = stringOf(before.get('followedBy'));
          if (manager === '') return 'leftAlone';
          // A list whose watch was deleted manages none.
          if (manager !== read.id && (await transaction.get(watches.doc(manager))).exists) return 'leftAlone';
          const was = parseSpec(before.get('spec'));
          if (was.ok && was.value.collection !== watchSpec.collection) return 'leftAlone';
          const same = was.ok && was.value.removed === undefined && isSameRequest(was.value, watchSpec);
          if (same && before.get('followedBy') === read.id) return 'unchanged';
        }
        const holder = await holderOf(transaction, claim, watchSpec.collection);
        if (holder && holder.id !== before?.id) return 'leftAlone';
        if (before === undefined) return 'idTaken';
        const fields = { spec, followedBy: read.id, nextDueAt: before.readTime };
        transaction.set(before.ref, fields, { mergeFields: Object.keys(fields) });
        return 'written';
      }),

    /** Requests the removal of a followed watch, unless it is managed by hand or already removed. */
    removeFollowed: (read: Watch, id: string, removed: 'keep' | 'purge'): Promise<FollowWrite> =>
      firestore.runTransaction(async (transaction): Promise<FollowWrite> => {
        const [list, before] = await transaction.getAll(watches.doc(read.id), watches.doc(id));
        if (before === undefined || !isFresh(list, read)) return 'stale';
        if (before.get('followedBy') !== read.id) return 'leftAlone';
        if (before.get('spec.removed') !== undefined) return 'unchanged';
        transaction.update(before.ref, { 'spec.removed': removed, nextDueAt: before.readTime });
        return 'written';
      }),

    /** Records how far a list has been followed, undefined to stop. Resolves with false if the list has changed since. */
    noteFollowing: (read: Watch, following: Following | undefined): Promise<boolean> =>
      firestore.runTransaction(async (transaction): Promise<boolean> => {
        if (!isFresh(await transaction.get(watches.doc(read.id)), read)) return false;
        const value = following === undefined ? FieldValue.delete() : writeFollowing(following);
        transaction.update(watches.doc(read.id), { 'status.follow': value });
        return true;
      }),
  };
}
