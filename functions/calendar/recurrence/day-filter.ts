import {
  civilOf,
  dayNumber,
  daysInMonth,
  daysInYear,
  weekdayOf,
  weekNumbers,
  weekStart,
  type Civil,
} from './days.ts';
import type { Rule } from './parse-rule.ts';

type Test = (day: number, civil: Civil) => boolean;

/** Returns a predicate for the days that a rule matches, regardless of its interval. Each part of a rule limits the days. */
export function dayFilter(rule: Rule): (day: number) => boolean {
  const tests = [months(rule), monthDays(rule), weekdays(rule), yearDays(rule), weeks(rule)].filter(
    (each) => each !== undefined,
  );
  if (tests.length === 0) return () => true;
  return (day) => {
    const civil = civilOf(day);
    return tests.every((test) => test(day, civil));
  };
}

function months({ byMonth }: Rule): Test | undefined {
  return byMonth.length === 0 ? undefined : (_, { month }) => byMonth.includes(month);
}

function monthDays({ byMonthDay }: Rule): Test | undefined {
  if (byMonthDay.length === 0) return undefined;
  return (_, { year, month, day }) =>
    byMonthDay.includes(day) || byMonthDay.includes(day - daysInMonth(year, month) - 1);
}

function yearDays({ byYearDay }: Rule): Test | undefined {
  if (byYearDay.length === 0) return undefined;
  const named = new Set(byYearDay);
  return (number, { year }) => {
    const day = number - dayNumber(year, 1, 1) + 1;
    return named.has(day) || named.has(day - daysInYear(year) - 1);
  };
}

function weeks({ byWeekNo, weekStart: firstWeekday }: Rule): Test | undefined {
  if (byWeekNo.length === 0) return undefined;
  // Days are mostly in order, so caching one week suffices.
  let known = { start: Number.NaN, isNamed: false };
  return (day) => {
    const start = weekStart(day, firstWeekday);
    if (start !== known.start)
      known = { start, isNamed: weekNumbers(start, firstWeekday).some((week) => byWeekNo.includes(week)) };
    return known.isNamed;
  };
}

/** The nth weekday of a month, or of a year if the rule has no months. Other frequencies have no nth. */
function weekdays({ byDay, byMonth, frequency }: Rule): Test | undefined {
  if (byDay.length === 0) return undefined;
  const counts = frequency === 'MONTHLY' || frequency === 'YEARLY';
  const plain = new Set(byDay.filter(({ nth }) => nth === 0 || !counts).map(({ weekday }) => weekday));
  const nths = counts ? byDay.filter(({ nth }) => nth !== 0) : [];
  const ofMonth = frequency === 'MONTHLY' || byMonth.length > 0;
  return (number, { year, month, day }) => {
    const own = weekdayOf(number);
    if (plain.has(own)) return true;
    if (nths.length === 0) return false;
    const position = ofMonth ? day : number - dayNumber(year, 1, 1) + 1;
    const length = ofMonth ? daysInMonth(year, month) : daysInYear(year);
    const nth = Math.ceil(position / 7);
    const fromEnd = -Math.ceil((length - position + 1) / 7);
    return nths.some((each) => each.weekday === own && (each.nth === nth || each.nth === fromEnd));
  };
}
