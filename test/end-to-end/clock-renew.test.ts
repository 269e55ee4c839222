/** What makes a clock run: renew when the next moment is near, edits of events and of the spec; and what stops it. */
import { Timestamp } from '@google-cloud/firestore';
import { expect } from 'vitest';
import { clockTest, HOUR, MINUTE, timesIn } from '../support/clock-test.ts';
import { eventually } from '../support/eventually.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { eventsOf, fieldOf, PRIMARY, untilStatus } from '../support/watched-events.ts';

const test = clockTest();

const listCalls = (cloud: Pipeline, user: string) =>
  cloud.calls(user).filter(({ method }) => method === 'calendar.events.list');
const fullLists = (cloud: Pipeline, user: string) =>
  listCalls(cloud, user).filter(({ query }) => query['syncToken'] === undefined);

test('renew asks for a clock that is due, without a poll, a list call or another channel', async ({
  cloud,
  clocks,
}) => {
  const user = cloud.newUser();
  await cloud.as(user).insert(PRIMARY, { summary: 'Standup', ...timesIn(MINUTE) });
  const watch = await clocks.watched(user, ['start']);
  await eventually(() => expect(clocks.told(watch)).toEqual(['Standup start']));
  const calls = cloud.calls(user).length;
  const copies = clocks.received.length;
  await clocks.moveBack(watch, 1000);
  expect(await cloud.renew()).toMatchObject({ polled: 0, created: 0, renewed: 0, failed: 0, remaining: 0 });
  await eventually(() => expect(clocks.received.length).toBeGreaterThan(copies));
  // The copy has the same id.
  expect(clocks.told(watch)).toEqual(['Standup start']);
  expect(cloud.calls(user)).toHaveLength(calls);
  await eventually(async () => expect(await clocks.nextDueAt(watch)).toBeGreaterThan(Date.now()));
});

test('a moment is published when it comes near, by renew alone', async ({ cloud, clocks }) => {
  const user = cloud.newUser();
  await cloud.as(user).insert(PRIMARY, { summary: 'Standup', ...timesIn(92_000) });
  const watch = await clocks.watched(user, ['start']);
  const calls = listCalls(cloud, user).length;
  await eventually(async () => {
    await cloud.renew();
    expect(clocks.told(watch)).toEqual(['Standup start']);
  });
  expect(listCalls(cloud, user)).toHaveLength(calls);
});

test('an edit shortly before a moment publishes it at once, and leaves no check of the watch due', async ({
  cloud,
  clocks,
}) => {
  const user = cloud.newUser();
  const api = cloud.as(user);
  const { id } = await api.insert(PRIMARY, { summary: 'Later', ...timesIn(3 * HOUR) });
  const watch = await clocks.watched(user, ['start', '-PT10M']);
  await api.patch(`${PRIMARY}/${id}`, timesIn(20_000));
  await eventually(() => expect(clocks.told(watch)).toEqual(['Later start']));
  await api.insert(PRIMARY, { summary: 'Sudden', ...timesIn(10 * MINUTE + 20_000) });
  await eventually(() => expect(clocks.told(watch)).toEqual(['Later start', 'Sudden -PT10M']));
  await cloud.processed(watch);
  expect(await clocks.nextDueAt(watch)).toBeGreaterThan(Date.now());
});

test('moments missed in an outage are late, after a poll; older ones are dropped and logged', async ({
  cloud,
  clocks,
}) => {
  const user = cloud.newUser();
  const api = cloud.as(user);
  const insert = async (summary: string, startsIn: number) =>
    `${PRIMARY}/${(await api.insert(PRIMARY, { summary, ...timesIn(startsIn) })).id}`;
  await insert('Missed', -10 * MINUTE);
  await insert('Too old', -2 * HOUR);
  const [moved, deleted, cancelled] = [
    await insert('Moved', -10 * MINUTE),
    await insert('Deleted', -10 * MINUTE),
    await insert('Cancelled', -10 * MINUTE),
  ];
  const watch = await clocks.watched(user, ['start']);
  expect(clocks.told(watch)).toEqual([]);
  {
    // Nothing tells sync of these edits but the poll.
    using _ = cloud.losingNotifications(user);
    await api.patch(moved, timesIn(MINUTE));
    await api.remove(deleted);
    await api.patch(cancelled, { status: 'cancelled' });
    await clocks.moveBack(watch, 3 * HOUR);
    await cloud.renew();
    await eventually(() => expect(clocks.told(watch)).toEqual(['Missed start late', 'Moved start']));
  }
  // Sync logs after it has published.
  await eventually(() => {
    const dropped = cloud.logs.filter(({ message }) => message === 'moments dropped, an hour late or more');
    expect(dropped).toMatchObject([{ severity: 'WARNING', fields: { watch, count: 1 } }]);
    expect(clocks.clockRuns(watch).at(-1)?.fields).toMatchObject({ published: 2, late: 1, dropped: 1 });
  });
});

test('an edited clock takes effect without a full sync or another channel, and one that is removed ends', async ({
  cloud,
  clocks,
}) => {
  const user = cloud.newUser();
  await cloud.as(user).insert(PRIMARY, { summary: 'Review', ...timesIn(11 * MINUTE) });
  const watch = await clocks.watched(user, ['start']);
  const [channel] = cloud.live(user);
  const full = fullLists(cloud, user).length;
  await cloud.watch(watch, { ...eventsOf(user), clock: ['-PT10M'] });
  await cloud.renew();
  await eventually(() => expect(clocks.told(watch)).toEqual(['Review -PT10M']));
  expect(fullLists(cloud, user)).toHaveLength(full);
  expect(cloud.live(user)).toMatchObject([{ id: channel?.id }]);
  await cloud.watch(watch, eventsOf(user));
  await cloud.renew();
  await eventually(async () => {
    expect(await fieldOf(cloud, watch, 'status')).not.toHaveProperty('clock');
    expect(await fieldOf(cloud, watch, 'status')).not.toHaveProperty('checkAt');
  });
});

test('a watch that is due because a person says so is polled, clock or not', async ({ cloud, clocks }) => {
  const user = cloud.newUser();
  const watch = await clocks.watched(user, ['start']);
  const calls = listCalls(cloud, user).length;
  await cloud.renewNow(watch);
  await eventually(() => expect(listCalls(cloud, user).length).toBeGreaterThan(calls));
  await cloud.processed(watch);
  expect(await clocks.nextDueAt(watch)).toBeGreaterThan(Date.now());
});

test('a paused watch publishes nothing, and what it owes from the last hour when it is back', async ({
  cloud,
  clocks,
}) => {
  const user = cloud.newUser();
  await cloud.as(user).insert(PRIMARY, { summary: 'Missed', ...timesIn(-10 * MINUTE) });
  const watch = await clocks.watched(user, ['start']);
  {
    const effect = { do: 'fail', status: 403, reason: 'forbidden' } as const;
    using _ = cloud.fault({ on: 'request', match: { user, method: 'calendar.events.list' }, effect });
    await cloud.renewNow(watch);
    await untilStatus(cloud, watch, { state: 'paused' });
    await clocks.moveBack(watch, 20 * MINUTE);
    await cloud.renew();
    await cloud.processed(watch);
    expect(clocks.told(watch)).toEqual([]);
  }
  await cloud.renewNow(watch);
  await untilStatus(cloud, watch, { state: 'pending' });
  await cloud.renewNow(watch);
  await eventually(() => expect(clocks.told(watch)).toEqual(['Missed start late']));
});

test('an invalid clock pauses the watch with a message that says what to write', async ({
  cloud,
  clocks,
}) => {
  const user = cloud.newUser();
  await cloud.as(user).insert(PRIMARY, { summary: 'Standup', ...timesIn(MINUTE) });
  const watch = await cloud.register({ ...eventsOf(user), clock: ['10 minutes before'] });
  await untilStatus(cloud, watch, {
    state: 'paused',
    reason: 'invalidSpec',
    detail:
      'spec.clock.moments.0: is neither "start" nor "end", nor a duration of at most 31 days before or after the start, such as "-PT10M" or "PT5M"',
  });
  await clocks.watched(user, ['start']);
  await eventually(() => expect(clocks.told(watch)).toEqual(['Standup start']));
});

test('a removed watch has no clock any more', async ({ cloud, clocks }) => {
  const [kept, purged] = [cloud.newUser(), cloud.newUser()];
  for (const [user, removed] of [
    [kept, 'keep'],
    [purged, 'purge'],
  ] as const) {
    await cloud.as(user).insert(PRIMARY, { summary: 'Later', ...timesIn(HOUR) });
    const watch = await clocks.watched(user, ['start']);
    await cloud.watch(watch, { ...eventsOf(user), clock: ['start'], removed });
    await cloud.renew();
    await untilStatus(cloud, watch, { state: 'removed' });
    expect(await fieldOf(cloud, watch, 'status.clock')).toBeUndefined();
    const due = await fieldOf(cloud, watch, 'nextDueAt');
    expect(due).toBeInstanceOf(Timestamp);
  }
});
