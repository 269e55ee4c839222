import { FieldValue, type DocumentSnapshot, type Firestore, type Timestamp } from '@google-cloud/firestore';

import * as z from 'zod';

import type { Resource } from '../calendar/resources.ts';
import type { AuthMode } from '../config.ts';
import { claimDocument } from './claims.ts';
import { followSchema, type FollowSpec } from './follow.ts';
import { parseSpec, type Wish } from './spec.ts';
import { readWatch, UnreadableWatch, type Watch } from './watch.ts';

/** What people write into watches, and nothing else: `spec`, and a `nextDueAt` that has come. The functions do the rest. */

/** `watches/{watchId}.spec` as it is written. */
export interface Spec {
  readonly user: string;
  readonly resource: Resource;
  readonly calendarId?: string;
  readonly eventTypes?: readonly string[];
  readonly singleEvents?: boolean;
  readonly auth?: AuthMode;
  readonly follow?: FollowSpec;
}

/** A watch with what its document says beside it, or why that cannot be read. */
export type Listed =
  | { readonly ok: true; readonly watch: Watch; readonly detail: string | undefined }
  | { readonly ok: false; readonly id: string; readonly problem: string };

/** A watch as it was asked for. */
export interface Asked {
  readonly id: string;
  /** Unix ms, by Firestore's clock: what the functions do about it comes later. It stands in `nextDueAt` until renew comes. */
  readonly at: number;
}

export type Written =
  | ({ readonly outcome: 'written' } & Asked)
  /** The id belongs to a watch of another collection. */
  | { readonly outcome: 'otherWatch'; readonly id: string };

function listed(snapshot: DocumentSnapshot): Listed | undefined {
  try {
    const watch = readWatch(snapshot);
    const detail: unknown = snapshot.get('status.detail');
    return watch && { ok: true, watch, detail: typeof detail === 'string' ? detail : undefined };
  } catch (error) {
    if (!(error instanceof UnreadableWatch)) throw error;
    return { ok: false, id: snapshot.id, problem: error.message };
  }
}

/** What a watch mirrors, or would as soon as it can. */
function collectionOf(snapshot: DocumentSnapshot): string | undefined {
  const claimed: unknown = snapshot.get('status.collection');
  if (typeof claimed === 'string') return claimed;
  const spec = parseSpec(snapshot.get('spec'));
  return spec.ok ? spec.wish.collection : undefined;
}

/** A wish that says nothing of following leaves it as it is: it would take every followed watch away. */
function followKept(snapshot: DocumentSnapshot): Pick<Spec, 'follow'> {
  const spec: unknown = snapshot.get('spec');
  const parsed = z.object({ follow: followSchema, removed: z.undefined().optional() }).safeParse(spec);
  return parsed.success ? { follow: parsed.data.follow } : {};
}

export function createWishes(firestore: Firestore) {
  const watches = firestore.collection('watches');

  /** Writes `change` and lets renew look at once; undefined where there is no such watch. */
  const ask = (id: string, change: Readonly<Record<string, unknown>>): Promise<Asked | undefined> =>
    firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(watches.doc(id));
      if (!snapshot.exists) return undefined;
      transaction.update(snapshot.ref, { ...change, nextDueAt: snapshot.readTime });
      return askedAt(id, snapshot.readTime);
    });

  return {
    /** Every watch, in the order of their ids. */
    listWatches: async (): Promise<readonly Listed[]> =>
      (await watches.get()).docs.flatMap((snapshot) => listed(snapshot) ?? []),

    /** One watch, or undefined where there is none. */
    findWatch: async (id: string): Promise<Listed | undefined> => listed(await watches.doc(id).get()),

    /**
     * Writes a wish down, under `id` unless another watch mirrors that collection already: one collection is one watch.
     * One that was removed is wanted again, one that is followed is the caller's own from now on, and one that follows goes on.
     */
    writeWish: (id: string, spec: Spec, wish: Wish): Promise<Written> =>
      firestore.runTransaction(async (transaction): Promise<Written> => {
        const holder: unknown = (await transaction.get(claimDocument(firestore, wish.collection))).get(
          'watch',
        );
        const held = typeof holder === 'string' ? await transaction.get(watches.doc(holder)) : undefined;
        const holds = held?.exists === true && held.get('status.collection') === wish.collection;
        const snapshot = holds ? held : await transaction.get(watches.doc(id));
        const mirrors = snapshot.exists ? collectionOf(snapshot) : wish.collection;
        if (mirrors !== undefined && mirrors !== wish.collection) return { outcome: 'otherWatch', id };
        const nextDueAt = snapshot.readTime;
        const kept = { ...followKept(snapshot), ...spec };
        const fields = { spec: kept, nextDueAt, followedBy: FieldValue.delete() };
        transaction.set(snapshot.ref, fields, { mergeFields: Object.keys(fields) });
        return { outcome: 'written', ...askedAt(snapshot.id, nextDueAt) };
      }),

    /**
     * Asks for a watch's removal, with the mirrored items kept or purged; undefined where there is no such watch. One that was
     * followed stays removed, whatever the list says.
     */
    askRemoval: (id: string, removed: 'keep' | 'purge') =>
      ask(id, { 'spec.removed': removed, followedBy: FieldValue.delete() }),

    /** Lets renew look at a watch at once; undefined where there is no such watch. */
    askLook: (id: string) => ask(id, {}),

    /** How many watches a watch follows. */
    countFollowed: async (id: string): Promise<number> => {
      const followed = await watches.where('followedBy', '==', id).select('spec.removed').get();
      return followed.docs.filter((each) => each.get('spec.removed') === undefined).length;
    },

    /** How many items are mirrored in a collection. */
    countItems: async (collection: string): Promise<number> =>
      (await firestore.collection(collection).count().get()).data().count,
  };
}

export type Wishes = ReturnType<typeof createWishes>;

const askedAt = (id: string, readTime: Timestamp): Asked => ({ id, at: readTime.toMillis() });
