import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { instantOf } from '../../../../functions/calendar/event-times.ts';
import { readZone, UTC } from '../../../../functions/calendar/zone.ts';

const HOUR = 3_600_000;

test.each([
  ['GMT+02:00', 2],
  ['UTC-05:00', -5],
  ['UTC+5:30', 5.5],
  ['gmt-3', -3],
  ['+0545', 5.75],
  ['Etc/GMT-2', 2],
  ['Asia/Kolkata', 5.5],
  ['UTC', 0],
])('the zone %s is %d hours ahead of UTC (F25)', (name, hours) => {
  expect(readZone(name)?.offsetAt(Date.parse('2026-12-01T00:00:00Z'))).toBe(hours * HOUR);
});

test.each(['', 'Mars/Base', 'GMT+24:00', 'GMT+2:60', 'UTC+', '__proto__', 'GMT+02:00+01:00'])(
  '%j is not a zone',
  (name) => {
    expect(readZone(name)).toBeUndefined();
  },
);

test('a time without an offset is local to its zone, even if that is an offset (F25)', () => {
  const at = instantOf({ dateTime: '2026-12-07T09:00:00', timeZone: 'GMT+02:00' }, 'UTC');
  expect(at).toBe(Date.parse('2026-12-07T07:00:00Z'));
  expect(instantOf({ date: '2026-12-07' }, 'UTC-05:00')).toBe(Date.parse('2026-12-07T05:00:00Z'));
});

const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Asia/Gaza',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Pacific/Apia',
);

/** Moments, most of them within hours of a change of the clocks. */
const moment = fc
  .tuple(
    zones,
    fc.integer({ min: Date.UTC(1930, 0), max: Date.UTC(2060, 0) }),
    fc.integer({ min: -100, max: 100 }),
  )
  .map(([id, near, quarters]) => {
    const change = Temporal.Instant.fromEpochMilliseconds(near)
      .toZonedDateTimeISO(id)
      .getTimeZoneTransition('next');
    return { id, at: (change?.epochMilliseconds ?? near) + (quarters * HOUR) / 4 };
  });

test('a zone has the offsets and local times of Temporal', () => {
  fc.assert(
    fc.property(moment, ({ id, at }) => {
      const zone = readZone(id) ?? UTC;
      const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('UTC').toPlainDateTime();
      expect(zone.offsetAt(at)).toBe(
        Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(id).offsetNanoseconds / 1e6,
      );
      expect(zone.momentOf(at)).toBe(local.toZonedDateTime(id).epochMilliseconds);
    }),
    { numRuns: 500 },
  );
});
