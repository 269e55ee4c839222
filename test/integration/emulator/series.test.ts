import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../../support/emulator/client.ts';
import { type Emulated, startEmulated } from '../../support/emulator/emulated.ts';
import { listAll } from '../../support/emulator/pages.ts';

let running: Emulated;
const calendarId = 'primary';

beforeEach(async () => {
  running = await startEmulated();
  await running.ada.events.insert({
    calendarId,
    requestBody: {
      id: 'series',
      summary: 'Stand-up',
      start: { dateTime: '2030-01-01T09:00:00', timeZone: 'Europe/Zurich' },
      end: { dateTime: '2030-01-01T09:15:00', timeZone: 'Europe/Zurich' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=4'],
    },
  });
});
afterEach(() => running.stop());

const second = 'series_20300102T080000Z';
const patch = async (eventId: string, requestBody: object) =>
  (await running.ada.events.patch({ calendarId, eventId, requestBody })).data;
const list = async (parameters: object = {}) => (await listAll(running.ada, calendarId, parameters)).items;
const instances = async (parameters: object = {}) =>
  (await running.ada.events.instances({ calendarId, eventId: 'series', ...parameters })).data.items ?? [];

describe('an occurrence', () => {
  test('is found by the id of its series and its start in UTC', async () => {
    const { data } = await running.ada.events.get({ calendarId, eventId: second });
    expect(data).toMatchObject({
      id: second,
      summary: 'Stand-up',
      recurringEventId: 'series',
      originalStartTime: { dateTime: '2030-01-02T08:00:00Z', timeZone: 'Europe/Zurich' },
    });
    expect(data).not.toHaveProperty('recurrence');
  });

  test.each([
    ['series_20300102T090000Z'],
    ['series_20300105T080000Z'],
    ['series_20300102'],
    ['other_20300102'],
  ])('that does not exist is 404: %s', async (eventId) => {
    expect(await refusal(running.ada.events.get({ calendarId, eventId }))).toMatchObject({ status: 404 });
  });

  test('that is changed becomes an exception, and keeps its original start when moved', async () => {
    await patch(second, {
      summary: 'Late',
      start: { dateTime: '2030-01-02T12:00:00Z' },
      end: { dateTime: '2030-01-02T12:15:00Z' },
    });
    expect((await list()).map(({ id }) => id)).toEqual(['series', second]);
    expect((await instances()).map(({ id, summary }) => [id, summary])).toEqual([
      ['series_20300101T080000Z', 'Stand-up'],
      [second, 'Late'],
      ['series_20300103T080000Z', 'Stand-up'],
      ['series_20300104T080000Z', 'Stand-up'],
    ]);
    expect(await instances({ originalStart: '2030-01-02T08:00:00Z' })).toMatchObject([{ summary: 'Late' }]);
  });

  test('that is deleted stays in lists of series as cancelled, with its identifying fields', async () => {
    await running.ada.events.delete({ calendarId, eventId: second });
    expect((await list()).at(-1)).toEqual({
      kind: 'calendar#event',
      etag: expect.any(String),
      id: second,
      status: 'cancelled',
      recurringEventId: 'series',
      originalStartTime: { dateTime: '2030-01-02T08:00:00Z', timeZone: 'Europe/Zurich' },
    });
    expect(await list({ singleEvents: true })).toHaveLength(3);
    expect(await instances()).toHaveLength(3);
    expect(await instances({ showDeleted: true })).toHaveLength(4);
    expect(await refusal(running.ada.events.delete({ calendarId, eventId: second }))).toMatchObject({
      status: 410,
    });
  });

  test('that hides more applies to its whole series, and does not become an exception', async () => {
    const third = 'series_20300103T080000Z';
    await patch(third, { summary: 'Late' });
    const { syncToken } = await listAll(running.ada, calendarId);
    expect(await patch(second, { visibility: 'private' })).toMatchObject({ visibility: 'private' });
    const changed = (await list({ syncToken })).map(({ id, visibility }) => [id, visibility]);
    expect(changed).toEqual([
      ['series', 'private'],
      [third, 'private'],
    ]);
    expect((await instances()).map(({ visibility }) => visibility)).toEqual(Array(4).fill('private'));
  });

  test('cannot hide less than its series', async () => {
    await patch('series', { visibility: 'private' });
    const open = await patch(second, { visibility: 'public', summary: 'Open' });
    expect(open).toMatchObject({ visibility: 'private', summary: 'Open' });
    const series = await running.ada.events.get({ calendarId, eventId: 'series' });
    expect(series.data.visibility).toBe('private');
    expect(await patch('series', { visibility: 'public' })).toMatchObject({ visibility: 'public' });
  });

  test('cannot be moved to another calendar', async () => {
    const { data: other } = await running.ada.calendars.insert({ requestBody: { summary: 'Work' } });
    const moved = running.ada.events.move({ calendarId, eventId: second, destination: other.id ?? '' });
    expect(await refusal(moved)).toMatchObject({ reason: 'cannotChangeOrganizerOfInstance' });
  });
});

describe('a series', () => {
  test('is listed as its occurrences with singleEvents, in order of their start', async () => {
    const items = await list({ singleEvents: true, orderBy: 'startTime' });
    expect(items.map(({ id }) => id)).toEqual([1, 2, 3, 4].map((day) => `series_2030010${day}T080000Z`));
  });

  test('is in a window if one of its occurrences is', async () => {
    const window = { timeMin: '2030-01-03T00:00:00Z', timeMax: '2030-01-04T00:00:00Z' };
    expect(await list(window)).toMatchObject([{ id: 'series' }]);
    expect(await list({ ...window, singleEvents: true })).toMatchObject([{ id: 'series_20300103T080000Z' }]);
    expect(await list({ timeMin: '2030-01-05T00:00:00Z' })).toEqual([]);
  });

  test('is deleted with all its exceptions, also in incremental lists', async () => {
    await patch(second, { summary: 'Late' });
    await running.ada.events.delete({ calendarId, eventId: 'series_20300103T080000Z' });
    const { syncToken } = await listAll(running.ada, calendarId);
    await running.ada.events.delete({ calendarId, eventId: 'series' });
    const changed = await list({ syncToken });
    expect(changed.map(({ id, status }) => [id, status])).toEqual([
      ['series', 'cancelled'],
      [second, 'cancelled'],
      ['series_20300103T080000Z', 'cancelled'],
    ]);
    expect(await list()).toEqual([]);
    expect(await list({ singleEvents: true })).toEqual([]);
  });

  test.each([
    ['deleted', { status: 'cancelled' }, { status: 'confirmed' }],
    ['a single event', { recurrence: null }, { recurrence: ['RRULE:FREQ=DAILY;COUNT=4'] }],
  ])('that was %s has no cancelled occurrences until it is restored', async (_was, end, back) => {
    await running.ada.events.delete({ calendarId, eventId: second });
    await patch('series', end);
    const { items, syncToken } = await listAll(running.ada, calendarId);
    expect(items.map(({ id }) => id)).not.toContain(second);
    await patch('series', back);
    const changed = await list({ syncToken });
    expect(changed.map(({ id, status }) => [id, status])).toEqual([
      ['series', 'confirmed'],
      [second, 'cancelled'],
    ]);
    expect(await list()).toEqual(changed);
  });

  test('reports lost occurrences in incremental lists of single events', async () => {
    const { syncToken } = await listAll(running.ada, calendarId, { singleEvents: true });
    await patch('series', { recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] });
    const changed = await list({ singleEvents: true, syncToken });
    expect(changed.map(({ id, status }) => [id, status])).toEqual([
      ['series_20300101T080000Z', 'confirmed'],
      ['series_20300102T080000Z', 'confirmed'],
      ['series_20300103T080000Z', 'confirmed'],
      ['series_20300104T080000Z', 'cancelled'],
    ]);
  });

  test('drops exceptions of occurrences that it no longer has', async () => {
    await patch('series_20300104T080000Z', { summary: 'Last' });
    await patch('series', { recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] });
    expect(await list({ singleEvents: true })).toHaveLength(2);
  });

  test('without an end is expanded two years ahead, with the same list tomorrow', async () => {
    await patch('series', { recurrence: ['RRULE:FREQ=WEEKLY'] });
    const today = await list({ singleEvents: true });
    expect(today.length).toBeGreaterThan(100);
    running.emulator.clock.advance(86_400_000);
    expect(await list({ singleEvents: true })).toEqual(today);
  });

  test('of all-day events has dates in its ids', async () => {
    await running.ada.events.insert({
      calendarId,
      requestBody: {
        id: 'holidai',
        start: { date: '2030-03-01' },
        end: { date: '2030-03-02' },
        recurrence: ['RRULE:FREQ=YEARLY;COUNT=2'],
      },
    });
    const { data } = await running.ada.events.instances({ calendarId, eventId: 'holidai' });
    expect(data.items?.map(({ id, start }) => [id, start])).toEqual([
      ['holidai_20300301', { date: '2030-03-01' }],
      ['holidai_20310301', { date: '2031-03-01' }],
    ]);
  });
});

/** Restarts the emulator with options, and a series of four days. */
const restart = async (options: Parameters<typeof startEmulated>[0]) => {
  await running.stop();
  running = await startEmulated(options);
  const times = { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };
  const recurrence = ['RRULE:FREQ=DAILY;COUNT=4'];
  await running.ada.events.insert({ calendarId, requestBody: { id: 'series', ...times, recurrence } });
};

describe('as Google does occasionally', () => {
  test('an incremental list has only some of the occurrences of a deleted series', async () => {
    await restart({ maxCancelledOccurrences: 2 });
    const { syncToken } = await listAll(running.ada, calendarId, { singleEvents: true });
    await running.ada.events.delete({ calendarId, eventId: 'series' });
    const { items } = await listAll(running.ada, calendarId, { singleEvents: true, syncToken });
    expect(items.map(({ id, status }) => [id, status])).toEqual([
      ['series_20300101', 'cancelled'],
      ['series_20300102', 'cancelled'],
    ]);
  });

  test('a full list keeps the cancelled occurrences of a deleted series, and nothing else deleted', async () => {
    await restart({ orphanedOccurrences: true });
    for (const eventId of ['series_20300102', 'series']) {
      await running.ada.events.delete({ calendarId, eventId });
    }
    expect((await list()).map(({ id }) => id)).toEqual(['series_20300102']);
    expect(await list({ singleEvents: true })).toEqual([]);
  });
});

test('an event that is not a series has no instances', async () => {
  const refused = running.ada.events.instances({ calendarId, eventId: second });
  expect(await refusal(refused)).toMatchObject({ status: 400 });
});
