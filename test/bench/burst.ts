/** Many notifications at once: how many list calls they cost, and how long an edit waits behind them. */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../infra/local/until.ts';
import { startTestCloud } from '../support/cloud.ts';
import { figure, type Result, type Size } from './figures.ts';
import { measureQueue } from './queue.ts';

const MOST_LISTS = 7;
const PATIENCE_MS = 300_000;

export async function measureBurst(size: Size, tell: (line: string) => void): Promise<Result> {
  const spread = await measureSpread(size, tell);
  const queue = await measureQueue(size, tell);
  return { figures: [...spread.figures, ...queue.figures], marks: [...spread.marks, ...queue.marks] };
}

/** 10,000 notifications of 100 watches within 10 seconds. */
async function measureSpread(size: Size, tell: (line: string) => void): Promise<Result> {
  const [watches, each, withinMs] = size === 'full' ? [100, 100, 10_000] : [2, 5, 100];
  const users = Array.from({ length: watches }, (_, index) => `user-${index}@example.com`);
  await using cloud = await startTestCloud({
    calendar: { initial: { users: users.map((email) => ({ email })) } },
    env: { all: { MIN_SYNC_INTERVAL_SECONDS: '2' } },
  });
  tell(`${watches} watches`);
  for (const [index, user] of users.entries())
    await cloud.watch(`watch-${index}`, { user, resource: 'events', calendarId: user });
  await cloud.renew();
  await cloud.untilTrue(PATIENCE_MS);
  await cloud.calendar.settle();

  const lists = (user: string): number =>
    cloud.calendar.journal.requests({ user, method: 'calendar.events.list' }).length;
  const before = new Map(users.map((user) => [user, lists(user)]));
  let done = 0;
  cloud.onLog(({ message }) => {
    if (message === 'synced' || message === 'notification skipped') done += 1;
  });
  tell(`${watches * each} notifications in ${withinMs / 1000} s`);
  const startedAt = performance.now();
  for (let round = 0; round < each; round += 1) {
    void cloud.calendar.channels.notify({ resource: 'events' });
    await pause(Math.max(0, startedAt + ((round + 1) * withinMs) / each - performance.now()));
  }
  await cloud.calendar.settle();
  await until(() => done >= watches * each, {
    what: 'every notification is done with',
    withinMs: PATIENCE_MS,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const calls = users.map((user) => lists(user) - (before.get(user) ?? 0));
  return {
    figures: [
      figure('list calls of a watch', 'calls', calls),
      figure(`all ${watches * each} done with after`, 's', [seconds]),
    ],
    marks: [{ what: 'most list calls of a watch', value: Math.max(...calls), most: MOST_LISTS }],
  };
}
