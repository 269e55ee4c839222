import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { readTimeZone } from '../../../../functions/agenda/index.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** A calendar's time zone changes: its mirrored documents follow, and nothing is announced. */

const ADA = 'ada@example.com';
const WATCH = 'ada-events';
const EVENTS = `users/${ADA}/calendars/${ADA}/events`;
let bench: Awaited<ReturnType<typeof startSyncBench>>;

const poll = () => bench.handle({ reason: 'poll', watchId: WATCH });
const api = () => clientOf(bench.calendar.url, ADA);
const moveTo = (timeZone: string) => api().calendars.patch({ calendarId: ADA, requestBody: { timeZone } });
const startOf = async (id: string): Promise<string> =>
  (await bench.firestore.doc(`${EVENTS}/${id}`).get()).get('startsAt').toDate().toISOString();
const status = async (field: string): Promise<unknown> =>
  (await bench.firestore.doc(`watches/${WATCH}`).get()).get(`status.sync.${field}`);

const day = (id: string, date: string, end: string) => ({ id, start: { date }, end: { date: end } });

beforeAll(async () => {
  const hour = { dateTime: '2026-12-01T10:00:00Z' };
  const events = [
    day('whole', '2026-12-01', '2026-12-02'),
    { ...day('daily', '2026-12-03', '2026-12-04'), recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] },
    { id: 'hour', start: hour, end: hour },
  ];
  const calendars = [{ id: ADA, summary: ADA, timeZone: 'Europe/Berlin', events }];
  bench = await startSyncBench({}, { initial: { users: [{ email: ADA, calendars }] }, pageLimit: 2 });
  await bench.writeSpec(WATCH, { user: ADA, resource: 'events', calendarId: ADA });
  await poll();
});
afterAll(() => bench.close());

it('derived fields and offsets follow the calendar’s time zone without a change', async () => {
  expect(await startOf('whole')).toBe('2026-11-30T23:00:00.000Z');
  expect(await status('timeZone')).toBe('Europe/Berlin');
  const [published, sequence] = [bench.published.length, await status('sequence')];
  const before = await bench.firestore.doc(`${EVENTS}/whole`).get();

  await moveTo('Asia/Tokyo');
  await poll();
  expect(await startOf('whole')).toBe('2026-11-30T15:00:00.000Z');
  expect(await startOf('daily')).toBe('2026-12-02T15:00:00.000Z');
  expect(await startOf('hour')).toBe('2026-12-01T10:00:00.000Z');
  const { docs } = await bench.firestore.collection(EVENTS).get();
  const listed = (await api().events.list({ calendarId: ADA, maxResults: 2 })).data;
  const next = (await api().events.list({ calendarId: ADA, pageToken: listed.nextPageToken ?? '' })).data;
  const byId = new Map([...(listed.items ?? []), ...(next.items ?? [])].map((item) => [item.id, item]));
  for (const each of docs) expect(each.get('data')).toEqual(byId.get(each.id));

  expect([bench.published.length, await status('sequence')]).toEqual([published, sequence]);
  const after = await bench.firestore.doc(`${EVENTS}/whole`).get();
  for (const field of ['sequence', 'mirroredAt', 'etag']) expect(after.get(field)).toEqual(before.get(field));
  expect(await status('timeZone')).toBe('Asia/Tokyo');
  // An agenda's window follows without a watch of the calendar list.
  expect(await readTimeZone(bench.firestore, { user: ADA, calendarId: ADA })).toBe('Asia/Tokyo');

  const lists = bench.listCalls();
  await poll();
  expect(bench.listCalls()).toBe(lists + 1);
});

it('an edit at the same time is announced, and nothing else', async () => {
  const published = bench.published.length;
  await moveTo('America/New_York');
  await api().events.patch({ calendarId: ADA, eventId: 'hour', requestBody: { summary: 'edited' } });
  await poll();
  expect(bench.published.length).toBe(published + 1);
  expect(await startOf('whole')).toBe('2026-12-01T05:00:00.000Z');
});

it('a full sync repairs wrong derived fields without a change', async () => {
  const document = bench.firestore.doc(`${EVENTS}/whole`);
  const right = (await document.get()).data();
  await document.update({ startsAt: Timestamp.fromMillis(0), status: null });
  const published = bench.published.length;
  await bench.handle({ reason: 'manual', watchId: WATCH, full: true });
  expect((await document.get()).data()).toEqual(right);
  expect(bench.published.length).toBe(published);
});
