import { FieldValue, type DocumentSnapshot, type Firestore, type Timestamp } from '@google-cloud/firestore';
import * as z from 'zod';

import type { AuthMode } from '../calendar/auth/modes.ts';
import type { Resource } from '../calendar/resources.ts';
import type { ClockInput } from './clock.ts';
import { claimDocument, collectionOf, documentFor, holderOf } from './claims.ts';
import { followSchema, type FollowSpec, type WatchSpec } from './spec.ts';
import { watchIdsOf } from './watch-id.ts';
import { readResult, type WatchResult } from './watch.ts';

/** What people write to watch documents: `spec` and `nextDueAt`. The functions do the rest. */

/** `watches/{watchId}.spec` as people write it. */
export interface SpecInput {
  readonly user: string;
  readonly resource: Resource;
  readonly calendarId?: string;
  readonly eventTypes?: readonly string[];
  readonly singleEvents?: boolean;
  readonly auth?: AuthMode;
  readonly follow?: FollowSpec;
  readonly clock?: ClockInput;
}

/** Returns a spec with the calendar's canonical id in place of `primary`. */
export const canonicalSpec = (spec: SpecInput, { target: { calendarId } }: WatchSpec): SpecInput => ({
  ...spec,
  ...(calendarId === null ? {} : { calendarId }),
});

/** A watch that renew has been asked to check. */
export interface RequestedWatch {
  readonly id: string;
  /** Unix ms by Firestore's clock. `nextDueAt` has this value until renew checks the watch. */
  readonly at: number;
}

export type UpsertResult =
  | ({ readonly outcome: 'written' } & RequestedWatch)
  /** Another collection's watch has the id; `mirrors` names the collection if known. */
  | { readonly outcome: 'idTaken'; readonly id: string; readonly mirrors: string | undefined }
  /** A watch with another id mirrors the collection. */
  | { readonly outcome: 'collectionTaken'; readonly holder: string };

/** Returns the stored `follow` for a spec without one: dropping it would remove every followed watch. */
function followKept(snapshot: DocumentSnapshot): Pick<SpecInput, 'follow'> {
  const spec: unknown = snapshot.get('spec');
  const parsed = z.object({ follow: followSchema, removed: z.undefined().optional() }).safeParse(spec);
  return parsed.success ? { follow: parsed.data.follow } : {};
}

export function createWatchAdmin(firestore: Firestore) {
  const watches = firestore.collection('watches');

  /** Writes `change` and makes the watch due; resolves with undefined without such a watch. */
  const request = (id: string, change: Readonly<Record<string, unknown>>) =>
    firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(watches.doc(id));
      if (!snapshot.exists) return undefined;
      transaction.update(snapshot.ref, { ...change, nextDueAt: snapshot.readTime });
      return requestedAt(id, snapshot.readTime);
    });

  return {
    /** Returns every watch, ordered by id. */
    listWatches: async (): Promise<readonly WatchResult[]> =>
      (await watches.get()).docs.flatMap((snapshot) => readResult(snapshot) ?? []),

    /**
     * Writes a spec to the watch that mirrors the collection, else to the one of `id`, else to the one of the default id. If `id` is
     * given and another watch mirrors the collection, nothing is written. A removed watch is activated again, a followed watch
     * becomes the caller's own, and a watch that follows a list keeps its `follow`.
     */
    upsertWatch: (spec: SpecInput, watchSpec: WatchSpec, id?: string): Promise<UpsertResult> =>
      firestore.runTransaction(async (transaction): Promise<UpsertResult> => {
        const ids = id === undefined ? watchIdsOf(spec) : ([id] as const);
        const claim = claimDocument(firestore, watchSpec.collection);
        const [claimed, ...candidates] = await transaction.getAll(
          claim,
          ...ids.map((each) => watches.doc(each)),
        );
        const holder = await holderOf(transaction, claimed, watchSpec.collection);
        if (id !== undefined && holder && holder.id !== id && holder.get('spec.removed') === undefined) {
          return { outcome: 'collectionTaken', holder: holder.id };
        }
        const own = documentFor(watchSpec.collection, candidates);
        const snapshot = id === undefined ? (holder ?? own) : own;
        if (snapshot === undefined) {
          const [other] = candidates;
          return { outcome: 'idTaken', id: ids[0], mirrors: other && collectionOf(other) };
        }
        const nextDueAt = snapshot.readTime;
        const fields = {
          spec: { ...followKept(snapshot), ...spec },
          nextDueAt,
          ...(snapshot.get('followedBy') === undefined ? {} : { followedBy: FieldValue.delete() }),
        };
        transaction.set(snapshot.ref, fields, { mergeFields: Object.keys(fields) });
        return { outcome: 'written', ...requestedAt(snapshot.id, nextDueAt) };
      }),

    /**
     * Requests a watch's removal, keeping or purging the mirrored items; resolves with undefined without such a watch. A
     * followed watch stays removed, whatever the list says.
     */
    requestRemoval: (id: string, removed: 'keep' | 'purge') =>
      request(id, { 'spec.removed': removed, followedBy: FieldValue.delete() }),

    /** Makes a watch due, so that renew checks it at its next run; resolves with undefined without such a watch. */
    requestCheck: (id: string) => request(id, {}),
  };
}

const requestedAt = (id: string, readTime: Timestamp): RequestedWatch => ({ id, at: readTime.toMillis() });
