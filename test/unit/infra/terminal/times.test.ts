/** Times as commands print them: in local time, with the offset. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { localTime, periodText } from '../../../../functions/calendar/time-text.ts';
import { clockText, momentText } from '../../../../infra/terminal/times.ts';

const zones = fc.constantFrom('UTC', 'Europe/Zurich', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia');
const instants = fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2100, 0, 1) });

test('a printed moment can be parsed back, in any zone and hour', () => {
  fc.assert(
    fc.property(instants, zones, (at, timeZone) => {
      const [, date = '', time = '', offset = ''] = momentText(at, timeZone).split(' ');
      expect(Date.parse(`${date}T${time}${offset}`)).toBe(at - (at % 1_000));
      const { day, time: minute, offset: same } = localTime(at, timeZone);
      expect(Date.parse(`${day.slice(4)}T${minute}${same}`)).toBe(at - (at % 60_000));
    }),
  );
});

test('a printed period has different start and end, even in the hour that is repeated', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: 60_000, max: 100_000_000 }), zones, (from, length, timeZone) => {
      const [start = '', end = ''] = periodText(from, from + length, timeZone).split('–');
      expect(end).toMatch(/\d\d:\d\d [+-]\d\d:\d\d$/);
      expect(start).not.toBe(end);
    }),
  );
});

test('a moment is printed with the offset of the zone, in winter and summer', () => {
  const [winter, summer] = [Date.UTC(2030, 0, 1, 9), Date.UTC(2030, 6, 1, 9)];
  expect(momentText(winter, 'Europe/Zurich')).toBe('Tue 2030-01-01 10:00:00 +01:00');
  expect(momentText(summer, 'Europe/Zurich')).toBe('Mon 2030-07-01 11:00:00 +02:00');
  expect(clockText(winter, 'Asia/Kathmandu')).toBe('14:45:00 +05:45');
});
