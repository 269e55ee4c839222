/** A user's primary calendar as a watch of a pipeline mirrors it. */
import { expect } from 'vitest';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { eventually } from './cloud.ts';
import type { Pipeline } from './pipeline.ts';

/** When the events of a test are. */
export const AT = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };

/** The path of the caller's own events. */
export const PRIMARY = 'calendars/primary/events';

/** The wish for the events of a user's primary calendar. */
export const eventsOf = (user: string) =>
  ({ user, resource: 'events', calendarId: user }) satisfies WatchSpec;

/** What a test asks about such watches. */
export const askAbout = (cloud: Pipeline) => {
  const ids = async (spec: WatchSpec): Promise<string[]> => [...(await cloud.mirror(spec)).keys()];
  const untilStatus = (watch: string, expected: object) =>
    eventually(async () => {
      const status = await cloud.status(watch);
      expect(status).toMatchObject(expected);
      return status;
    });
  return {
    /** The ids of what is mirrored. */
    ids,
    /** Waits for a watch's status. */
    untilStatus,
    /** An active watch with one event in it, and no notification of it under way. */
    watched: async () => {
      const user = cloud.newUser();
      const spec = eventsOf(user);
      const { id } = await cloud.as(user).insert(PRIMARY, { summary: 'one', ...AT });
      const watch = await cloud.register(spec);
      await eventually(async () => expect(await ids(spec)).toEqual([id]));
      await untilStatus(watch, { state: 'active' });
      await cloud.processed(watch);
      return { user, spec, id, watch };
    },
  };
};
