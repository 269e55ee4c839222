import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../../support/calendar/client.ts';
import { ADA, type Emulated, startEmulated } from '../../support/calendar/emulated.ts';
import { listAll } from '../../support/calendar/pages.ts';

let running: Emulated;

beforeEach(async () => {
  running = await startEmulated();
});
afterEach(() => running.stop());

const calendarId = 'primary';
const timed = {
  start: { dateTime: '2030-01-01T09:00:00Z' },
  end: { dateTime: '2030-01-01T10:00:00Z' },
};
const insert = async (requestBody: object, parameters: object = {}) =>
  (await running.ada.events.insert({ calendarId, requestBody, ...parameters })).data;
const patch = async (eventId: string, requestBody: object) =>
  (await running.ada.events.patch({ calendarId, eventId, requestBody })).data;
const bring = async (requestBody: object) =>
  (await running.ada.events.import({ calendarId, requestBody })).data;
const ids = async (parameters: object) =>
  (await listAll(running.ada, calendarId, parameters)).items.map(({ id }) => id);

describe('insert', () => {
  test('answers with the whole event', async () => {
    const event = await insert({ id: 'aaaaa', summary: 'Lunch', transparency: 'opaque', ...timed });
    expect(event).toMatchObject({
      kind: 'calendar#event',
      id: 'aaaaa',
      iCalUID: 'aaaaa@google.com',
      status: 'confirmed',
      summary: 'Lunch',
      eventType: 'default',
      sequence: 0,
      creator: { email: ADA, self: true },
      organizer: { email: ADA, self: true },
      start: { dateTime: '2030-01-01T09:00:00Z', timeZone: 'UTC' },
      reminders: { useDefault: true },
    });
    expect(event).not.toHaveProperty('transparency');
    expect((await running.ada.events.get({ calendarId, eventId: 'aaaaa' })).data).toEqual(event);
  });

  const birthday = { eventType: 'birthday', start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };
  test.each([
    ['no start', { end: timed.end }, 'required'],
    ['no end', { start: timed.start }, 'required'],
    ['an end before the start', { start: timed.end, end: timed.start }, 'timeRangeEmpty'],
    ['a date that ends with a time', { start: { date: '2030-01-01' }, end: timed.end }, 'invalid'],
    ['an id with letters beyond v', { id: 'xyzxyz', ...timed }, 'invalid'],
    ['an id of four letters', { id: 'aaaa', ...timed }, 'invalid'],
    ['a recurrence without a time zone', { ...timed, recurrence: ['RRULE:FREQ=DAILY'] }, 'required'],
    ['a recurrence that is none', { ...timed, recurrence: ['RRULE:FREQ=NEVER'] }, 'required'],
    ['a guest without an address', { ...timed, attendees: [{ displayName: 'X' }] }, 'required'],
    ['a colour that there is not', { ...timed, colorId: '12' }, 'invalid'],
    ['an event of Gmail', { ...timed, eventType: 'fromGmail' }, 'invalid'],
    ['a birthday every day', { ...birthday, recurrence: ['RRULE:FREQ=DAILY'] }, 'invalid'],
    ['a working location nowhere', { ...timed, eventType: 'workingLocation' }, 'required'],
    [
      'reminders of both kinds',
      { ...timed, reminders: { useDefault: true, overrides: [{ method: 'email', minutes: 1 }] } },
      'cannotUseDefaultRemindersAndSpecifyOverride',
    ],
    [
      'a reminder more than four weeks ahead',
      { ...timed, reminders: { overrides: [{ method: 'email', minutes: 40_321 }] } },
      'invalid',
    ],
  ])('refuses %s', async (_, requestBody, reason) => {
    expect(await refusal(insert(requestBody))).toMatchObject({ status: 400, reason });
  });

  test('refuses an id twice, even that of a deleted event', async () => {
    await insert({ id: 'aaaaa', ...timed });
    expect(await refusal(insert({ id: 'aaaaa', ...timed }))).toMatchObject({
      status: 409,
      reason: 'duplicate',
    });
    await running.ada.events.delete({ calendarId, eventId: 'aaaaa' });
    expect(await refusal(insert({ id: 'aaaaa', ...timed }))).toMatchObject({
      status: 409,
      reason: 'duplicate',
    });
  });

  test('drops extended properties with a long key and cuts long values', async () => {
    const event = await insert({
      ...timed,
      extendedProperties: { private: { ['k'.repeat(45)]: 'x', ['k'.repeat(44)]: 'v'.repeat(1025) } },
    });
    expect(event.extendedProperties).toEqual({ private: { ['k'.repeat(44)]: 'v'.repeat(1024) } });
  });

  test('makes a conference where the client says that it understands one', async () => {
    const conferenceData = { createRequest: { requestId: 'r1' } };
    expect(await insert({ ...timed, conferenceData })).not.toHaveProperty('conferenceData');
    const event = await insert({ ...timed, conferenceData }, { conferenceDataVersion: 1 });
    expect(event.conferenceData?.createRequest?.status?.statusCode).toBe('success');
    expect(event.hangoutLink).toMatch(/^https:\/\/meet\.google\.com\/[a-v]{3}-[a-v]{4}-[a-v]{3}$/);
  });
});

describe('a change', () => {
  test('of content moves etag and modification time; of the time also the sequence', async () => {
    const before = await insert({ id: 'aaaaa', ...timed });
    const renamed = await patch('aaaaa', { summary: 'Lunch' });
    expect(renamed.etag).not.toBe(before.etag);
    expect(renamed.sequence).toBe(0);
    const moved = await patch('aaaaa', { end: { dateTime: '2030-01-01T11:00:00Z' } });
    expect(moved.etag).not.toBe(renamed.etag);
    expect(moved.sequence).toBe(1);
  });

  test('that changes nothing is none', async () => {
    const before = await insert({ id: 'aaaaa', summary: 'Lunch', ...timed });
    expect(await patch('aaaaa', { summary: 'Lunch' })).toEqual(before);
  });

  test('by update leaves nothing of what it does not name, by patch everything', async () => {
    await insert({ id: 'aaaaa', summary: 'Lunch', location: 'Canteen', ...timed });
    expect(await patch('aaaaa', { summary: null })).toMatchObject({ location: 'Canteen' });
    const { data } = await running.ada.events.update({ calendarId, eventId: 'aaaaa', requestBody: timed });
    expect(data).not.toHaveProperty('location');
  });

  test('cannot turn an event into one of another type', async () => {
    await insert({ id: 'aaaaa', ...timed });
    expect(await refusal(patch('aaaaa', { eventType: 'focusTime' }))).toMatchObject({ status: 400 });
  });

  test('of a version that the client does not know is refused, and nothing happens', async () => {
    const { etag } = await insert({ id: 'aaaaa', summary: 'Lunch', ...timed });
    await patch('aaaaa', { summary: 'Dinner' });
    const late = running.ada.events.patch(
      { calendarId, eventId: 'aaaaa', requestBody: { summary: 'Breakfast' } },
      { headers: { 'If-Match': etag ?? '' } },
    );
    expect(await refusal(late)).toMatchObject({ status: 412, reason: 'conditionNotMet' });
    expect((await running.ada.events.get({ calendarId, eventId: 'aaaaa' })).data.summary).toBe('Dinner');
  });

  test('of a sequence number backwards is refused', async () => {
    await insert({ id: 'aaaaa', sequence: 3, ...timed });
    expect(await refusal(patch('aaaaa', { sequence: 2 }))).toMatchObject({ status: 400 });
  });
});

describe('delete', () => {
  test('leaves a cancelled event, hides it from lists, and works once', async () => {
    await insert({ id: 'aaaaa', summary: 'Lunch', ...timed });
    await running.ada.events.delete({ calendarId, eventId: 'aaaaa' });
    expect((await running.ada.events.get({ calendarId, eventId: 'aaaaa' })).data).toMatchObject({
      status: 'cancelled',
      summary: 'Lunch',
    });
    expect(await ids({})).toEqual([]);
    expect(await ids({ showDeleted: true })).toEqual(['aaaaa']);
    expect(await refusal(running.ada.events.delete({ calendarId, eventId: 'aaaaa' }))).toMatchObject({
      status: 410,
      reason: 'deleted',
    });
  });

  test('of what was never there is 404', async () => {
    expect(await refusal(running.ada.events.delete({ calendarId, eventId: 'nothing' }))).toMatchObject({
      status: 404,
    });
  });

  test('is forgotten after 30 days', async () => {
    await insert({ id: 'aaaaa', ...timed });
    await running.ada.events.delete({ calendarId, eventId: 'aaaaa' });
    running.emulator.clock.advance(31 * 86_400_000);
    expect(await ids({ showDeleted: true })).toEqual([]);
  });
});

describe('list', () => {
  beforeEach(async () => {
    await insert({
      id: 'lunch',
      summary: 'Lunch with Grace',
      location: 'Canteen',
      extendedProperties: { private: { a: '1' }, shared: { b: '2' } },
      ...timed,
    });
    await insert({ id: 'focus', eventType: 'focusTime', ...timed });
    await insert({ id: 'alldai', start: { date: '2030-01-02' }, end: { date: '2030-01-03' } });
  });

  test.each([
    ['events by type', { eventTypes: ['focusTime'] }, ['focus']],
    ['events by words, in any field', { q: 'canteen grace' }, ['lunch']],
    ['events by iCalUID', { iCalUID: 'lunch@google.com' }, ['lunch']],
    ['events by private property', { privateExtendedProperty: ['a=1'] }, ['lunch']],
    ['events by shared property', { sharedExtendedProperty: ['b=3'] }, []],
    ['nothing that ends exactly at timeMin', { timeMin: '2030-01-01T10:00:00Z' }, ['alldai']],
    ['nothing that starts exactly at timeMax', { timeMax: '2030-01-01T09:00:00Z' }, []],
    ['whole days until midnight of the calendar', { timeMin: '2030-01-02T23:59:59Z' }, ['alldai']],
  ])('finds %s', async (_, parameters, expected) => {
    expect(await ids(parameters)).toEqual(expected);
  });

  test.each([
    [
      'a time of modification long ago',
      { updatedMin: '2020-01-01T00:00:00Z', orderBy: 'updated' },
      'updatedMinTooLongAgo',
    ],
    [
      'a window that is empty',
      { timeMin: '2030-01-01T00:00:00Z', timeMax: '2030-01-01T00:00:00Z' },
      'timeRangeEmpty',
    ],
    ['an order by start for series, which have many', { orderBy: 'startTime' }, 'invalid'],
    ['a time without an offset', { timeMin: '2030-01-01T00:00:00' }, 'invalid'],
    ['a type that there is not', { eventTypes: ['party'] }, 'invalid'],
    ['pages of nothing', { maxResults: 0 }, 'invalid'],
  ])('refuses %s', async (_, parameters, reason) => {
    expect(await refusal(ids(parameters))).toMatchObject({ reason });
  });

  test('shows times in the time zone asked for', async () => {
    const { items } = await listAll(running.ada, calendarId, { timeZone: 'Asia/Tokyo', q: 'Lunch' });
    expect(items[0]?.start?.dateTime).toBe('2030-01-01T18:00:00+09:00');
  });

  test('shows only the participant where there are more guests than asked for', async () => {
    await patch('lunch', { attendees: [{ email: ADA }, { email: 'x@example.com' }] });
    const { items } = await listAll(running.ada, calendarId, { maxAttendees: 1, q: 'Lunch' });
    expect(items[0]).toMatchObject({ attendees: [{ email: ADA, self: true }], attendeesOmitted: true });
  });
});

describe('import', () => {
  const guest = { iCalUID: 'abc@elsewhere', organizer: { email: 'other@example.com' }, ...timed };
  test('keeps the organizer, and finds the event again by its iCalUID', async () => {
    const event = await bring({ summary: 'Talk', ...guest });
    expect(event.organizer).toEqual({ email: 'other@example.com' });
    const again = await bring({ summary: 'Talk, moved', ...guest });
    expect(again).toMatchObject({ id: event.id, summary: 'Talk, moved' });
    expect(await ids({})).toHaveLength(1);
  });

  test('needs an iCalUID and the default type', async () => {
    expect(await refusal(bring(timed))).toMatchObject({ status: 400 });
    expect(await refusal(bring({ ...guest, eventType: 'focusTime' }))).toMatchObject({ status: 400 });
  });
});

describe('move', () => {
  test('takes an event to another calendar, and leaves its id alone behind', async () => {
    const { data: other } = await running.ada.calendars.insert({ requestBody: { summary: 'Work' } });
    await insert({ id: 'aaaaa', summary: 'Lunch', ...timed });
    const destination = other.id ?? '';
    const { data } = await running.ada.events.move({ calendarId, eventId: 'aaaaa', destination });
    expect(data).toMatchObject({
      id: 'aaaaa',
      organizer: { email: destination, displayName: 'Work', self: true },
    });
    expect((await running.ada.events.get({ calendarId, eventId: 'aaaaa' })).data).toEqual({
      kind: 'calendar#event',
      etag: expect.any(String),
      id: 'aaaaa',
      status: 'cancelled',
    });
  });

  test('is for events of the default type', async () => {
    const { data: other } = await running.ada.calendars.insert({ requestBody: { summary: 'Work' } });
    await insert({ id: 'focus', eventType: 'focusTime', ...timed });
    const moved = running.ada.events.move({ calendarId, eventId: 'focus', destination: other.id ?? '' });
    expect(await refusal(moved)).toMatchObject({ status: 400 });
  });
});

test('quickAdd says that it does not read texts', async () => {
  const answer = running.ada.events.quickAdd({ calendarId, text: 'Lunch tomorrow' });
  expect(await refusal(answer)).toMatchObject({ status: 501 });
});
