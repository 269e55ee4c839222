import * as z from 'zod';

import { time } from '../firestore/timestamps.ts';
import { clockStatusSchema } from './clock-status.ts';
import { UNLISTED } from './spec.ts';
import { STATES } from './states.ts';

/** The schema of `watches/{watchId}.status`. Only the functions write it. */

/** Accepts the names that earlier versions gave to fields. */
const withFormerNames = <T extends z.ZodType>(names: Readonly<Record<string, string>>, schema: T) =>
  z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [names[name] ?? name, each]))
        : value,
    schema,
  );

const traversalFields = z.object({
  id: z.string(),
  /** A `purge` traverses the mirror instead of Google's list, and deletes everything. */
  kind: z.enum(['full', 'incremental', 'purge']),
  /** The notification that started it. */
  origin: z
    .object({ reason: z.string(), state: z.string().optional(), channel: z.string().optional() })
    .optional(),
  /** The list parameters it started with, which its page tokens are bound to. */
  parametersKey: z.string(),
  /** In a full sync, the calendar's time zone on its first page: all derived fields are computed with it. */
  timeZone: z.string().optional(),
  /** Firestore's read time of the load before its first page. */
  startedAt: time,
  /** Committed steps: pages and sweep steps. */
  stepsCommitted: z.number(),
  /** Changes found so far, including deletions of items that were never mirrored. */
  changeCount: z.number(),
  pageToken: z.string().optional(),
  /** Hash of an earlier page's token: if that token comes again, the list is endless. */
  tokenMark: z.string().optional(),
  /** Pages whose ids are stored; absent if the mirror was empty and there is nothing to sweep. */
  seenPages: z.number().optional(),
  /** Present after the last page: the sync token to store at the end, and the last document swept. */
  sweep: z.object({ token: z.string().optional(), after: z.string().optional() }).optional(),
  /** A later notification was coalesced into it. What that one announced may be missing from its pages. */
  coalesced: z.boolean().optional(),
  /** Deleted recurring events, whose cancelled occurrences on later pages are not kept. */
  deletedParents: z.array(z.string()).optional(),
});
export type Traversal = z.infer<typeof traversalFields>;
const traversalSchema = withFormerNames(
  { position: 'stepsCommitted', news: 'changeCount', joined: 'coalesced' },
  traversalFields,
);

const syncFields = z.object({
  token: z.string().optional(),
  /** The list parameters that `token` was issued for. */
  parametersKey: z.string().optional(),
  /** The calendar's time zone that the mirrored derived fields were computed with. */
  timeZone: z.string().optional(),
  traversal: traversalSchema.optional(),
  /** The number of the latest change. */
  sequence: z.number().int().nonnegative(),
  /** Everything up to this position was published and is out of the outbox; unknown if absent. */
  publishedTo: z.string().optional(),
  /** When the latest completed sync started, by Firestore's clock. */
  startedAt: time.optional(),
  completedAt: time.optional(),
  /** `startedAt` of the latest completed full sync. */
  fullStartedAt: time.optional(),
  /** `startedAt` of the latest completed sync that found changes. */
  changedAt: time.optional(),
  /** Consecutive failed syncs (restarts at 1 when access is lost), when the latest one started, and Google's reason. */
  failures: z.number().default(0),
  failedAt: time.optional(),
  error: z.string().optional(),
  /** When to follow up a push that found nothing. What the next poll finds then counts as announced. */
  followUpAt: time.optional(),
  /** The channel that did not announce what a poll found, and may have died silently. */
  suspectChannelId: z.string().optional(),
  /** Items that cannot be mirrored, with the reason; at most twenty. */
  skippedItems: z.array(z.object({ item: z.string(), reason: z.string() })).optional(),
});
export type SyncStatus = z.infer<typeof syncFields>;
const syncSchema = withFormerNames({ unannounced: 'suspectChannelId', setAside: 'skippedItems' }, syncFields);

const channelSchema = z.object({
  id: z.string(),
  resourceId: z.string(),
  expiresAt: time,
  createdAt: time,
  /** The lifetime that Google granted. */
  lifetimeMs: z.number().optional(),
  /** The list parameters it was opened for. A channel with other parameters is replaced. */
  parametersKey: z.string().optional(),
});
export type LiveChannel = z.infer<typeof channelSchema>;

const watchCallSchema = z.object({
  /** Consecutive failures of one kind: transient, or for a person to fix. */
  failures: z.number(),
  failedAt: time,
  reason: z.string(),
  /** Whether the latest one is transient. */
  passing: z.boolean().optional(),
});
export type FailedWatchCall = z.infer<typeof watchCallSchema>;

const takenIdSchema = z.object({ collection: z.string(), id: z.string() });
export type TakenId = z.infer<typeof takenIdSchema>;

const followingSchema = z.object({
  /** What happens to items that are no longer followed; kept for when `spec.follow` is gone. */
  unlisted: z.enum(UNLISTED),
  /** The latest completed pass: the spec, and the sequence and full sync of the list it was based on. */
  done: z.object({ key: z.string(), sequence: z.number(), fullStartedAt: time }).optional(),
  /** When the list was first seen without any followed calendar. Only a later sync confirms it. */
  emptySince: time.optional(),
  /** Collections without a watch because another collection's watch has the id; at most twenty. */
  idTaken: z.array(takenIdSchema).optional(),
});
export type Following = z.infer<typeof followingSchema>;

export const statusSchema = z.object({
  state: z.enum(STATES).default('pending'),
  reason: z.string().optional(),
  detail: z.string().optional(),
  /** The mirrored collection that this watch has claimed. */
  collection: z.string().optional(),
  /** The lowest epoch in which this watch may number changes, 0 by default. Written with the claim and by sync. */
  epoch: z.number().int().nonnegative().optional(),
  /** The position in the outbox of the latest message about the watch, written with it. */
  latestMessage: z.string().optional(),
  /** When renew's next check of the watch is due, if its clock may make it due earlier. Written by renew; sync moves it earlier. */
  checkAt: time.optional(),
  /** Written only by sync, for a watch with a clock. */
  clock: clockStatusSchema.optional(),
  /** Written only by renew. */
  channel: channelSchema.optional(),
  /** Written only by renew while watch calls fail. */
  watchCall: watchCallSchema.optional(),
  /** Written only by sync. */
  sync: syncSchema.optional(),
  /** Written only by renew, for a calendar list that is followed. */
  follow: followingSchema.optional(),
});
