/** How much of an instance's time a sync takes where eight share it, and where each runs alone. Google's answers take 200 ms here. */
import { PAGES_AT_ONCE as CONCURRENCY } from '../../functions/sync/create.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { figure, ratio, type Result, type Size } from './figures.ts';
import { idOf, largeCalendar } from './large-calendar.ts';
import { CALL_SECONDS } from './prices.ts';

/** A part of the time of syncs alone that is well below one, and that no instance reaches which serves them one by one. */
const MOST = 0.5;

interface Calendar {
  readonly id: string;
  readonly user: string;
}

/** Edits an event of each calendar, and returns the seconds in which sync handles all edits, divided by their number. */
async function secondsEach(cloud: Pipeline, calendars: readonly Calendar[], atOnce: number): Promise<number> {
  for (const { user } of calendars)
    await cloud
      .as(user)
      .patch(`calendars/${user}/events/${idOf(0)}`, { summary: `edited ${String(performance.now())}` });
  const waiting = [...calendars];
  const startedAt = performance.now();
  const pushAll = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await cloud.pushNow(next.id);
  };
  await Promise.all(Array.from({ length: atOnce }, pushAll));
  return (performance.now() - startedAt) / 1000 / calendars.length;
}

export async function measureSharing(size: Size, tell: (line: string) => void): Promise<Result> {
  const [count, rounds] = size === 'full' ? [64, 3] : [CONCURRENCY, 1];
  const calendars = Array.from({ length: count }, (_, index) => ({
    id: `watch-${String(index)}`,
    user: `user-${String(index)}@example.com`,
  }));
  const users = calendars.map(({ user }) => ({ email: user, calendars: [largeCalendar(user, 3)] }));
  const cloud = await startPipeline({ calendar: { initial: { users } } });
  try {
    for (const { id, user } of calendars) {
      await cloud.watch(id, { user, resource: 'events', calendarId: user });
      await cloud.pushNow(id);
    }
    using _ = cloud.fault({
      on: 'request',
      match: { method: 'calendar.events.list' },
      effect: { do: 'delay', ms: CALL_SECONDS.list * 1000 },
    });
    const [alone, shared]: [number[], number[]] = [[], []];
    for (let round = 1; round <= rounds; round += 1) {
      tell(`round ${String(round)}: ${String(count)} edits, one by one and ${String(CONCURRENCY)} at once`);
      alone.push(await secondsEach(cloud, calendars, 1));
      shared.push(await secondsEach(cloud, calendars, CONCURRENCY));
    }
    const one = figure('instance time of a sync that runs alone', 's', alone);
    const each = figure(`instance time of a sync, ${CONCURRENCY} at once`, 's', shared);
    return {
      figures: [one, each],
      marks: [ratio(`instance time, ${CONCURRENCY} at once / alone`, each, one, { most: MOST })],
    };
  } finally {
    await cloud[Symbol.asyncDispose]();
  }
}
