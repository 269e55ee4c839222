import { describe, expect, test } from 'vitest';
import { eventFields, loadEventFields } from '../../../../functions/sync/event-fields.ts';
import type { Item } from '../../../../functions/calendar/resources.ts';

/** Stands for the end of a series, which `calendar/recurrence` computes. */
const LAST_END = Date.parse('2026-12-31T10:00:00Z');
const fieldsOf = (event: Item, calendarTimeZone?: string) =>
  eventFields(event, calendarTimeZone, () => LAST_END);

const endsAt = (start: unknown, end: unknown, zone = 'UTC'): string | null => {
  const at = fieldsOf({ id: 'a', start, end }, zone).endsAt;
  return at === null ? null : new Date(at).toISOString();
};

describe('endsAt', () => {
  test.each([
    ['its start', '2026-07-01', '2026-07-02T00:00:00.000Z'],
    ['before its start', '2026-06-01', '2026-07-02T00:00:00.000Z'],
    ['the day after', '2026-07-02', '2026-07-02T00:00:00.000Z'],
    ['two days later', '2026-07-03', '2026-07-03T00:00:00.000Z'],
  ])('of an all-day event whose end is %s is a day after its start or later (F26)', (_, date, expected) => {
    expect(endsAt({ date: '2026-07-01' }, { date })).toBe(expected);
  });

  test('of one day is the next midnight in the calendar’s time zone', () => {
    const [start, end] = [{ date: '2027-03-28' }, { date: '2027-03-28' }];
    expect(endsAt(start, end, 'Europe/Zurich')).toBe('2027-03-28T22:00:00.000Z');
    expect(endsAt({ ...start, timeZone: 'Asia/Tokyo' }, end)).toBe('2027-03-28T15:00:00.000Z');
  });

  test('of a timed event may equal its start', () => {
    const noon = { dateTime: '2026-07-01T12:00:00Z' };
    expect(endsAt(noon, noon)).toBe('2026-07-01T12:00:00.000Z');
    expect(endsAt({ ...noon, date: '2026-07-01' }, { ...noon, date: '2026-07-01' })).toBe(
      '2026-07-01T12:00:00.000Z',
    );
  });

  test('of the last valid date has no next day', () => {
    expect(endsAt({ date: '9999-12-31' }, { date: '9999-12-31' })).toBe('9999-12-31T00:00:00.000Z');
  });
});

describe('activeUntil', () => {
  const times = { start: { dateTime: '2026-07-01T09:00:00Z' }, end: { dateTime: '2026-07-01T10:00:00Z' } };

  test.each([
    ['is the end of a single event', {}, Date.parse('2026-07-01T10:00:00Z')],
    ['is null if the end is unknown', { end: {} }, null],
    ['is the end of the last occurrence of a series', { recurrence: ['RRULE:FREQ=DAILY'] }, LAST_END],
    [
      'is the end of a series even if its own end is unknown',
      { recurrence: ['RRULE:FREQ=DAILY'], end: {} },
      LAST_END,
    ],
    ['is null for a series without a start', { recurrence: ['RRULE:FREQ=DAILY'], start: {} }, null],
    [
      'is the end of an event with an empty recurrence',
      { recurrence: [] },
      Date.parse('2026-07-01T10:00:00Z'),
    ],
  ])('%s', (_, more, expected) => {
    expect(fieldsOf({ id: 'a', ...times, ...more }).activeUntil).toBe(expected);
  });

  test('is the next midnight for an all-day event that ends when it starts', () => {
    const day = { date: '2026-07-01' };
    expect(fieldsOf({ id: 'a', start: day, end: day }).activeUntil).toBe(Date.parse('2026-07-02T00:00:00Z'));
  });
});

test.each([
  ['a time', { dateTime: '2026-07-01T09:00:00+02:00' }, Date.parse('2026-07-01T07:00:00Z')],
  ['a date in the calendar’s time zone', { date: '2026-07-01' }, Date.parse('2026-06-30T22:00:00Z')],
  ['nothing', undefined, null],
])('originalStartsAt is derived from %s', (_, originalStartTime, expected) => {
  expect(fieldsOf({ id: 'a', originalStartTime }, 'Europe/Zurich').originalStartsAt).toBe(expected);
});

test('a recurring event among others loads the recurrence code', async () => {
  const single = { id: 'a', start: { date: '2026-07-01' }, end: { date: '2026-07-02' } };
  const endless = { ...single, id: 'b', recurrence: ['RRULE:FREQ=YEARLY'] };
  const fields = await loadEventFields([single, endless], 'UTC');
  expect(fields(single).activeUntil).toBe(Date.parse('2026-07-02T00:00:00Z'));
  expect(fields(endless).activeUntil).toBe(Date.UTC(9999, 11, 31));
  const others = await loadEventFields([single], 'UTC');
  expect(others(single)).toEqual(fields(single));
});

describe('the fields of an event', () => {
  test('are the fields that consumers query by', () => {
    const event = {
      id: 'series_20260701',
      status: 'confirmed',
      eventType: 'default',
      recurringEventId: 'series',
      summary: 'not queried',
      originalStartTime: { dateTime: '2026-07-01T08:00:00Z' },
      start: { dateTime: '2026-07-01T09:00:00Z' },
      end: { dateTime: '2026-07-01T10:00:00Z' },
    };
    expect(fieldsOf(event)).toEqual({
      startsAt: Date.parse('2026-07-01T09:00:00Z'),
      endsAt: Date.parse('2026-07-01T10:00:00Z'),
      activeUntil: Date.parse('2026-07-01T10:00:00Z'),
      originalStartsAt: Date.parse('2026-07-01T08:00:00Z'),
      status: 'confirmed',
      eventType: 'default',
      recurringEventId: 'series',
    });
  });

  test('are null if they are absent, of another type, or too long to be indexed', () => {
    const nothing = {
      startsAt: null,
      endsAt: null,
      activeUntil: null,
      originalStartsAt: null,
      status: null,
      eventType: null,
      recurringEventId: null,
    };
    expect(fieldsOf({ id: 'a' })).toEqual(nothing);
    const longest = 'x'.repeat(1024);
    expect(fieldsOf({ id: 'a', status: longest })).toEqual({ ...nothing, status: longest });
    const odd = { id: 'a', status: 7, eventType: null, recurringEventId: 'x'.repeat(1025), end: [] };
    expect(fieldsOf(odd)).toEqual(nothing);
  });
});
