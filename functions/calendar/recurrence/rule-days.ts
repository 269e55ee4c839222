import {
  civilOf,
  DAY,
  dayNumber,
  daysInMonth,
  daysInYear,
  weekStart,
  weekdayOf,
  weekNumbers,
  type Civil,
} from './days.ts';
import type { Rule } from './parse.ts';

/** The days on which a rule recurs: those that its parts name, in the periods of its interval. */

/** A year, month, week or day in which a rule recurs. */
interface Period {
  /** Its first day, and its number of days. */
  readonly first: number;
  readonly length: number;
}

/** Numbers the periods of a frequency with consecutive integers. */
interface Calendar {
  /** Returns the index of a day's period. */
  readonly indexOf: (day: number) => number;
  /** Returns the first day of a period. */
  readonly firstOf: (index: number) => number;
}

const years: Calendar = {
  indexOf: (day) => civilOf(day).year,
  firstOf: (year) => dayNumber(year, 1, 1),
};

const months: Calendar = {
  indexOf: (day) => {
    const { year, month } = civilOf(day);
    return year * 12 + month - 1;
  },
  firstOf: (index) => dayNumber(0, index + 1, 1),
};

const weeks = (firstWeekday: number): Calendar => {
  const zero = weekStart(0, firstWeekday);
  return { indexOf: (day) => Math.floor((day - zero) / 7), firstOf: (index) => zero + index * 7 };
};

const days: Calendar = { indexOf: (day) => day, firstOf: (index) => index };

function calendarOf(rule: Rule): Calendar {
  if (rule.frequency === 'YEARLY') return years;
  if (rule.frequency === 'MONTHLY') return months;
  return rule.frequency === 'WEEKLY' ? weeks(rule.weekStart) : days;
}

/** Yields the periods of a rule by its interval, in order, from the one that contains or follows `from`. */
export function* periodsOf(rule: Rule, start: number, from: number): Generator<Period, never> {
  const { indexOf, firstOf } = calendarOf(rule);
  const zero = indexOf(Math.floor(start / DAY));
  const skipped = Math.max(0, Math.ceil((indexOf(Math.floor(from / DAY)) - zero) / rule.interval));
  for (let index = zero + skipped * rule.interval; ; index += rule.interval) {
    const first = firstOf(index);
    yield { first, length: firstOf(index + 1) - first };
  }
}

/** Returns days of a period, in order, that include all that a rule matches, narrowed by its months and days of the month. */
export function candidateDays(rule: Rule, { first, length }: Period): readonly number[] {
  const { frequency, byMonth, byMonthDay } = rule;
  if (length === 1) return [first];
  if (frequency !== 'YEARLY' && frequency !== 'MONTHLY') return daysFrom(first, length);
  if (byMonth.length + byMonthDay.length === 0) return daysFrom(first, length);
  const { year, month } = civilOf(first);
  const own = frequency === 'MONTHLY' ? [month] : MONTHS;
  return own
    .filter((each) => byMonth.length === 0 || byMonth.includes(each))
    .flatMap((each) => {
      const before = dayNumber(year, each, 1) - 1;
      const size = daysInMonth(year, each);
      if (byMonthDay.length === 0) return daysFrom(before + 1, size);
      const named = new Set(byMonthDay.map((day) => (day < 0 ? size + 1 + day : day)));
      return [...named]
        .filter((day) => day > 0 && day <= size)
        .toSorted((a, b) => a - b)
        .map((day) => before + day);
    });
}

const MONTHS = Array.from({ length: 12 }, (_, n) => n + 1);

const daysFrom = (first: number, length: number): readonly number[] =>
  Array.from({ length }, (_, n) => first + n);

type Test = (day: number, civil: Civil) => boolean;

/** Returns a predicate for the days that a rule matches, regardless of its interval. Each part of a rule limits the days. */
export function dayFilter(rule: Rule): (day: number) => boolean {
  const tests = [inMonths(rule), onMonthDays(rule), onWeekdays(rule), onYearDays(rule), inWeeks(rule)].filter(
    (each) => each !== undefined,
  );
  if (tests.length === 0) return () => true;
  return (day) => {
    const civil = civilOf(day);
    return tests.every((test) => test(day, civil));
  };
}

function inMonths({ byMonth }: Rule): Test | undefined {
  return byMonth.length === 0 ? undefined : (_, { month }) => byMonth.includes(month);
}

function onMonthDays({ byMonthDay }: Rule): Test | undefined {
  if (byMonthDay.length === 0) return undefined;
  return (_, { year, month, day }) =>
    byMonthDay.includes(day) || byMonthDay.includes(day - daysInMonth(year, month) - 1);
}

function onYearDays({ byYearDay }: Rule): Test | undefined {
  if (byYearDay.length === 0) return undefined;
  const named = new Set(byYearDay);
  return (number, { year }) => {
    const day = number - dayNumber(year, 1, 1) + 1;
    return named.has(day) || named.has(day - daysInYear(year) - 1);
  };
}

function inWeeks({ byWeekNo, weekStart: firstWeekday }: Rule): Test | undefined {
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
function onWeekdays({ byDay, byMonth, frequency }: Rule): Test | undefined {
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
