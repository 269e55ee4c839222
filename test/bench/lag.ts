/** The time from an edit in Google Calendar to its document and to its message on the feed, beside the unavoidable hops. */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../infra/local/until.ts';
import { watchIdOf } from '../../functions/watches/watch-id.ts';
import { clientOf } from '../support/emulator/client.ts';
import { collectionOf, startPipeline, type Pipeline } from '../support/pipeline.ts';
import { figure, type Figure, type Mark, type Result, type Size } from './figures.ts';
import { measureHops, type Hops } from './hops.ts';
import { idOf, largeCalendar } from './large-calendar.ts';

const PATIENCE_MS = 120_000;
const MOST = 1.5;
/** Longer than the least interval between two syncs of a watch (MIN_SYNC_INTERVAL_SECONDS). */
const SPACED_MS = 2_500;

interface Lags {
  readonly mirror: readonly number[];
  readonly feed: readonly number[];
}

const specOf = (user: string) => ({ user, resource: 'events', calendarId: user }) as const;

/**
 * Edits one event of each user in turn, `everyMs` apart, until each edit is in the mirror and on the feed. The time of the mirror is
 * Firestore's update time, on the same machine by the same clock: listeners would load its emulator more than all syncs do.
 */
async function follow(
  cloud: Pipeline,
  users: readonly string[],
  edits: number,
  everyMs: number,
  label: string,
): Promise<Lags> {
  const edited = new Map<string, { readonly user: string; readonly at: number }>();
  const mirror: Promise<number>[] = [];
  const feed = new Map<string, number>();
  const writtenAt = async (user: string): Promise<number> => {
    const document = await cloud.firestore.doc(`${collectionOf(specOf(user))}/${idOf(0)}`).get();
    return document.updateTime?.toMillis() ?? Number.NaN;
  };
  const unfollow = cloud.feed.onMessage(({ after }) => {
    const summary = String(after?.['summary']);
    const edit = edited.get(summary);
    if (edit === undefined || feed.has(summary)) return;
    feed.set(summary, Date.now() - edit.at);
    mirror.push(writtenAt(edit.user).then((at) => at - edit.at));
  });
  try {
    const startedAt = Date.now();
    for (let edit = 0; edit < edits; edit += 1) {
      await pause(Math.max(0, startedAt + edit * everyMs - Date.now()));
      const user = users[edit % users.length] ?? '';
      const summary = `${label} ${edit}`;
      edited.set(summary, { user, at: Date.now() });
      await cloud.as(user).patch(`calendars/${user}/events/${idOf(0)}`, { summary });
    }
    await until(() => feed.size === edits, { what: 'every edit has arrived', withinMs: PATIENCE_MS });
  } finally {
    unfollow();
  }
  return { mirror: await Promise.all(mirror), feed: [...feed.values()] };
}

/** The least time that an edit takes. */
const least = ({ push, list, commit, publish }: Hops) => {
  const mirror = push.median + list.median + commit.median;
  return { mirror, feed: mirror + publish.median };
};

function judge(name: string, lags: Lags, hops: Hops): { figures: Figure[]; marks: Mark[] } {
  const sums = least(hops);
  const figures = [
    figure(`${name}: edit to mirror`, 'ms', lags.mirror),
    figure(`${name}: edit to feed`, 'ms', lags.feed),
  ];
  const value = (index: 0 | 1): number => figures[index]?.median ?? Number.NaN;
  return {
    figures,
    marks: [
      { what: `${name}: edit to mirror / its hops`, value: value(0) / sums.mirror, most: MOST },
      { what: `${name}: edit to feed / its hops`, value: value(1) / sums.feed, most: MOST },
    ],
  };
}

export async function measureLag(size: Size, tell: (line: string) => void): Promise<Result> {
  const [watches, alone, many, times] = size === 'full' ? [500, 20, 500, 30] : [3, 2, 3, 3];
  const users = Array.from({ length: watches }, (_, index) => `user-${index}@example.com`);
  await using cloud = await startPipeline({
    calendar: {
      initial: { users: users.map((email) => ({ email, calendars: [largeCalendar(email, 3)] })) },
      channels: { deliveryDelayMs: [0, 0] },
    },
    env: { all: { MIN_SYNC_INTERVAL_SECONDS: '2' } },
  });
  tell(`${watches} watches`);
  for (const user of users) await cloud.watch(watchIdOf(specOf(user)), specOf(user));
  for (let left = watches; left > 0; left = (await cloud.renew()).remaining) tell(`${left} watches are new`);
  await cloud.untilTrue(PATIENCE_MS);

  const [user = ''] = users;
  const api = clientOf(cloud.calendar.url, user);
  const { data } = await api.events.list({ calendarId: user });
  const hops = await measureHops(
    cloud,
    () => api.events.list({ calendarId: user, syncToken: data.nextSyncToken ?? '' }),
    times,
  );
  tell(`${alone} edits one at a time`);
  const single = judge(
    'one at a time',
    await follow(cloud, users.slice(0, 1), alone, SPACED_MS, 'alone'),
    hops,
  );
  tell(`${many} edits, 50 a second`);
  // The user that was edited alone comes last, as its watch may not sync again at once.
  const crowd = judge('50 a second', await follow(cloud, users.toReversed(), many, 20, 'crowd'), hops);
  return {
    figures: [...Object.values(hops), ...single.figures, ...crowd.figures],
    marks: [...single.marks, ...crowd.marks],
  };
}
