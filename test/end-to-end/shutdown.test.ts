import { afterAll, beforeAll, expect, it } from 'vitest';

import { startTestCloud, type TestCloud } from '../support/cloud.ts';
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

let cloud: TestCloud;
const logged: string[] = [];
beforeAll(async () => {
  cloud = await startTestCloud({
    calendar: {
      pageLimit: 250,
      initial: { users: [{ email: ADA, calendars: [{ id: TEAM, summary: 'Team', events }] }] },
    },
  });
  cloud.onLog((entry) => logged.push(entry.message));
});
afterAll(() => cloud.stop());

it('a sync that is ended in the middle finishes its page and publishes a continue message for the rest', async () => {
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
  expect(logged).toContain('sync continues');
  const { sync } = (await cloud.firestore.doc(`watches/${watch}`).get()).get('status');
  expect(sync).toMatchObject({ sequence: 250, traversal: { stepsCommitted: 1 } });

  await cloud.restart('sync');
  await eventually(async () => expect((await cloud.mirror(SPEC)).size).toBe(600));
  await cloud.untilTrue();
});
