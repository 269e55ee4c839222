import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventFields } from '../../../../functions/sync/event-fields.ts';

const startsAt = (start: unknown, calendarTimeZone?: string): string | null => {
  const at = eventFields({ id: 'a', start }, calendarTimeZone, () => 0).startsAt;
  return at === null ? null : new Date(at).toISOString();
};

describe('startsAt', () => {
  test.each([
    ['a time with an offset', { dateTime: '2026-07-01T09:00:00+02:00' }, 'UTC', '2026-07-01T07:00:00.000Z'],
    [
      'a time with an offset, whatever time zone is beside it',
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
      'a time without an offset in the event’s time zone',
      { dateTime: '2026-07-01T09:00:00', timeZone: 'Asia/Tokyo' },
      'Europe/Zurich',
      '2026-07-01T00:00:00.000Z',
    ],
    [
      'a time without an offset in the calendar’s time zone',
      { dateTime: '2026-07-01T09:00:00' },
      'Europe/Zurich',
      '2026-07-01T07:00:00.000Z',
    ],
    [
      'a time without an offset or time zone',
      { dateTime: '2026-07-01T09:00:00' },
      undefined,
      '2026-07-01T09:00:00.000Z',
    ],
    [
      'a time beside an invalid date and time zone',
      { dateTime: '2026-07-01T09:00:00Z', date: 7, timeZone: 7 },
      'UTC',
      '2026-07-01T09:00:00.000Z',
    ],
    ['a date beside an invalid time', { date: '2026-07-01', dateTime: 7 }, 'UTC', '2026-07-01T00:00:00.000Z'],
    [
      'a time in UTC in lower case',
      { dateTime: '2026-07-01t09:00:00z' },
      'Asia/Tokyo',
      '2026-07-01T09:00:00.000Z',
    ],
    ['the last valid date', { date: '9999-12-31' }, 'UTC', '9999-12-31T00:00:00.000Z'],
    ['a time in UTC', { dateTime: '2026-07-01T09:00:00Z' }, undefined, '2026-07-01T09:00:00.000Z'],
    [
      'a date in the event’s time zone',
      { date: '2026-07-01', timeZone: 'Asia/Tokyo' },
      'Europe/Zurich',
      '2026-06-30T15:00:00.000Z',
    ],
    [
      'a date in the calendar’s time zone',
      { date: '2026-07-01' },
      'Europe/Zurich',
      '2026-06-30T22:00:00.000Z',
    ],
    ['a date without a time zone', { date: '2026-07-01' }, undefined, '2026-07-01T00:00:00.000Z'],
    [
      'a date in an unknown time zone of the event',
      { date: '2026-07-01', timeZone: 'Mars/Base' },
      'Europe/Zurich',
      '2026-06-30T22:00:00.000Z',
    ],
    [
      'a date in unknown time zones',
      { date: '2026-07-01', timeZone: '' },
      'Mars/Base',
      '2026-07-01T00:00:00.000Z',
    ],
    [
      'a date whose midnight the clocks skip',
      { date: '2018-11-04' },
      'America/Sao_Paulo',
      '2018-11-04T03:00:00.000Z',
    ],
    [
      'a date whose midnight comes twice',
      { date: '2018-02-18' },
      'America/Sao_Paulo',
      '2018-02-18T03:00:00.000Z',
    ],
    ['a date that a country skipped', { date: '2011-12-30' }, 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    ['a leap day', { date: '2028-02-29' }, 'UTC', '2028-02-29T00:00:00.000Z'],
    ['the first valid year', { date: '0001-01-01' }, 'UTC', '0001-01-01T00:00:00.000Z'],
  ])('is derived from %s', (_, start, zone, expected) => {
    expect(startsAt(start, zone)).toBe(expected);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '2026-07-01'],
    ['an empty object', {}],
    ['only a time zone', { timeZone: 'UTC' }],
    ['an invalid date', { date: '2026-02-30' }],
    ['a word', { date: 'today' }],
    ['an invalid time', { dateTime: '2026-07-01T25:00:00Z' }],
    ['a word instead of a time', { dateTime: 'noon' }],
    ['a number', { dateTime: 1_780_000_000_000 }],
    ['a year before those of Firestore', { date: '0000-12-31' }],
    ['a year after those of Firestore', { dateTime: '+010000-01-01T00:00:00Z' }],
    ['a date out of range', { date: '+999999-01-01' }],
  ])('is null for %s', (_, start) => {
    expect(startsAt(start, 'UTC')).toBeNull();
  });

  test('is null or a time that Firestore can store, whatever the event contains', () => {
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
        const at = eventFields({ id: 'a', start: given }, zone, () => 0).startsAt ?? 0;
        expect(Number.isFinite(at)).toBe(true);
        expect(new Date(at).getUTCFullYear()).toBeGreaterThanOrEqual(1);
        expect(new Date(at).getUTCFullYear()).toBeLessThanOrEqual(9999);
      }),
      { numRuns: 500 },
    );
  });
});
