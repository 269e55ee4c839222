/** A genuine request that an attacker repeats: each is accepted, and together they cost next to nothing. */
import { Timestamp } from '@google-cloud/firestore';
import pLimit from 'p-limit';
import { expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { AT } from '../support/extra-items.ts';
import { untilHandled } from '../support/marker.ts';
import { notificationHeaders, sendNotification } from '../support/notification-request.ts';
import type { Pipeline } from '../support/pipeline.ts';

const TWO_HOURS_MS = 7_200_000;
const REPLAYS = 75;

const test = cloudTest({ env: { sync: { MIN_SYNC_INTERVAL_SECONDS: '3600' } } });

/** Creates a watch that has synced, and the request of its channel's notifications. */
async function watched(cloud: Pipeline) {
  const user = cloud.newUser();
  const spec = { user, resource: 'events', calendarId: user } as const;
  await cloud.as(user).insert('calendars/primary/events', { summary: 'one', ...AT });
  const watch = await cloud.register(spec);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(1));
  await cloud.calendar.settle();
  await untilHandled(cloud, watch);
  const [channel] = cloud.live(user);
  const headers = {
    ...notificationHeaders(channel?.id ?? '', channel?.token ?? ''),
    'X-Goog-Resource-ID': channel?.resourceId,
    'X-Goog-Resource-URI': channel?.resourceUri,
  };
  const limit = pLimit(20);
  return {
    spec,
    watch,
    document: cloud.firestore.doc(`watches/${watch}`),
    lists: () => cloud.calls(user).filter(({ method }) => method === 'calendar.events.list').length,
    /** Sends the request many times, waits until each is handled, and returns the statuses of the responses. */
    replay: async (): Promise<Set<number | undefined>> => {
      const send = () => limit(() => sendNotification(cloud.urls.receive, headers));
      const answers = await Promise.all(Array.from({ length: REPLAYS }, send));
      await untilHandled(cloud, watch);
      return new Set(answers.map(({ status }) => status));
    },
  };
}

test('75 replays cost no list call within the least interval, and one once it has passed', async ({
  cloud,
}) => {
  const { watch, lists, replay, document } = await watched(cloud);
  // Two if renew updated the watch during the first list of its own poll: a conflict, and another list.
  const before = lists();
  expect([1, 2]).toContain(before);
  expect(await replay()).toEqual(new Set([204]));
  expect(lists()).toBe(before);
  for (const round of [1, 2]) {
    // As though the last sync had started two hours ago.
    await document.update({ 'status.sync.startedAt': Timestamp.fromMillis(Date.now() - TWO_HOURS_MS) });
    expect(await replay()).toEqual(new Set([204]));
    expect(lists()).toBe(before + round);
  }
  expect(cloud.history(watch)).toHaveLength(1);
});

test('replays for a watch that was removed cost no list call', async ({ cloud }) => {
  const { spec, watch, lists, replay, document } = await watched(cloud);
  await cloud.watch(watch, { ...spec, removed: 'keep' });
  await cloud.renew();
  await eventually(async () => expect((await cloud.status(watch)).state).toBe('removed'));
  const before = lists();
  const { updateTime } = await document.get();
  expect(await replay()).toEqual(new Set([204]));
  expect(lists()).toBe(before);
  expect((await document.get()).updateTime).toEqual(updateTime);
});
