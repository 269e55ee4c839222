import { describe, expect, test } from 'vitest';
import {
  normaliseTime,
  parseTimestamp,
  showTime,
  spanOf,
  toInstant,
} from '../../../infra/emulator/event/times.ts';

describe('a time', () => {
  test.each([
    ['keeps an explicit offset', { dateTime: '2026-07-01T09:00:00+02:00' }, '2026-07-01T07:00:00Z', 'UTC'],
    [
      'without an offset is in its time zone',
      { dateTime: '2026-07-01T09:00:00', timeZone: 'Europe/Zurich' },
      '2026-07-01T07:00:00Z',
      'Europe/Zurich',
    ],
    ['loses its milliseconds', { dateTime: '2026-07-01T07:00:00.999Z' }, '2026-07-01T07:00:00Z', 'UTC'],
  ])('%s', (_, given, dateTime, timeZone) => {
    expect(normaliseTime(given, 'start', 'UTC')).toEqual({ dateTime, timeZone });
  });

  test.each([
    ['nothing', undefined, 'required'],
    ['neither date nor time', { timeZone: 'UTC' }, 'required'],
    ['a local time without a time zone', { dateTime: '2026-07-01T09:00:00' }, 'required'],
    ['both', { date: '2026-07-01', dateTime: '2026-07-01T09:00:00Z' }, 'invalid'],
    ['an unknown time zone', { dateTime: '2026-07-01T09:00:00', timeZone: 'Mars/Base' }, 'invalid'],
    ['an invalid time', { dateTime: 'noon', timeZone: 'UTC' }, 'invalid'],
    ['a date in place of a time', { dateTime: '2026-07-01', timeZone: 'UTC' }, 'invalid'],
    ['a time in another format', { dateTime: '20260701T090000', timeZone: 'UTC' }, 'invalid'],
    ['a day that its month does not have', { dateTime: '2026-02-30T09:00:00Z' }, 'invalid'],
    ['such a day in local time', { dateTime: '2026-02-29T09:00:00', timeZone: 'UTC' }, 'invalid'],
    ['an hour that its day does not have', { dateTime: '2026-07-01T24:00:00', timeZone: 'UTC' }, 'invalid'],
  ])('%s is rejected', (_, given, reason) => {
    expect(() => normaliseTime(given, 'start', 'UTC')).toThrowError(
      expect.objectContaining({ status: 400, detail: expect.objectContaining({ reason }) }),
    );
  });

  test('is shown in the requested time zone, with its offset', () => {
    const stored = { dateTime: '2026-01-01T12:00:00Z', timeZone: 'UTC' };
    expect(showTime(stored, 'America/New_York')?.dateTime).toBe('2026-01-01T07:00:00-05:00');
    expect(showTime(stored, 'UTC')?.dateTime).toBe('2026-01-01T12:00:00Z');
  });

  test.each([
    ['2026-03-29', '2026-03-29'],
    ['2026-03-29', '2026-03-28'],
    ['2026-03-29', '2026-03-30'],
  ])('an all-day event from %s to %s lasts that day, whatever its number of hours', (start, end) => {
    expect(spanOf({ start: { date: start }, end: { date: end } }, 'Europe/Berlin')).toEqual({
      start: Date.parse('2026-03-28T23:00:00Z'),
      end: Date.parse('2026-03-29T22:00:00Z'),
    });
  });

  test('of an all-day event is midnight in the calendar’s time zone', () => {
    expect(toInstant({ date: '2026-07-01' }, 'Asia/Tokyo')).toBe(Date.parse('2026-06-30T15:00:00Z'));
  });
});

test('a timestamp in a query needs its offset, and a day that exists', () => {
  expect(parseTimestamp('2026-07-01T00:00:00.5+02:00', 'timeMin')).toBe(Date.parse('2026-06-30T22:00:00Z'));
  for (const wrong of ['2026-07-01T00:00:00', '2026-02-29T00:00:00Z', '2026-06-31T00:00:00Z'])
    expect(() => parseTimestamp(wrong, 'timeMin')).toThrowError(
      expect.objectContaining({ detail: expect.objectContaining({ location: 'timeMin' }) }),
    );
});
