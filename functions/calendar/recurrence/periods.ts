import { civilOf, DAY, dayNumber, daysInMonth, daysInYear, modulo, weekStart } from './days.ts';
import type { Rule } from './parse-rule.ts';

/** The years, months, weeks or days in which a rule recurs, by its interval. */

export interface Period {
  /** Its first day, and its number of days. */
  readonly first: number;
  readonly length: number;
}

interface Calendar {
  /** Returns the index of a day's period; consecutive integers. */
  readonly indexOf: (day: number) => number;
  readonly periodAt: (index: number) => Period;
}

const years: Calendar = {
  indexOf: (day) => civilOf(day).year,
  periodAt: (year) => ({ first: dayNumber(year, 1, 1), length: daysInYear(year) }),
};

const months: Calendar = {
  indexOf: (day) => {
    const { year, month } = civilOf(day);
    return year * 12 + month - 1;
  },
  periodAt: (index) => {
    const [year, month] = [Math.floor(index / 12), modulo(index, 12) + 1];
    return { first: dayNumber(year, month, 1), length: daysInMonth(year, month) };
  },
};

const weeks = (firstWeekday: number): Calendar => {
  const zero = weekStart(0, firstWeekday);
  return {
    indexOf: (day) => Math.floor((day - zero) / 7),
    periodAt: (index) => ({ first: zero + index * 7, length: 7 }),
  };
};

const days: Calendar = {
  indexOf: (day) => day,
  periodAt: (day) => ({ first: day, length: 1 }),
};

function calendarOf(rule: Rule): Calendar {
  if (rule.frequency === 'YEARLY') return years;
  if (rule.frequency === 'MONTHLY') return months;
  return rule.frequency === 'WEEKLY' ? weeks(rule.weekStart) : days;
}

/** Yields the periods of a rule by its interval, in order, from the one that contains or follows `from`. */
export function* periodsOf(rule: Rule, start: number, from: number): Generator<Period, never> {
  const { indexOf, periodAt } = calendarOf(rule);
  const zero = indexOf(Math.floor(start / DAY));
  const skipped = Math.max(0, Math.ceil((indexOf(Math.floor(from / DAY)) - zero) / rule.interval));
  for (let index = zero + skipped * rule.interval; ; index += rule.interval) yield periodAt(index);
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
