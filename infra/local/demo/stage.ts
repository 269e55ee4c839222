import { startCloud, type Cloud, type CloudOptions } from '../cloud.ts';
import type { LogEntry } from '../function.ts';
import { listenToMirror } from '../mirror.ts';
import { largeSeed } from '../seeds/large.ts';
import { watchIdOf, type CollectionId } from '../../../functions/watches/watch-id.ts';
import { watchesOf, type WatchSpec } from '../watches.ts';
import { apiAs, type Api } from './api.ts';
import { createStopwatch, type Stopwatch } from './stopwatch.ts';

/** The cloud of the demo, and what observes it. */
export interface Stage {
  readonly cloud: Cloud;
  readonly stopwatch: Stopwatch;
  readonly watches: readonly { readonly id: string; readonly spec: WatchSpec }[];
  /** All log entries of the functions so far. */
  readonly logs: readonly LogEntry[];
  readonly as: (user: string) => Api;
  /** Returns the watches of a resource, optionally of one calendar or one user. */
  readonly watching: (wanted: Pick<CollectionId, 'resource'> & Partial<CollectionId>) => Stage['watches'];
  readonly close: () => Promise<void>;
}

/** Shortens lifetimes and intervals, so that a minute shows what takes a week. */
const FAST_MOTION = {
  CHANNEL_TTL_SECONDS: '60',
  RENEW_BEFORE_SECONDS: '35',
  MAX_STALENESS_SECONDS: '12',
  POLL_SECONDS: '10',
};

/** Starts a cloud with more than a thousand events and no watches. */
export async function setStage(options: CloudOptions = { env: { renew: FAST_MOTION } }): Promise<Stage> {
  const seed = largeSeed();
  const cloud = await startCloud({ ...options, calendar: { initial: seed } });
  const specs = await Promise.all(seed.users.map(({ email }) => watchesOf(cloud.urls.calendar, email)));
  // The reads above are not calls of the functions.
  cloud.calendar.journal.clear();
  const watches = specs.flat().map((spec) => ({ id: watchIdOf(spec), spec }));
  const stopwatch = createStopwatch();
  const logs: LogEntry[] = [];
  const ends = [
    cloud.onLog((entry) => logs.push(entry)),
    listenToMirror(
      cloud.firestore,
      (_resource, changes) => stopwatch.onMirror(changes),
      (error) => {
        throw error;
      },
    ),
  ];
  return {
    cloud,
    stopwatch,
    watches,
    logs,
    as: (user) => apiAs(cloud.urls.calendar, user),
    watching: ({ user, resource, calendarId }) =>
      watches.filter(
        ({ spec }) =>
          spec.resource === resource &&
          (user === undefined || spec.user === user) &&
          (calendarId === undefined || spec.calendarId === calendarId),
      ),
    close: async () => {
      for (const end of ends) end();
      await cloud.stop();
    },
  };
}
