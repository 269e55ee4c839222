import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createClock } from '../../../infra/emulator/state/clock.ts';
import type { Json } from '../../../infra/emulator/protocol/body.ts';
import { putVerbatim } from '../../../infra/emulator/event/verbatim.ts';
import { type Store, createStore } from '../../../infra/emulator/state/store.ts';
import { inProcess } from '../../support/emulator/in-process.ts';
import { hostileItem } from '../../support/hostile-items.ts';

const ADA = 'ada@example.com';
const Answer = z.object({
  items: z.array(z.looseObject({ id: z.unknown() })).optional(),
  nextSyncToken: z.string().optional(),
});

let store: Store;
beforeEach(() => {
  store = createStore({ clock: createClock() });
  store.signIn(ADA);
});

const put = (event: Json): Json => {
  const calendar = store.calendars.get(ADA);
  if (!calendar) throw new Error('calendar not found');
  return putVerbatim(store, calendar, event);
};

/** Calls a method in process. Resolves to its answer, or to an error of the API. */
async function tolerated(id: string, params: object = {}, query: object = {}, body?: unknown) {
  return inProcess(store)(ADA, id, {
    params: { calendarId: ADA, ...params },
    query: { ...query },
    body,
  });
}

/** Calls a method that must not be rejected. Resolves to the body of its answer. */
async function call(...given: Parameters<typeof tolerated>): Promise<unknown> {
  const { body, reason } = await tolerated(...given);
  expect(reason).toBeUndefined();
  return body;
}

const list = async (query: object = {}) => Answer.parse(await call('events.list', {}, query));
const ids = async (query: object) => (await list(query)).items?.map(({ id }) => id);
const week = { timeMin: '2030-01-07T00:00:00Z', timeMax: '2030-01-14T00:00:00Z' };
const monday = { start: { date: '2030-01-07' }, end: { date: '2030-01-07' } };

describe('a verbatim event', () => {
  test('is served as given, with unknown fields and nulls', async () => {
    const given = {
      future: { of: ['calendars', null] },
      id: 'NOT base32hex',
      summary: null,
      eventType: 'party',
      etag: '"1"',
      updated: '2001-01-01T00:00:00.000Z',
      kind: 'calendar#event',
    };
    expect(put(given)).toEqual(given);
    expect(await call('events.get', { eventId: given.id })).toEqual(given);
    expect((await list({ timeZone: 'Asia/Tokyo', maxAttendees: 1 })).items).toEqual([given]);
  });

  test('gets a missing id, kind and etag, and a new etag when it is put in again', () => {
    const first = put(monday);
    expect(first).toEqual({
      kind: 'calendar#event',
      etag: expect.any(String),
      id: expect.any(String),
      ...monday,
    });
    expect(put({ id: first['id'], ...monday })['etag']).not.toBe(first['etag']);
  });

  test('is an edit in incremental lists, also when it replaces an event', async () => {
    await call('events.insert', {}, {}, { id: 'before', ...monday });
    const { nextSyncToken: syncToken } = await list();
    put({ id: 'before', odd: true });
    put({ id: 'gone', status: 'cancelled' });
    expect((await list({ syncToken })).items).toMatchObject([
      { odd: true },
      { id: 'gone', status: 'cancelled' },
    ]);
  });

  test('is found by its readable fields', async () => {
    put({ id: 'monday', summary: 'Lunch', ...monday, attendees: 'many' });
    put({ id: 'nowhen', start: { date: '2030-02-30' }, end: {} });
    put({
      id: 'odd',
      eventType: 'party',
      start: { dateTime: '2030-01-08T09:00:00+01:00', timeZone: 'Mars/Base' },
    });
    expect(await ids({})).toEqual(['monday', 'nowhen', 'odd']);
    expect(await ids({ ...week, q: 'lunch' })).toEqual(['monday']);
    expect(await ids({ ...week, singleEvents: true, orderBy: 'startTime' })).toEqual(['monday', 'odd']);
    expect(await ids({ eventTypes: 'default' })).toEqual(['monday', 'nowhen']);
  });

  test('becomes an ordinary event with the first edit by the API', async () => {
    put({ id: 'monday', odd: true, ...monday });
    const patched = await call('events.patch', { eventId: 'monday' }, {}, { summary: 'Lunch' });
    expect(patched).toMatchObject({ summary: 'Lunch', ...monday, status: 'confirmed' });
    expect(patched).not.toHaveProperty('odd');
    put({ id: 'monday', odd: true, ...monday });
    await call('events.delete', { eventId: 'monday' });
    expect(await call('events.get', { eventId: 'monday' })).toMatchObject({ status: 'cancelled' });
  });

  test('can have a type that clients cannot create, and keeps it when it is changed', async () => {
    put({ id: 'flight', eventType: 'fromGmail', ...monday });
    const patched = await call('events.patch', { eventId: 'flight' }, {}, { colorId: '3' });
    expect(patched).toMatchObject({ eventType: 'fromGmail', colorId: '3' });
  });

  test('has occurrences that share its fields', async () => {
    put({ id: 'series', odd: true, ...monday, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] });
    put({
      id: 'series_20300108',
      recurringEventId: 'series',
      originalStartTime: { date: '2030-01-08' },
      late: 1,
    });
    const { items } = await list({ singleEvents: true });
    expect(items).toHaveLength(3);
    expect(items).toMatchObject([
      { id: 'series_20300107', odd: true, recurringEventId: 'series' },
      { id: 'series_20300109', odd: true, originalStartTime: { date: '2030-01-09' } },
      { id: 'series_20300108', late: 1 },
    ]);
    expect(items?.[0]).not.toHaveProperty('recurrence');
  });

  test('has only its start if its rule cannot be expanded, and does not affect others', async () => {
    put({ id: 'series', ...monday, recurrence: ['RRULE:FREQ=SOMETIMES', 'X-NONSENSE'] });
    await call('events.insert', {}, {}, { id: 'other', ...monday });
    expect(await ids({ ...week, singleEvents: true })).toEqual(['series_20300107', 'other']);
    expect(await call('events.instances', { eventId: 'series' })).toMatchObject({
      items: [{ id: 'series_20300107' }],
    });
  });

  test('reports to lists of single events the occurrences that its rule no longer has', async () => {
    put({ id: 'series', ...monday, recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] });
    const { nextSyncToken: syncToken } = await list({ singleEvents: true });
    put({ id: 'series', ...monday });
    expect((await list({ singleEvents: true, syncToken })).items).toMatchObject([
      { id: 'series', ...monday },
      { id: 'series_20300107', status: 'cancelled' },
      { id: 'series_20300108', status: 'cancelled' },
    ]);
  });
});

test('no JSON event makes a method fail with an error that the API does not have', async () => {
  const times = fc.oneof(
    fc.record({ date: fc.constantFrom('2030-01-07', '9999-12-31', '0000-01-01', '2030-02-30') }),
    fc.record({ dateTime: fc.constantFrom('2030-01-07T09:00:00Z', '9999-12-31T23:59:59-12:00', 'noon') }),
  );
  const recurrence = fc.array(
    fc.constantFrom(
      'RRULE:FREQ=DAILY',
      'RRULE:FREQ=YEARLY;WKST=MO;INTERVAL=1;BYMONTHDAY=2',
      'RRULE:FREQ=DAILY;BYMONTHDAY=42',
      'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      'RRULE:FREQ=MONTHLY;INTERVAL=2;BYMONTH=4',
      'RRULE:COUNT=-1',
      'EXDATE;TZID=Mars/Base:20300108T090000',
      'RDATE:20300109',
      '',
    ),
    { minLength: 1, maxLength: 3 },
  );
  const odd = fc
    .tuple(hostileItem, fc.record({ start: times, end: times, recurrence }, { requiredKeys: [] }))
    .map(([item, known]): Json => ({ ...item, ...known, id: 'odd' }));
  await fc.assert(
    fc.asyncProperty(odd, odd, async (first, second) => {
      store.reset();
      store.signIn(ADA);
      const { nextSyncToken } = await list();
      const { nextSyncToken: single } = await list({ singleEvents: true });
      for (const event of [first, second]) {
        // Only JSON arrives over HTTP.
        put(z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(event))));
        await call('events.get', { eventId: 'odd' });
        await list();
        await list({ ...week, orderBy: 'startTime', singleEvents: true });
        await list({ eventTypes: 'default', q: 'odd', privateExtendedProperty: 'a=b' });
        await list({ timeMin: '9999-12-31T00:00:00Z', singleEvents: true });
        expect((await list({ syncToken: nextSyncToken })).items).toHaveLength(1);
        await list({ syncToken: single, singleEvents: true });
        await call('freebusy.query', {}, {}, { ...week, items: [{ id: ADA }] });
        await tolerated('events.instances', { eventId: 'odd' }, week);
        await tolerated('events.instances', { eventId: 'odd' });
      }
      await tolerated('events.patch', { eventId: 'odd' }, {}, { summary: 'Now an ordinary one' });
      await list();
      await tolerated('events.delete', { eventId: 'odd' });
      await list({ showDeleted: true });
    }),
    { numRuns: 25 },
  );
});
