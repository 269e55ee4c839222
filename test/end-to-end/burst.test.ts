import { afterAll, beforeAll, expect, it } from 'vitest';

import { eventually, startTestCloud, type TestCloud } from '../support/cloud.ts';

/** Many notifications at once, through the deployed functions, at the default MIN_SYNC_INTERVAL_SECONDS. */

const ADA = 'ada@example.com';
const SPEC = { user: ADA, resource: 'events', calendarId: ADA } as const;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({
    calendar: { initial: { users: [{ email: ADA }] }, channels: { deliveryDelayMs: [0, 500] } },
    env: { all: { MIN_SYNC_INTERVAL_SECONDS: '2' } },
  });
});
afterAll(() => cloud.stop());

const listCalls = (): number => cloud.calendar.journal.requests({ method: 'calendar.events.list' }).length;

it('200 notifications for one watch within a second cost at most 4 list calls (F15)', async () => {
  const watch = await cloud.register(SPEC);
  await cloud.untilTrue();
  const logged: string[] = [];
  cloud.onLog(({ message }) => logged.push(message));
  const before = listCalls();

  await Promise.all(
    Array.from({ length: 200 }, () => cloud.calendar.channels.notify({ resource: 'events' })),
  );
  await cloud.calendar.settle();
  // Each is either synced for or found needless; nothing is left when as many lines are logged.
  const done = (): number =>
    logged.filter((message) => message === 'synced' || message === 'notification needless').length;
  await eventually(() => expect(done()).toBeGreaterThanOrEqual(200), 60_000);

  const calls = listCalls() - before;
  expect(calls).toBeGreaterThanOrEqual(1);
  expect(calls).toBeLessThanOrEqual(4);
  expect(cloud.changes(watch)).toEqual([]);
});
