/** Watches of events whose lists Google rejects. */
import { Timestamp } from '@google-cloud/firestore';
import type { Pipeline } from './pipeline.ts';
import { fieldOf, insertEvent, mirroredIds, watchedEvents } from './watched-events.ts';

/** Creates an active watch with one event. Returns also what reads its mirrored ids and inserts another event. */
export async function watchedLists(cloud: Pipeline) {
  const { user, spec, id, watch } = await watchedEvents(cloud);
  const ids = async () => (await mirroredIds(cloud, spec)).toSorted();
  return { user, watch, id, ids, insert: () => insertEvent(cloud, user) };
}

/** Lets every list of a user's events fail with this status, until the result is disposed. */
export const failing = (cloud: Pipeline, user: string, status: number, reason?: string): Disposable =>
  cloud.fault({
    on: 'request',
    match: { method: 'calendar.events.list', user },
    effect: { do: 'fail', status, ...(reason && { reason }) },
  });

/** Returns how soon renew is to check a watch, in ms. */
export async function dueIn(cloud: Pipeline, watch: string): Promise<number> {
  const nextDueAt = await fieldOf(cloud, watch, 'nextDueAt');
  if (!(nextDueAt instanceof Timestamp)) throw new Error('nextDueAt is not a Timestamp');
  return nextDueAt.toMillis() - Date.now();
}
