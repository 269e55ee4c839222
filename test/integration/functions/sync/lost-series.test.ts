import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { clientOf } from '../../../support/emulator/client.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** Series mirrored as single events, of which Google's incremental lists cancel only some occurrences. */

const ADA = 'ada@example.com';
const LISTED = 6;
let bench: Awaited<ReturnType<typeof startSyncBench>>;
let made = 0;

beforeAll(async () => {
  bench = await startSyncBench({}, { initial: { users: [{ email: ADA }] }, maxCancelledOccurrences: LISTED });
});
afterAll(() => bench.close());

let watchId: string;
let calendarId: string;
const api = () => clientOf(bench.calendar.url, ADA);
const poll = () => bench.handle({ reason: 'poll', watchId });
const mirrored = async (): Promise<readonly string[]> =>
  (await bench.firestore.collection(`users/${ADA}/calendars/${calendarId}/events`).get()).docs.map(
    ({ id }) => id,
  );
/** Returns the calls of Google Calendar after the first `from`. */
const callsSince = (from: number): readonly string[] =>
  bench.calendar.journal
    .requests()
    .slice(from)
    .map(({ method }) => method.replace('calendar.events.', ''));
const calls = (): number => bench.calendar.journal.requests().length;

const hour = (at: string) => ({ dateTime: `2030-01-01T${at}:00:00Z`, timeZone: 'UTC' });

beforeEach(async () => {
  made += 1;
  watchId = `watch-${String(made)}`;
  calendarId = (await api().calendars.insert({ requestBody: { summary: watchId } })).data.id ?? '';
  const recurrence = ['RRULE:FREQ=WEEKLY;COUNT=24'];
  const requestBody = { id: 'series', start: hour('09'), end: hour('10'), recurrence };
  await api().events.insert({ calendarId, requestBody });
  await bench.writeSpec(watchId, { user: ADA, resource: 'events', calendarId, singleEvents: true });
  await poll();
});

describe('with singleEvents', () => {
  it('all 24 occurrences of a deleted series are deleted though Google lists six (F28)', async () => {
    expect(await mirrored()).toHaveLength(24);
    await api().events.delete({ calendarId, eventId: 'series' });
    const [from, published] = [calls(), bench.published.length];
    await poll();
    expect(await mirrored()).toEqual([]);
    expect(bench.published.length).toBe(published + 24);
    expect(callsSince(from)).toEqual(['list', 'get']);
  });

  it('a cancelled occurrence of an existing series is deleted alone', async () => {
    await api().events.delete({ calendarId, eventId: 'series_20300108T090000Z' });
    const from = calls();
    await poll();
    expect(await mirrored()).toHaveLength(23);
    expect(callsSince(from)).toEqual(['list', 'get']);
  });

  it('occurrences after the new end of a shortened series are deleted by a full sync', async () => {
    const recurrence = ['RRULE:FREQ=WEEKLY;UNTIL=20300116T000000Z'];
    await api().events.patch({ calendarId, eventId: 'series', requestBody: { recurrence } });
    await api().events.delete({ calendarId, eventId: 'series_20300108T090000Z' });
    await poll();
    expect(await mirrored()).toEqual(['series_20300101T090000Z', 'series_20300115T090000Z']);
  });

  it('a series that cannot be read fails the sync, which is retried', async () => {
    await api().events.delete({ calendarId, eventId: 'series' });
    const match = { method: 'calendar.events.get' };
    bench.calendar.faults.add({
      on: 'request',
      match,
      effect: { do: 'fail', status: 403, reason: 'forbidden' },
    });
    await poll();
    expect(await mirrored()).toHaveLength(24);
    const status = (await bench.firestore.doc(`watches/${watchId}`).get()).get('status');
    expect(status).toMatchObject({ state: 'paused', sync: { failures: 1, error: 'forbidden' } });
    bench.calendar.faults.clear();
    await poll();
    expect(await mirrored()).toEqual([]);
  });
});
