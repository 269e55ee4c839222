/** An edit behind a queue of its own watch's notifications, with pushes that take as long as on Google Cloud. */
import { setTimeout as pause } from 'node:timers/promises';
import { pushMessage } from '../../functions/feed/notification.ts';
import { watchIdOf } from '../../functions/watches/watch-id.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { until } from '../../infra/local/until.ts';
import { collectionOf, startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slowPush } from '../support/push-proxy.ts';
import { figure, type Mark, type Result, type Size } from './figures.ts';
import { idOf, largeCalendar } from './large-calendar.ts';

const PUSH_MS = 50;
const MOST_SECONDS = 3;
const MOST_LISTS = 10;
/** An edit that has not arrived after this long counts as if it had just arrived. */
const PATIENCE_MS = 120_000;
const DRAIN_MS = 600_000;
/** When the late edit is made, in a queue that already exists. */
const LATE_MS = 30_000;
/** How long an edit waits for the list call that it is to follow; longer than the pause between two of them. */
const MISS_MS = 5_000;

const userOf = (count: number): string => `behind-${count}@example.com`;
const specOf = (user: string) => ({ user, resource: 'events', calendarId: user }) as const;

/** Publishes what `receive` publishes for this many notifications of the watch's channel. */
async function fillQueue(cloud: Pipeline, watch: string, count: number): Promise<void> {
  const { channel } = await cloud.status(watch);
  const topic = cloud.pubsub.topic(NAMES.notifications, {
    messageOrdering: true,
    batching: { maxMessages: 1000, maxMilliseconds: 5 },
  });
  const message = (messageNumber: number) =>
    pushMessage(watch, {
      channelId: channel?.id ?? '',
      messageNumber,
      resourceId: 'resource',
      resourceState: 'exists',
      resourceUri: 'https://www.googleapis.com/calendar/v3/calendars/primary/events?alt=json',
      receivedAt: new Date().toISOString(),
    });
  // Far above the numbers that the channel itself has reached.
  const all = Array.from({ length: count }, (_, index) => topic.publishMessage(message(1_000_000 + index)));
  await Promise.all(all);
}

/** Edits an event and returns the seconds until Firestore has it, by Firestore's clock. */
async function edit(cloud: Pipeline, user: string, summary: string): Promise<number> {
  const document = cloud.firestore.doc(`${collectionOf(specOf(user))}/${idOf(0)}`);
  const editedAt = Date.now();
  await cloud.as(user).patch(`calendars/${user}/events/${idOf(0)}`, { summary });
  const mirroredAt = await until(
    async () => {
      const snapshot = await document.get();
      return snapshot.get('data.summary') === summary && snapshot.updateTime?.toMillis();
    },
    { what: 'the edit is mirrored', withinMs: PATIENCE_MS, everyMs: 100 },
  ).catch(() => editedAt + PATIENCE_MS);
  return (mirroredAt - editedAt) / 1000;
}

interface Queued {
  /** Seconds from the edit behind the queue to the mirror. */
  readonly seconds: number;
  /** When the queue was full, by `performance.now()`. */
  readonly filledAt: number;
  /** Waits until the last notification, that of the edit, is handled. Returns notifications per second, and list calls for all. */
  drained(): Promise<{ readonly perSecond: number; readonly lists: number }>;
}

/** Fills the queue of a user's watch, and edits behind it: after the next list call, or after `missMs` without one. */
async function editBehind(cloud: Pipeline, user: string, count: number, missMs: number): Promise<Queued> {
  const watch = watchIdOf(specOf(user));
  let handled = 0;
  const unfollow = cloud.onLog(({ message, fields }) => {
    const done = message === 'synced' || message === 'notification skipped';
    if (done && fields['watch'] === watch) handled += 1;
  });
  const lists = (): number =>
    cloud.calendar.journal.requests({ user, method: 'calendar.events.list' }).length;
  const before = lists();
  await fillQueue(cloud, watch, count);
  const filledAt = performance.now();
  // The edit that a sync has just missed waits longest.
  const listed = lists();
  await until(() => lists() > listed, { what: 'it is listed', withinMs: missMs, everyMs: 5 }).catch(() => {});
  const seconds = await edit(cloud, user, `behind ${count}`);
  return {
    seconds,
    filledAt,
    drained: async () => {
      await until(() => handled > count, { what: 'the queue is empty', withinMs: DRAIN_MS });
      unfollow();
      const perSecond = count / ((performance.now() - filledAt) / 1000);
      return { perSecond, lists: lists() - before };
    },
  };
}

const latency = (count: number, { seconds }: Queued): Mark => ({
  what: `s from an edit behind ${count} notifications to the mirror`,
  value: seconds,
  most: MOST_SECONDS,
});

export async function measureQueue(size: Size, tell: (line: string) => void): Promise<Result> {
  const [short, middle, long, lateMs, missMs] =
    size === 'full' ? [200, 2000, 10_000, LATE_MS, MISS_MS] : [3, 5, 7, 100, 100];
  const users = [short, middle, long].map(userOf);
  await using cloud = await startPipeline({
    calendar: {
      initial: { users: users.map((email) => ({ email, calendars: [largeCalendar(email, 3)] })) },
      channels: { deliveryDelayMs: [0, 0] },
    },
    env: { all: { MIN_SYNC_INTERVAL_SECONDS: '2' } },
  });
  await using slow = await slowPush(cloud.pubsub, cloud.urls.sync, PUSH_MS);
  tell(`pushes go through ${slow.url}`);
  for (const user of users) await cloud.watch(watchIdOf(specOf(user)), specOf(user));
  await cloud.renew();
  await cloud.untilTrue(PATIENCE_MS);

  const behind = (count: number): Promise<Queued> => {
    tell(`an edit behind ${count} notifications, each push of ${PUSH_MS} ms`);
    return editBehind(cloud, userOf(count), count, missMs);
  };
  const few = await behind(short);
  await few.drained();
  const many = await behind(middle);
  const { perSecond, lists } = await many.drained();
  // The rest of this queue ends with its cloud.
  const most = await behind(long);
  tell(`an edit ${lateMs / 1000} s into that queue`);
  await pause(Math.max(0, most.filledAt + lateMs - performance.now()));
  const late = await edit(cloud, userOf(long), 'late');

  return {
    figures: [
      figure(`notifications of a queue of ${middle} handled`, '/s', [perSecond]),
      figure(`edit ${lateMs / 1000} s into a queue of ${long}: to the mirror`, 's', [late]),
    ],
    marks: [
      latency(short, few),
      latency(middle, many),
      latency(long, most),
      { what: `list calls for ${middle} notifications and an edit`, value: lists, most: MOST_LISTS },
    ],
  };
}
