import { RecurrenceError } from './date-value.ts';
import { civilOf, DAY, modulo, weekdayOf } from './days.ts';
import type { Rule } from './parse-rule.ts';

/**
 * Completes a rule by the parts that the start of its series implies, as Google Calendar does. `start` is local time.
 * @throws {RecurrenceError} for all-day events that recur within a day
 * @see https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10
 */
export function asGoogleReads(rule: Rule, start: number, wholeDays: boolean): Rule {
  const isWithinDay = ['HOURLY', 'MINUTELY', 'SECONDLY'].includes(rule.frequency);
  if (wholeDays && isWithinDay)
    throw new RecurrenceError(`FREQ=${rule.frequency} is not valid for an all-day event`);
  return { ...rule, ...impliedDate(rule, start), ...impliedTime(rule, start, wholeDays) };
}

const isEmpty = (...lists: readonly (readonly unknown[])[]): boolean =>
  lists.every(({ length }) => length === 0);

function impliedDate(rule: Rule, start: number): Partial<Rule> {
  const { frequency, byDay, byMonth, byMonthDay, byWeekNo, byYearDay } = rule;
  const day = Math.floor(start / DAY);
  const first = civilOf(day);
  const onWeekday = { byDay: [{ nth: 0, weekday: weekdayOf(day) }] };
  if (frequency === 'WEEKLY') return isEmpty(byDay, byMonthDay, byYearDay) ? onWeekday : {};
  if (frequency === 'MONTHLY')
    return isEmpty(byDay, byMonthDay, byYearDay, byWeekNo) ? { byMonthDay: [first.day] } : {};
  if (frequency !== 'YEARLY' || !isEmpty(byDay, byYearDay)) return {};
  if (!isEmpty(byWeekNo)) return isEmpty(byMonthDay) ? onWeekday : {};
  return {
    byMonthDay: isEmpty(byMonthDay) ? [first.day] : byMonthDay,
    // In RFC 5545, BYMONTHDAY alone means that day of every month. Google, which writes birthdays so, reads it as once a year.
    byMonth: isEmpty(byMonth) ? [first.month] : byMonth,
  };
}

function impliedTime(rule: Rule, start: number, wholeDays: boolean): Partial<Rule> {
  // RFC 5545: these parts are ignored if the start is a date.
  if (wholeDays) return { byHour: [0], byMinute: [0], bySecond: [0] };
  const { frequency, byHour, byMinute, bySecond } = rule;
  const stated = (list: readonly number[], unit: number, size: number, ...within: readonly string[]) =>
    list.length > 0 || within.includes(frequency) ? list : [modulo(Math.floor(start / unit), size)];
  return {
    byHour: stated(byHour, 3_600_000, 24, 'HOURLY', 'MINUTELY', 'SECONDLY'),
    byMinute: stated(byMinute, 60_000, 60, 'MINUTELY', 'SECONDLY'),
    bySecond: stated(bySecond, 1000, 60, 'SECONDLY'),
  };
}
