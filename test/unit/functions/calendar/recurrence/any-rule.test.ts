import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { timesOf } from '../../../../../functions/calendar/event-times.ts';
import { DAY } from '../../../../../functions/calendar/recurrence/days.ts';
import { expand, seriesEnd } from '../../../../../functions/calendar/recurrence/occurrences.ts';
import type { Item } from '../../../../../functions/calendar/resources.ts';
import { event } from '../../../../support/sample-items.ts';

/** The agenda handles any rule that anyone can write. */

const numbers = (name: string, max: number, min = 1) =>
  fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 40 })
    .map((values) => `;${name}=${values.join(',')}`);

const signed = (name: string, max: number) =>
  fc
    .uniqueArray(
      fc.integer({ min: -max, max }).filter((value) => value !== 0),
      { minLength: 1, maxLength: 10 },
    )
    .map((values) => `;${name}=${values.join(',')}`);

const maybe = (part: fc.Arbitrary<string>) => fc.option(part, { nil: '', freq: 3 });

const big = fc.oneof(
  fc.integer({ min: 1, max: 30 }),
  fc.integer({ min: 1 }),
  fc.constant(Number.MAX_SAFE_INTEGER),
);

const rule = fc
  .tuple(
    fc.constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'),
    maybe(big.map((interval) => `;INTERVAL=${interval}`)),
    maybe(numbers('BYMONTH', 12)),
    maybe(signed('BYMONTHDAY', 31)),
    maybe(signed('BYYEARDAY', 366)),
    maybe(signed('BYWEEKNO', 53)),
    maybe(
      fc
        .subarray(['MO', '2TU', '-1WE', '5FR', 'SU', '53SA'], { minLength: 1 })
        .map((on) => `;BYDAY=${on.join(',')}`),
    ),
    maybe(numbers('BYHOUR', 23, 0)),
    maybe(numbers('BYMINUTE', 59, 0)),
    maybe(numbers('BYSECOND', 59, 0)),
    maybe(signed('BYSETPOS', 366)),
    maybe(
      fc.oneof(
        big.map((count) => `;COUNT=${count}`),
        fc.constantFrom(';UNTIL=20310101', ';UNTIL=99991231T000000Z'),
      ),
    ),
  )
  .map(([frequency, ...parts]) => `FREQ=${frequency}${parts.join('')}`);

const recurrence = fc
  .tuple(fc.array(rule, { minLength: 1, maxLength: 2 }), fc.option(rule, { freq: 4 }))
  .map(([rules, except]) => [
    ...rules.map((each) => `RRULE:${each}`),
    ...(except === null ? [] : [`EXRULE:${except}`]),
  ]);

const series = fc
  .tuple(
    recurrence,
    fc.constantFrom('0001-03-01', '1999-12-31', '2026-01-01'),
    fc.boolean(),
    fc.constantFrom('UTC', 'Europe/Zurich', 'GMT-03:00'),
  )
  .map(([lines, date, wholeDays, timeZone]) =>
    event('base', {
      start: wholeDays ? { date } : { dateTime: `${date}T09:00:00Z`, timeZone },
      end: wholeDays ? { date } : { dateTime: `${date}T10:00:00Z`, timeZone },
      recurrence: lines,
    }),
  );

const window = fc
  .tuple(fc.integer({ min: Date.UTC(1995, 0), max: Date.UTC(2060, 0) }), fc.integer({ min: 1, max: 400 }))
  .map(([from, days]) => ({ from, to: from + days * 86_400_000 }));

const boundary = z.object({ date: z.string().optional(), dateTime: z.string().optional() });

/** The moment of a start; all-day events start at midnight UTC. */
const startOf = (item: Item): number => {
  const { date, dateTime } = boundary.parse(item['start']);
  return Date.parse(dateTime ?? `${date ?? ''}T00:00:00Z`);
};

const REASON =
  /^(?:a rule has more than 32,000 occurrences in the window|a rule takes too long to expand|FREQ=\w+LY is not valid for an all-day event)$/;

test('any rule is expanded in a window, or has a reason and occurs at its start (F31)', () => {
  fc.assert(
    fc.property(series, window, (given, where) => {
      const { expanded, notExpanded } = expand(given, where, 'UTC');
      const starts = expanded.map(({ occurrence }) => startOf(occurrence.event));
      const all = [...new Set(starts)]
        .filter((at) => at > where.from - 2 * DAY && at < where.to + 2 * DAY)
        .toSorted((a, b) => a - b);
      expect(starts).toEqual(notExpanded === undefined ? all : [startOf(given)]);
      expect(notExpanded ?? 'a rule takes too long to expand').toMatch(REASON);
    }),
    { numRuns: 60 },
  );
});

test('any rule ends at or after each of its occurrences', () => {
  fc.assert(
    fc.property(series, window, (given, where) => {
      const end = seriesEnd(given, 'UTC');
      const ends = expand(given, where, 'UTC').expanded.map(({ occurrence }) => occurrence.endsAt);
      expect(ends.filter((at) => !(at <= end))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

const ZONES = ['UTC', 'Europe/Zurich', 'America/Sao_Paulo', 'Pacific/Apia', 'GMT+02:00', 'Mars/Base'];
const zone = fc.constantFrom(...ZONES);
const at = fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2030, 0) });

test('an occurrence has the times of its event', () => {
  const days = fc.tuple(at, fc.integer({ min: -1, max: 3 }), fc.option(zone, { nil: undefined }));
  fc.assert(
    fc.property(days, fc.boolean(), zone, ([start, length, timeZone], wholeDays, calendarZone) => {
      const time = (ms: number) => {
        const text = new Date(ms).toISOString();
        return {
          ...(wholeDays ? { date: text.slice(0, 10) } : { dateTime: text }),
          ...(timeZone && { timeZone }),
        };
      };
      const [from, to] = [time(start), time(start + length * DAY)];
      const given = event('base', { start: from, end: to, recurrence: ['RRULE:FREQ=DAILY;COUNT=400'] });
      const { expanded } = expand(given, { from: start, to: start + 400 * DAY }, calendarZone);
      const times = expanded.map(({ occurrence: { startsAt, endsAt } }) => ({ startsAt, endsAt }));
      expect(times).toEqual(expanded.map(({ occurrence }) => timesOf(occurrence.event, calendarZone)));
    }),
    { numRuns: 15 },
  );
});
