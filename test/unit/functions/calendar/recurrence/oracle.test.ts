import * as fc from 'fast-check';
import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { DAY } from '../../../../../functions/calendar/recurrence/days.ts';
import { readSeries } from '../../../../../functions/calendar/recurrence/read-series.ts';
import { startsOf } from '../../../../../functions/calendar/recurrence/starts.ts';
import { readZone, UTC } from '../../../../../functions/calendar/zone.ts';

/** Rules of the kinds that Google Calendar's own clients write, compared with ical.js. */

const ZONES = ['UTC', 'Europe/Zurich', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca'];
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

const weekday = fc.constantFrom(...WEEKDAYS);
const weekdays = fc.uniqueArray(weekday, { minLength: 1, maxLength: 7 }).map((days) => days.join(','));
const nth = fc.constantFrom(-1, 1, 2, 3, 4, 5);
/** Days that every month has: ical.js ends a rule after five months without a match. The others have a test below. */
const monthDay = fc.oneof(fc.integer({ min: 1, max: 28 }), fc.constantFrom(-1, -2));
const month = fc.integer({ min: 1, max: 12 });
const weekStart = fc.constantFrom('', ';WKST=SU', ';WKST=MO', ';WKST=SA');

const days = fc.oneof(
  fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=MONTHLY', 'FREQ=YEARLY'),
  fc.tuple(weekdays, weekStart).map(([on, from]) => `FREQ=WEEKLY;BYDAY=${on}${from}`),
  fc
    .uniqueArray(monthDay, { minLength: 1, maxLength: 3 })
    .map((on) => `FREQ=MONTHLY;BYMONTHDAY=${on.join(',')}`),
  fc.tuple(nth, weekday).map(([n, on]) => `FREQ=MONTHLY;BYDAY=${n}${on}`),
  // For 30 February ical.js searches forever.
  fc
    .tuple(month, fc.integer({ min: 1, max: 28 }))
    .map(([m, on]) => `FREQ=YEARLY;BYMONTH=${m};BYMONTHDAY=${on}`),
  fc.tuple(month, nth, weekday).map(([m, n, on]) => `FREQ=YEARLY;BYMONTH=${m};BYDAY=${n}${on}`),
  fc
    .tuple(fc.integer({ min: 1, max: 28 }), weekStart)
    .map(([on, from]) => `FREQ=YEARLY${from};BYMONTHDAY=${on}`),
);

const rule = fc.record({
  days,
  interval: fc.integer({ min: 1, max: 6 }),
  end: fc.oneof(
    fc.constant({}),
    fc.record({ count: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ until: fc.integer({ min: 0, max: 1500 }) }),
  ),
});

/** Days of 2020 to 2029, and a quarter of an hour. */
const start = fc.record({
  day: fc.integer({ min: 18_262, max: 21_914 }),
  quarter: fc.integer({ min: 0, max: 95 }),
  wholeDays: fc.boolean(),
  timeZone: fc.constantFrom(...ZONES),
});

/** Days from the start to the window, and the length of the window in days. */
const window = fc.tuple(
  fc.oneof(fc.constant(0), fc.integer({ min: -40, max: 1500 })),
  fc.integer({ min: 1, max: 800 }),
);

/** The starts of a rule according to RFC 5545, as local times in ms. */
function namedByOracle(text: string, local: number, before: number): number[] {
  const found: number[] = [];
  const first = ICAL.Time.fromString(new Date(local).toISOString().slice(0, 19), undefined);
  const iterator = ICAL.Recur.fromString(text).iterator(first);
  for (let next = iterator.next(); next !== null; next = iterator.next()) {
    const at = Date.UTC(next.year, next.month - 1, next.day, next.hour, next.minute, next.second);
    if (at >= before) break;
    found.push(at);
  }
  return found;
}

test('a rule of a kind that Google writes has the same days as in ical.js', () => {
  fc.assert(
    fc.property(
      rule,
      start,
      window,
      ({ days: named, interval, end }, { day, quarter, ...where }, [after, length]) => {
        const zone = readZone(where.wholeDays ? 'UTC' : where.timeZone) ?? UTC;
        const first = zone.momentOf(day * DAY + (where.wholeDays ? 0 : quarter * 900_000));
        const local = first + zone.offsetAt(first);
        const text = `${named};INTERVAL=${interval}`;
        const until = 'until' in end ? first + end.until * DAY : Number.POSITIVE_INFINITY;
        const untilText =
          'until' in end
            ? `;UNTIL=${new Date(until).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
            : '';
        const count = 'count' in end ? `;COUNT=${end.count}` : '';
        const [from, to] = [first + after * DAY, first + (after + length) * DAY];
        // A rule without days has those of its start. For days that months lack, see the tests below.
        fc.pre(!/^FREQ=(?:MONTHLY|YEARLY)$/.test(named) || new Date(local).getUTCDate() <= 28);

        const recurrence = [`RRULE:${text}${untilText}${count}`];
        const { starts, incomplete } = startsOf(readSeries({ ...where, start: first, recurrence }), from, to);

        // Google reads a yearly rule with only BYMONTHDAY as once a year.
        const isBirthday = /^FREQ=YEARLY(?:;WKST=..)?;BYMONTHDAY/.test(named);
        const own = new Date(local).getUTCMonth() + 1;
        const rfc = namedByOracle(`${text}${isBirthday ? `;BYMONTH=${own}` : ''}${count}`, local, to + DAY);
        // In Google Calendar the start occurs even if the rule does not match it.
        const expected = [first, ...rfc.map(zone.momentOf).filter((at) => at > first && at <= until)];
        expect(incomplete).toBeUndefined();
        expect(starts).toEqual(expected.filter((at) => at >= from && at < to));
      },
    ),
    { numRuns: 300 },
  );
});

test('a monthly rule skips months without its day', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 29, max: 31 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 18_262, max: 21_914 }),
      fc.boolean(),
      (monthDayNamed, interval, day, isNamed) => {
        const begin = day * DAY;
        // Without a name, the day is that of the start.
        fc.pre(isNamed || new Date(begin).getUTCDate() === monthDayNamed);
        const monthDayPart = isNamed ? `;BYMONTHDAY=${monthDayNamed}` : '';
        const recurrence = [`RRULE:FREQ=MONTHLY${monthDayPart};INTERVAL=${interval}`];
        const series = readSeries({ start: begin, recurrence, wholeDays: true, timeZone: 'UTC' });
        const { starts, incomplete } = startsOf(series, begin, begin + 3000 * DAY);

        const first = new Date(begin);
        const named = Array.from({ length: 100 }, (_, step) =>
          Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + step * interval, monthDayNamed),
        ).filter((at) => new Date(at).getUTCDate() === monthDayNamed);
        const later = named.filter((at) => at > begin && at < begin + 3000 * DAY);
        expect(incomplete).toBeUndefined();
        expect(starts).toEqual([begin, ...later]);
      },
    ),
    { numRuns: 200 },
  );
});

test('a yearly rule that starts on 29 February skips the years without one', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(2020, 2024, 2028),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('', ';BYMONTH=2', ';BYMONTH=2;BYMONTHDAY=29'),
      (year, interval, named) => {
        const begin = Date.UTC(year, 1, 29);
        const recurrence = [`RRULE:FREQ=YEARLY${named};INTERVAL=${interval}`];
        const series = readSeries({ start: begin, recurrence, wholeDays: true, timeZone: 'UTC' });
        const { starts, incomplete } = startsOf(series, begin, Date.UTC(year + 41, 0, 1));

        const years = Array.from({ length: 41 }, (_, step) => year + step).filter(
          (each) => (each - year) % interval === 0 && new Date(Date.UTC(each, 1, 29)).getUTCDate() === 29,
        );
        expect(incomplete).toBeUndefined();
        expect(starts).toEqual(years.map((each) => Date.UTC(each, 1, 29)));
      },
    ),
    { numRuns: 100 },
  );
});
