import { Timestamp } from '@google-cloud/firestore';
import { expect } from 'vitest';
import type { Pipeline } from '../../support/pipeline.ts';
import type { CrashCloud } from './moments.ts';
import type { Scenario } from './scenarios.ts';
import { editedUnnoticed, specOf, watched, watchSpec } from './stages.ts';

/** Work for the clock of a watch: whatever dies, each moment comes, and all copies of one have its id. */

const MOMENTS = ['-PT1S', 'PT1S', 'start'];
const SECOND = 1000;
/** Due soon, but not while a scenario is prepared. */
const STARTS_IN = 85 * SECOND;
const SOON = 'event7';

const timesAt = (at: number) => ({
  start: { dateTime: new Date(at).toISOString() },
  end: { dateTime: new Date(at + 3600 * SECOND).toISOString() },
});

const clockSpec = (user: string) => ({ ...specOf(user), clock: MOMENTS });

/** Adds an event that starts soon to a user's calendar, with the notification lost. */
async function insertSoon(cloud: Pipeline, user: string): Promise<void> {
  using _ = cloud.losingNotifications(user);
  const startsAt = Math.floor((Date.now() + STARTS_IN) / SECOND) * SECOND;
  const event = { id: SOON, summary: 'soon', ...timesAt(startsAt) };
  await cloud.as(user).insert(`calendars/${user}/events`, event);
  await cloud.calendar.settle();
}

/** Makes a clock due, as though it had not run since before the event was there. */
async function makeDue(cloud: CrashCloud, watch: string): Promise<void> {
  const [now, lead] = [Date.now(), 90 * SECOND];
  const nextAt = now - 20 * SECOND;
  await cloud.firestore.doc(`watches/${watch}`).update({
    'status.clock.until': Timestamp.fromMillis(now - 600 * SECOND),
    'status.clock.nextAt': Timestamp.fromMillis(nextAt),
    'status.checkAt': Timestamp.fromMillis(now + 3600 * SECOND),
    nextDueAt: Timestamp.fromMillis(nextAt - lead),
  });
}

/** Each moment of the event has come, and no message has another id. */
async function allTold(cloud: CrashCloud, watch: string, user: string): Promise<void> {
  const { startsAt } = await cloud.document(specOf(user), SOON);
  if (!(startsAt instanceof Timestamp)) throw new Error('the event has no start');
  const start = startsAt.toDate().toISOString();
  expect(cloud.moments.told(watch)).toEqual(MOMENTS.map((name) => `${watch}/${SOON}/${start}/${name}`));
}

/** How each of them ends. */
const TOLD = { lastWords: 'moments published', ends: 'watched', holds: allTold } as const;

export const CLOCK_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a clock that is due',
    dying: ['renew', 'sync'],
    prepare: async (cloud, user) => {
      const watch = await watchSpec(cloud, user);
      await insertSoon(cloud, user);
      await cloud.watch(watch, clockSpec(user));
      await cloud.renew();
      await cloud.processed(watch);
      await makeDue(cloud, watch);
      cloud.moments.forget(watch);
      return watch;
    },
    begin: (cloud) => cloud.renew(),
    ...TOLD,
  },
  {
    name: 'a change that brings moments close',
    dying: ['sync'],
    prepare: async (cloud, user) => {
      const watch = await watched(cloud, user);
      await cloud.watch(watch, clockSpec(user));
      await cloud.renewNow(watch);
      await cloud.processed(watch);
      await insertSoon(cloud, user);
      return watch;
    },
    begin: (cloud, watch) => cloud.requestSync(watch),
    ...TOLD,
  },
  {
    name: 'the first sync of a watch with a clock',
    dying: ['sync'],
    prepare: async (cloud, user) => {
      const watch = await watchSpec(cloud, user);
      await cloud.watch(watch, clockSpec(user));
      await insertSoon(cloud, user);
      return watch;
    },
    begin: (cloud, watch) => cloud.requestSync(watch),
    ...TOLD,
  },
  {
    name: 'an edit of a clock',
    dying: ['renew', 'sync'],
    prepare: async (cloud, user) => {
      const watch = await editedUnnoticed(cloud, user);
      await insertSoon(cloud, user);
      await cloud.watch(watch, clockSpec(user));
      return watch;
    },
    begin: (cloud, watch) => cloud.renewNow(watch),
    ...TOLD,
  },
];
