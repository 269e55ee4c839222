import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventFields } from '../../../functions/sync/event-fields.ts';

const startsAt = (start: unknown, calendarTimeZone?: string): string | null => {
  const at = eventFields({ id: 'a', start }, calendarTimeZone).startsAt;
  return at === null ? null : new Date(at).toISOString();
};

describe('when an event starts', () => {
  test.each([
    ['a time with an offset', { dateTime: '2026-07-01T09:00:00+02:00' }, 'UTC', '2026-07-01T07:00:00.000Z'],
    [
      'a time with an offset, whatever the zone beside it',
      { dateTime: '2026-07-01T09:00:00+02:00', timeZone: 'Asia/Tokyo' },
      'UTC',
      '2026-07-01T07:00:00.000Z',
    ],
    [
      'a time with an offset without a colon',
      { dateTime: '2026-07-01T09:00:00-0530' },
      'UTC',
      '2026-07-01T14:30:00.000Z',
    ],
    [
      'a time without an offset in the event’s zone',
      { dateTime: '2026-07-01T09:00:00', timeZone: 'Asia/Tokyo' },
      'Europe/Zurich',
      '2026-07-01T00:00:00.000Z',
    ],
    [
      'a time without an offset in the calendar’s zone',
      { dateTime: '2026-07-01T09:00:00' },
      'Europe/Zurich',
      '2026-07-01T07:00:00.000Z',
    ],
    [
      'a time without an offset or any zone',
      { dateTime: '2026-07-01T09:00:00' },
      undefined,
      '2026-07-01T09:00:00.000Z',
    ],
    [
      'a time, whatever stands where a day and a zone could',
      { dateTime: '2026-07-01T09:00:00Z', date: 7, timeZone: 7 },
      'UTC',
      '2026-07-01T09:00:00.000Z',
    ],
    [
      'a day, whatever stands where a time could',
      { date: '2026-07-01', dateTime: 7 },
      'UTC',
      '2026-07-01T00:00:00.000Z',
    ],
    [
      'a time in UTC, in small letters',
      { dateTime: '2026-07-01t09:00:00z' },
      'Asia/Tokyo',
      '2026-07-01T09:00:00.000Z',
    ],
    ['the last day there is', { date: '9999-12-31' }, 'UTC', '9999-12-31T00:00:00.000Z'],
    ['a time in UTC', { dateTime: '2026-07-01T09:00:00Z' }, undefined, '2026-07-01T09:00:00.000Z'],
    [
      'a day in the event’s zone',
      { date: '2026-07-01', timeZone: 'Asia/Tokyo' },
      'Europe/Zurich',
      '2026-06-30T15:00:00.000Z',
    ],
    ['a day in the calendar’s zone', { date: '2026-07-01' }, 'Europe/Zurich', '2026-06-30T22:00:00.000Z'],
    ['a day without any zone', { date: '2026-07-01' }, undefined, '2026-07-01T00:00:00.000Z'],
    [
      'a day in an unknown zone of the event',
      { date: '2026-07-01', timeZone: 'Mars/Base' },
      'Europe/Zurich',
      '2026-06-30T22:00:00.000Z',
    ],
    ['a day in unknown zones', { date: '2026-07-01', timeZone: '' }, 'Mars/Base', '2026-07-01T00:00:00.000Z'],
    [
      'a day whose midnight the clocks skip',
      { date: '2018-11-04' },
      'America/Sao_Paulo',
      '2018-11-04T03:00:00.000Z',
    ],
    [
      'a day whose midnight comes twice',
      { date: '2018-02-18' },
      'America/Sao_Paulo',
      '2018-02-18T03:00:00.000Z',
    ],
    ['a day that a country skipped', { date: '2011-12-30' }, 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    ['a leap day', { date: '2028-02-29' }, 'UTC', '2028-02-29T00:00:00.000Z'],
    ['the first year there is', { date: '0001-01-01' }, 'UTC', '0001-01-01T00:00:00.000Z'],
  ])('is known for %s', (_, start, zone, expected) => {
    expect(startsAt(start, zone)).toBe(expected);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '2026-07-01'],
    ['an empty object', {}],
    ['a zone alone', { timeZone: 'UTC' }],
    ['a day that there is not', { date: '2026-02-30' }],
    ['a word', { date: 'today' }],
    ['a time that there is not', { dateTime: '2026-07-01T25:00:00Z' }],
    ['a word for a time', { dateTime: 'noon' }],
    ['a number', { dateTime: 1_780_000_000_000 }],
    ['a year before any that Firestore holds', { date: '0000-12-31' }],
    ['a year after any that Firestore holds', { dateTime: '+010000-01-01T00:00:00Z' }],
    ['a day beyond all calendars', { date: '+999999-01-01' }],
  ])('is unknown for %s', (_, start) => {
    expect(startsAt(start, 'UTC')).toBeNull();
  });

  test('is a time that Firestore can hold or null, whatever the event says', () => {
    const part = fc.oneof(
      fc.string(),
      fc.anything(),
      fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
    );
    const start = fc.oneof(
      fc.anything(),
      fc.record({ date: part, dateTime: part, timeZone: part }, { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(start, fc.oneof(fc.string(), fc.constant(undefined)), (given, zone) => {
        const at = eventFields({ id: 'a', start: given }, zone).startsAt ?? 0;
        expect(Number.isFinite(at)).toBe(true);
        expect(new Date(at).getUTCFullYear()).toBeGreaterThanOrEqual(1);
        expect(new Date(at).getUTCFullYear()).toBeLessThanOrEqual(9999);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the fields of an event', () => {
  test('are those that consumers query by', () => {
    const event = {
      id: 'series_20260701',
      status: 'confirmed',
      eventType: 'default',
      recurringEventId: 'series',
      summary: 'not one of them',
      start: { dateTime: '2026-07-01T09:00:00Z' },
      end: { dateTime: '2026-07-01T10:00:00Z' },
    };
    expect(eventFields(event, undefined)).toEqual({
      startsAt: Date.parse('2026-07-01T09:00:00Z'),
      endsAt: Date.parse('2026-07-01T10:00:00Z'),
      status: 'confirmed',
      eventType: 'default',
      recurringEventId: 'series',
    });
  });

  test('are null where they are absent, of another type, or too long to be indexed', () => {
    const nothing = { startsAt: null, endsAt: null, status: null, eventType: null, recurringEventId: null };
    expect(eventFields({ id: 'a' }, undefined)).toEqual(nothing);
    const longest = 'x'.repeat(1024);
    expect(eventFields({ id: 'a', status: longest }, undefined)).toEqual({ ...nothing, status: longest });
    const odd = { id: 'a', status: 7, eventType: null, recurringEventId: 'x'.repeat(1025), end: [] };
    expect(eventFields(odd, undefined)).toEqual(nothing);
  });
});
