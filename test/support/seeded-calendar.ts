import type { SyncBench } from './sync-bench.ts';

export const ADA = 'ada@example.com';

let seeded = 0;

/** Seeds a new calendar with `count` events, and creates a watch on it. */
export async function seedCalendar(bench: SyncBench, count: number, summary = 'event') {
  seeded += 1;
  const calendarId = `calendar-${String(seeded)}@group.calendar.google.com`;
  const start = { dateTime: '2026-12-01T10:00:00Z' };
  const ids = Array.from({ length: count }, (_, index) => `event${String(index).padStart(5, '0')}`);
  const events = ids.map((id) => ({ id, summary, start, end: start }));
  bench.calendar.seed({ users: [{ email: ADA, calendars: [{ id: calendarId, summary: 'test', events }] }] });
  const watchId = `watch-${String(seeded)}`;
  await bench.writeSpec(watchId, { user: ADA, resource: 'events', calendarId });
  const documents = bench.firestore.collection(`users/${ADA}/calendars/${calendarId}/events`);
  return {
    calendarId,
    watchId,
    ids,
    documents,
    outbox: bench.firestore.collection(`watches/${watchId}/outbox`),
    poll: { reason: 'poll', watchId } as const,
    mirrored: () => documents.get(),
    /** Returns the sequences published so far, with repetitions. */
    numbers: () =>
      bench.published.filter((id) => id.startsWith(`${watchId}/`)).map((id) => Number(id.split('/')[1])),
  };
}

/** Returns the numbers from 1 to `count`. */
export const upTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
