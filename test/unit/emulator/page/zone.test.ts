import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDays,
  dayTimeOf,
  daysBetween,
  instantOf,
  minuteOf,
  mondayOf,
  toRfc3339,
} from '../../../../infra/emulator/page/app/state/zone.ts';

const anyInstant = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) });
const anyZone = fc.constantFrom(
  'UTC',
  'Europe/London',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
);

test('a wall clock leads back to its instant, but for the hour that a zone repeats', () => {
  fc.assert(
    fc.property(anyInstant, anyZone, (ms, zone) => {
      const minute = Math.floor(ms / 60_000) * 60_000;
      const shown = dayTimeOf(minute, zone);
      const back = instantOf(shown, zone);
      expect(dayTimeOf(back, zone)).toEqual(shown);
      expect(Math.abs(back - minute)).toBeLessThanOrEqual(3_600_000);
    }),
  );
});

test('a time that a zone skips is moved on by the length of the gap', () => {
  const skipped = instantOf({ day: '2026-03-29', minute: 90 }, 'Europe/London');
  expect(dayTimeOf(skipped, 'Europe/London')).toEqual({ day: '2026-03-29', minute: 150 });
});

test('of a time that a zone repeats the first is taken', () => {
  expect(new Date(instantOf({ day: '2026-10-25', minute: 90 }, 'Europe/London')).toISOString()).toBe(
    '2026-10-25T00:30:00.000Z',
  );
});

test('an instant is written with the offset of its zone', () => {
  const summer = Date.UTC(2026, 6, 1, 8, 30);
  expect(toRfc3339(summer, 'Europe/London')).toBe('2026-07-01T09:30:00+01:00');
  expect(toRfc3339(summer, 'America/New_York')).toBe('2026-07-01T04:30:00-04:00');
  fc.assert(
    fc.property(anyInstant, anyZone, (ms, zone) => {
      const second = Math.floor(ms / 60_000) * 60_000;
      expect(Date.parse(toRfc3339(second, zone))).toBe(second);
    }),
  );
});

test('days are counted across months, leap days and years', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(daysBetween('2026-12-30', '2027-01-02')).toBe(3);
});

test('a week begins on Monday', () => {
  const week = ['2026-11-30', '2026-12-01', '2026-12-05', '2026-12-06'];
  expect(week.map(mondayOf)).toEqual(Array.from(week, () => '2026-11-30'));
  expect(mondayOf('2026-12-07')).toBe('2026-12-07');
});

test('a clock that cannot be read has no minute', () => {
  expect(minuteOf('09:30')).toBe(570);
  expect(minuteOf('')).toBeNaN();
});
