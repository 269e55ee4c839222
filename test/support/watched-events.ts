/** A user's primary calendar, mirrored by a watch of a pipeline. */
import { expect } from 'vitest';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { eventually } from './eventually.ts';
import type { Pipeline } from './pipeline.ts';

/** The time of a test's events. */
export const AT = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };

/** The path of the caller's own events. */
export const PRIMARY = 'calendars/primary/events';

/** Returns the spec for the events of a user's primary calendar. */
export const eventsOf = (user: string) =>
  ({ user, resource: 'events', calendarId: user }) satisfies WatchSpec;

/** Inserts an event into a user's primary calendar; returns its id. */
export const insertEvent = async (cloud: Pipeline, user: string, summary = 'more'): Promise<string> =>
  (await cloud.as(user).insert(PRIMARY, { summary, ...AT })).id;

/** Returns the ids of the mirrored events of a spec. */
export const mirroredIds = async (cloud: Pipeline, spec: WatchSpec): Promise<string[]> => [
  ...(await cloud.mirror(spec)).keys(),
];

/** Returns a field of a watch's document. */
export const fieldOf = async (cloud: Pipeline, watch: string, name: string): Promise<unknown> =>
  (await cloud.firestore.doc(`watches/${watch}`).get()).get(name);

/** Waits for a watch's status. */
export const untilStatus = (cloud: Pipeline, watch: string, expected: object) =>
  eventually(async () => {
    const status = await cloud.status(watch);
    expect(status).toMatchObject(expected);
    return status;
  });

/** Creates a user and an active watch with one event, and no notification under way. */
export async function watchedEvents(cloud: Pipeline) {
  const user = cloud.newUser();
  const spec = eventsOf(user);
  const id = await insertEvent(cloud, user, 'one');
  const watch = await cloud.register(spec);
  await eventually(async () => expect(await mirroredIds(cloud, spec)).toEqual([id]));
  await untilStatus(cloud, watch, { state: 'active' });
  await cloud.processed(watch);
  return { user, spec, id, watch };
}
