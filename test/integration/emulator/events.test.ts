import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../../support/emulator/client.ts';
import { ADA, type Emulated, startEmulated } from '../../support/emulator/emulated.ts';
import { listAll } from '../../support/emulator/pages.ts';

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
  test('returns the whole event', async () => {
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

  const large = {
    private: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`key${index}`, 'x'.repeat(1024)])),
  };
  test.each([
    ['no start', { end: timed.end }, 'required'],
    ['no end', { start: timed.start }, 'required'],
    ['an end before the start', { start: timed.end, end: timed.start }, 'timeRangeEmpty'],
    [
      'a day before the start',
      { start: { date: '2030-01-02' }, end: { date: '2030-01-01' } },
      'timeRangeEmpty',
    ],
    ['a start date with an end time', { start: { date: '2030-01-01' }, end: timed.end }, 'invalid'],
    ['an id with letters beyond v', { id: 'xyzxyz', ...timed }, 'invalid'],
    ['an id of four letters', { id: 'aaaa', ...timed }, 'invalid'],
    ['a recurrence without a time zone', { ...timed, recurrence: ['RRULE:FREQ=DAILY'] }, 'required'],
    ['an invalid recurrence', { ...timed, recurrence: ['RRULE:FREQ=NEVER'] }, 'required'],
    ['an attendee without an address', { ...timed, attendees: [{ displayName: 'X' }] }, 'required'],
    ['an unknown colour', { ...timed, colorId: '12' }, 'invalid'],
    ['a source that is not a web address', { ...timed, source: { url: 'ftp://example.com' } }, 'invalid'],
    ['more than 32 kB of extended properties', { ...timed, extendedProperties: large }, 'invalid'],
    ['an event of type fromGmail', { ...timed, eventType: 'fromGmail' }, 'invalid'],
    ['a working location without a place', { ...timed, eventType: 'workingLocation' }, 'required'],
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
  ])('rejects %s', async (_, requestBody, reason) => {
    expect(await refusal(insert(requestBody))).toMatchObject({ status: 400, reason });
  });

  test.each([
    ['id', { id: 'aaaaa' }],
    ['iCalUID', { iCalUID: 'uid@example.org' }],
  ])('rejects a used %s, even of a deleted event', async (_, identifier) => {
    const { id } = await insert({ ...identifier, ...timed });
    const taken = { status: 409, reason: 'duplicate' };
    expect(await refusal(insert({ ...identifier, ...timed }))).toMatchObject(taken);
    await running.ada.events.delete({ calendarId, eventId: id ?? '' });
    expect(await refusal(insert({ ...identifier, ...timed }))).toMatchObject(taken);
  });

  test('generates an id if the given one is empty', async () => {
    expect((await insert({ id: '', ...timed })).id).toMatch(/^[a-v0-9]{26}$/);
  });

  test('takes integers as text', async () => {
    const overrides = [{ method: 'popup', minutes: '10' }];
    const event = await insert({ ...timed, sequence: '2', reminders: { useDefault: false, overrides } });
    expect(event).toMatchObject({
      sequence: 2,
      reminders: { overrides: [{ method: 'popup', minutes: 10 }] },
    });
  });

  test('drops extended properties with long keys and truncates long values', async () => {
    const event = await insert({
      ...timed,
      extendedProperties: { private: { ['k'.repeat(45)]: 'x', ['k'.repeat(44)]: 'v'.repeat(1025) } },
    });
    expect(event.extendedProperties).toEqual({ private: { ['k'.repeat(44)]: 'v'.repeat(1024) } });
  });

  test('creates a conference if the client supports conferences', async () => {
    const conferenceData = { createRequest: { requestId: 'r1' } };
    expect(await insert({ ...timed, conferenceData })).not.toHaveProperty('conferenceData');
    const event = await insert({ ...timed, conferenceData }, { conferenceDataVersion: 1 });
    expect(event.conferenceData?.createRequest?.status?.statusCode).toBe('success');
    expect(event.hangoutLink).toMatch(/^https:\/\/meet\.google\.com\/[a-v]{3}-[a-v]{4}-[a-v]{3}$/);
  });
});

describe('a birthday', () => {
  const birthday = {
    eventType: 'birthday',
    start: { date: '2030-12-10' },
    end: { date: '2030-12-11' },
    visibility: 'private',
    transparency: 'transparent',
    recurrence: ['RRULE:FREQ=YEARLY'],
  };

  test('gets Google’s own fields, and its summary can change, also of a single year', async () => {
    const { id = '', ...event } = await insert(birthday);
    expect(event).toMatchObject({ ...birthday, birthdayProperties: { type: 'birthday' } });
    expect(await patch(id ?? '', { summary: 'Ada' })).toMatchObject({ ...birthday, summary: 'Ada' });
    const year = await patch(`${id}_20311210`, { summary: 'Ada again' });
    expect(year).toMatchObject({ eventType: 'birthday', summary: 'Ada again', recurringEventId: id });
  });

  test('stays a birthday when it is changed', async () => {
    const { id } = await insert(birthday);
    const rejected = { status: 400, reason: 'eventTypeRestriction' };
    expect(await refusal(patch(id ?? '', { location: 'London' }))).toMatchObject(rejected);
    expect(await refusal(patch(id ?? '', { visibility: 'public' }))).toMatchObject(rejected);
  });

  test('that Google maintains from a contact cannot be deleted', async () => {
    const contact = { type: 'birthday', contact: 'people/c1' };
    running.emulator.store.signIn(ADA);
    running.emulator.putEvent(ADA, { id: 'contact', ...birthday, birthdayProperties: contact });
    expect(await refusal(running.ada.events.delete({ calendarId, eventId: 'contact' }))).toMatchObject({
      status: 400,
      reason: 'eventTypeRestriction',
    });
  });
});

describe('a change', () => {
  test('of content changes etag and updated, a change of the time also the sequence', async () => {
    const before = await insert({ id: 'aaaaa', ...timed });
    const renamed = await patch('aaaaa', { summary: 'Lunch' });
    expect(renamed.etag).not.toBe(before.etag);
    expect(renamed.sequence).toBe(0);
    const moved = await patch('aaaaa', { end: { dateTime: '2030-01-01T11:00:00Z' } });
    expect(moved.etag).not.toBe(renamed.etag);
    expect(moved.sequence).toBe(1);
  });

  test('without an effect is not an edit', async () => {
    const before = await insert({ id: 'aaaaa', summary: 'Lunch', ...timed });
    expect(await patch('aaaaa', { summary: 'Lunch' })).toEqual(before);
  });

  test('by update removes omitted fields, by patch keeps them', async () => {
    await insert({ id: 'aaaaa', summary: 'Lunch', location: 'Canteen', ...timed });
    expect(await patch('aaaaa', { summary: null })).toMatchObject({ location: 'Canteen' });
    const { data } = await running.ada.events.update({ calendarId, eventId: 'aaaaa', requestBody: timed });
    expect(data).not.toHaveProperty('location');
  });

  test('keeps the label unless the client supports labels, and always a private copy', async () => {
    const eventLabelVersion = 1;
    const eventId = 'aaaaa';
    const label = 'c1f2a3b4-0000-4000-8000-000000000000';
    const ignored = await insert({ id: 'bbbbb', eventLabelId: label, ...timed });
    expect(ignored).not.toHaveProperty('eventLabelId');
    await insert({ id: eventId, eventLabelId: label, privateCopy: true, ...timed }, { eventLabelVersion });
    const changed = await patch(eventId, { eventLabelId: '', privateCopy: false, summary: 'Lunch' });
    expect(changed).toMatchObject({ eventLabelId: label, privateCopy: true, summary: 'Lunch' });
    const requestBody = { eventLabelId: '' };
    const { data } = await running.ada.events.patch({ calendarId, eventId, requestBody, eventLabelVersion });
    expect(data).not.toHaveProperty('eventLabelId');
  });

  test('cannot change the event type', async () => {
    await insert({ id: 'aaaaa', ...timed });
    expect(await refusal(patch('aaaaa', { eventType: 'focusTime' }))).toMatchObject({ status: 400 });
  });

  test('of a version that the client has not seen is rejected without effect', async () => {
    const { etag } = await insert({ id: 'aaaaa', summary: 'Lunch', ...timed });
    await patch('aaaaa', { summary: 'Dinner' });
    const late = running.ada.events.patch(
      { calendarId, eventId: 'aaaaa', requestBody: { summary: 'Breakfast' } },
      { headers: { 'If-Match': etag ?? '' } },
    );
    expect(await refusal(late)).toMatchObject({ status: 412, reason: 'conditionNotMet' });
    expect((await running.ada.events.get({ calendarId, eventId: 'aaaaa' })).data.summary).toBe('Dinner');
  });

  test('to a lower sequence number is rejected', async () => {
    await insert({ id: 'aaaaa', sequence: 3, ...timed });
    expect(await refusal(patch('aaaaa', { sequence: 2 }))).toMatchObject({ status: 400 });
  });
});

describe('delete', () => {
  test('leaves a cancelled event, hides it from lists, and works only once', async () => {
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

  test('of an unknown event is 404', async () => {
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
    ['no event that ends exactly at timeMin', { timeMin: '2030-01-01T10:00:00Z' }, ['alldai']],
    ['no event that starts exactly at timeMax', { timeMax: '2030-01-01T09:00:00Z' }, []],
    [
      'all-day events until midnight in the calendar’s time zone',
      { timeMin: '2030-01-02T23:59:59Z' },
      ['alldai'],
    ],
  ])('finds %s', async (_, parameters, expected) => {
    expect(await ids(parameters)).toEqual(expected);
  });

  test.each([
    [
      'an updatedMin that is too old',
      { updatedMin: '2020-01-01T00:00:00Z', orderBy: 'updated' },
      'updatedMinTooLongAgo',
    ],
    [
      'an empty window',
      { timeMin: '2030-01-01T00:00:00Z', timeMax: '2030-01-01T00:00:00Z' },
      'timeRangeEmpty',
    ],
    ['an order by start without singleEvents', { orderBy: 'startTime' }, 'invalid'],
    ['a time without an offset', { timeMin: '2030-01-01T00:00:00' }, 'invalid'],
    ['an unknown type', { eventTypes: ['party'] }, 'invalid'],
    ['empty pages', { maxResults: 0 }, 'invalid'],
  ])('rejects %s', async (_, parameters, reason) => {
    expect(await refusal(ids(parameters))).toMatchObject({ reason });
  });

  test('has an all-day event that ends on its start on that day', async () => {
    const start = { date: '2030-03-05' };
    expect(await insert({ id: 'single', start, end: start })).toMatchObject({ start, end: start });
    await insert({ id: 'series', start, end: start, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] });
    const evening = { timeMin: '2030-03-12T23:00:00Z', timeMax: '2030-03-13T09:00:00Z' };
    expect(await ids({ timeMin: '2030-03-05T23:00:00Z', timeMax: '2030-03-06T09:00:00Z' })).toEqual([
      'single',
      'series',
    ]);
    expect(await ids({ ...evening, singleEvents: true })).toEqual(['series_20300312']);
    const instances = await running.ada.events.instances({ calendarId, eventId: 'series', ...evening });
    expect(instances.data.items).toMatchObject([
      { id: 'series_20300312', start: { date: '2030-03-12' }, end: { date: '2030-03-12' } },
    ]);
    const { data } = await running.ada.freebusy.query({ requestBody: { ...evening, items: [{ id: ADA }] } });
    expect(data.calendars?.[ADA]?.busy).toEqual([
      { start: '2030-03-12T23:00:00Z', end: '2030-03-13T00:00:00Z' },
    ]);
  });

  test('shows times in the requested time zone', async () => {
    const { items } = await listAll(running.ada, calendarId, { timeZone: 'Asia/Tokyo', q: 'Lunch' });
    expect(items[0]?.start?.dateTime).toBe('2030-01-01T18:00:00+09:00');
  });

  test('shows only the caller if there are more attendees than requested', async () => {
    await patch('lunch', { attendees: [{ email: ADA }, { email: 'x@example.com' }] });
    const { items } = await listAll(running.ada, calendarId, { maxAttendees: 1, q: 'Lunch' });
    expect(items[0]).toMatchObject({ attendees: [{ email: ADA, self: true }], attendeesOmitted: true });
  });
});

describe('import', () => {
  const guest = {
    iCalUID: 'abc@elsewhere',
    organizer: { email: 'other@example.com' },
    attendees: [{ email: ADA }],
    ...timed,
  };
  test('keeps the organizer, and recognizes the event by its iCalUID', async () => {
    const event = await bring({ summary: 'Talk', ...guest });
    expect(event.organizer).toEqual({ email: 'other@example.com' });
    const again = await bring({ summary: 'Talk, moved', ...guest });
    expect(again).toMatchObject({ id: event.id, summary: 'Talk, moved' });
    expect(await ids({})).toHaveLength(1);
  });

  test('requires an iCalUID and the default type', async () => {
    expect(await refusal(bring(timed))).toMatchObject({ status: 400, reason: 'required' });
    expect(await refusal(bring({ ...guest, eventType: 'focusTime' }))).toMatchObject({ status: 400 });
  });

  test('is rejected if the calendar’s owner is neither organizer nor attendee', async () => {
    const others = { ...guest, attendees: [{ email: 'third@example.com' }] };
    expect(await refusal(bring(others))).toMatchObject({
      status: 400,
      reason: 'participantIsNeitherOrganizerNorAttendee',
    });
    await bring({ ...others, organizer: { email: ADA.toUpperCase() } });
    expect(await ids({})).toHaveLength(1);
  });
});

describe('move', () => {
  test('transfers an event to another calendar, and keeps only its id in the old one', async () => {
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

  test('is only for events of the default type', async () => {
    const { data: other } = await running.ada.calendars.insert({ requestBody: { summary: 'Work' } });
    await insert({ id: 'focus', eventType: 'focusTime', ...timed });
    const moved = running.ada.events.move({ calendarId, eventId: 'focus', destination: other.id ?? '' });
    expect(await refusal(moved)).toMatchObject({ status: 400 });
  });
});

describe('quickAdd', () => {
  test('inserts what the text says, and invites no one', async () => {
    const text = 'Lunch with bob@example.com on 7 January 2030 12pm-1pm at Cafe';
    const { data } = await running.ada.events.quickAdd({ calendarId, text, sendUpdates: 'all' });
    expect(data).toMatchObject({
      summary: 'Lunch with bob@example.com',
      location: 'Cafe',
      start: { dateTime: '2030-01-07T12:00:00Z' },
      end: { dateTime: '2030-01-07T13:00:00Z' },
    });
    expect(data).not.toHaveProperty('attendees');
    expect((await running.ada.events.get({ calendarId, eventId: data.id ?? '' })).data).toEqual(data);
  });

  test('is in the next incremental list', async () => {
    const before = await running.ada.events.list({ calendarId });
    const { data } = await running.ada.events.quickAdd({ calendarId, text: 'Holiday on 3 March' });
    const { data: list } = await running.ada.events.list({
      calendarId,
      syncToken: before.data.nextSyncToken ?? '',
    });
    expect(list.items).toEqual([data]);
  });

  test.each(['', '  '])('needs a text, not "%s"', async (text) => {
    expect(await refusal(running.ada.events.quickAdd({ calendarId, text }))).toMatchObject({
      status: 400,
      reason: 'required',
    });
  });

  test('is for writers, and checks sendUpdates', async () => {
    const foreign = running.bob.events.quickAdd({ calendarId: ADA, text: 'Lunch' });
    expect(await refusal(foreign)).toMatchObject({ status: 404 });
    const wrong = running.ada.events.quickAdd({ calendarId, text: 'Lunch', sendUpdates: 'some' });
    expect(await refusal(wrong)).toMatchObject({ status: 400, reason: 'invalid' });
  });
});
