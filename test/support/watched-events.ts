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

/** Returns helpers that read such watches. */
export const askAbout = (cloud: Pipeline) => {
  const ids = async (spec: WatchSpec): Promise<string[]> => [...(await cloud.mirror(spec)).keys()];
  const untilStatus = (watch: string, expected: object) =>
    eventually(async () => {
      const status = await cloud.status(watch);
      expect(status).toMatchObject(expected);
      return status;
    });
  return {
    /** Returns the ids of the mirrored events. */
    ids,
    /** Waits for a watch's status. */
    untilStatus,
    /** Creates an active watch with one event, and no notification under way. */
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
