/** Work that is under way when Cloud Run ends an instance: SIGTERM, and SIGKILL ten seconds later. */
import { expect } from 'vitest';
import type { Call, Route } from '../../infra/emulator/protocol/http.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';

const ADA = 'ada@example.com';
const TEAM = 'team@group.calendar.google.com';
const SPEC = { user: ADA, resource: 'events', calendarId: TEAM } as const;
const start = { dateTime: '2026-12-01T10:00:00Z' };
const events = Array.from({ length: 600 }, (_, index) => ({
  id: `event${String(index).padStart(5, '0')}`,
  summary: 'x',
  start,
  end: start,
}));

/** The first list call waits here for the test. */
const listing = { isCalled: false, answered: Promise.withResolvers<void>() };

function holdLists(route: Route): Route {
  if (route.id !== 'calendar.events.list') return route;
  const handle = async (call: Call) => {
    listing.isCalled = true;
    await listing.answered.promise;
    return route.handle(call);
  };
  return { ...route, handle };
}

const test = cloudTest({
  calendar: {
    pageLimit: 250,
    routes: (routes) => routes.map(holdLists),
    initial: { users: [{ email: ADA, calendars: [{ id: TEAM, summary: 'Team', events }] }] },
  },
});

test('a sync that is ended in the middle finishes its page and publishes a continue message for the rest', async ({
  cloud,
}) => {
  const watch = await cloud.register(SPEC);
  await eventually(() => expect(listing.isCalled).toBe(true));

  const ended = cloud.end('sync');
  // The signal has been sent: the function gets the page afterwards.
  listing.answered.resolve();
  await ended;
  expect(cloud.logs.map(({ message }) => message)).toContain('sync continues');
  const { sync } = (await cloud.firestore.doc(`watches/${watch}`).get()).get('status');
  expect(sync).toMatchObject({ sequence: 250, traversal: { stepsCommitted: 1 } });

  await cloud.restart('sync');
  await eventually(async () => expect((await cloud.mirror(SPEC)).size).toBe(600));
  await cloud.untilTrue();
});
