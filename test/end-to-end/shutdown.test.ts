import { expect } from 'vitest';

import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';

/** Work that is under way when Cloud Run ends an instance: SIGTERM, and SIGKILL ten seconds later. */

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

const test = cloudTest({
  calendar: {
    pageLimit: 250,
    initial: { users: [{ email: ADA, calendars: [{ id: TEAM, summary: 'Team', events }] }] },
  },
});

test('a sync that is ended in the middle finishes its page and publishes a continue message for the rest', async ({
  cloud,
}) => {
  const { faults } = cloud.calendar;
  const slow = faults.add({
    on: 'request',
    match: { method: 'calendar.events.list' },
    times: 1,
    effect: { do: 'delay', ms: 1000 },
  });
  const watch = await cloud.register(SPEC);
  await eventually(() => expect(faults.list().find(({ id }) => id === slow)?.acted).toBe(1));

  await cloud.end('sync');
  expect(cloud.logs.map(({ message }) => message)).toContain('sync continues');
  const { sync } = (await cloud.firestore.doc(`watches/${watch}`).get()).get('status');
  expect(sync).toMatchObject({ sequence: 250, traversal: { stepsCommitted: 1 } });

  await cloud.restart('sync');
  await eventually(async () => expect((await cloud.mirror(SPEC)).size).toBe(600));
  await cloud.untilTrue();
});
