import { UTC, readZone, type Zone } from '../zone.ts';
import { DAY, civilOf, modulo, weekdayOf } from './days.ts';
import { RecurrenceError, parseLines, type DateValue, type ListedDate, type Rule } from './parse.ts';

/** The meaning of an event's `recurrence`, as Google Calendar reads it. */

export interface Series {
  /** Unix ms of the event's start; for all-day events, midnight UTC of the date. */
  readonly start: number;
  readonly wholeDays: boolean;
  /** The zone in which a timed series recurs. */
  readonly timeZone: string;
  /** Lines of RRULE, EXRULE, RDATE and EXDATE. */
  readonly recurrence: readonly string[];
}

/** A parsed series. */
export type ReadSeries = ReturnType<typeof readSeries>;

export interface BoundedRule {
  readonly rule: Rule;
  /** The last moment (Unix ms) that UNTIL allows. */
  readonly until: number;
}

/** Parses a series. @throws {RecurrenceError} for an invalid line or an unknown zone */
export function readSeries({ start: exact, wholeDays, timeZone, recurrence }: Series) {
  const { rrules, exrules, rdates, exdates } = parseLines(recurrence);
  const start = Math.floor(exact / 1000) * 1000;
  const zone = wholeDays ? UTC : zoneNamed(timeZone);
  const local = start + zone.offsetAt(start);
  const bounded = (rule: Rule): BoundedRule => ({
    rule: asGoogleReads(rule, local, wholeDays),
    until: rule.until === undefined ? Number.POSITIVE_INFINITY : lastMoment(rule.until, wholeDays, zone),
  });
  const moments = (dates: readonly ListedDate[]): readonly number[] =>
    dates.map((date) => momentOf(date, wholeDays, zone, local));
  const isDay = ({ form }: DateValue): boolean => form === 'date' && !wholeDays;
  return {
    start,
    zone,
    include: rrules.map(bounded),
    exclude: exrules.map(bounded),
    dates: moments(rdates),
    exceptTimes: new Set(moments(exdates.filter((date) => !isDay(date)))),
    /** Days, by their numbers, on which a timed series does not occur. */
    exceptDays: new Set(exdates.filter(isDay).map((date) => date.local / DAY)),
  };
}

function zoneNamed(name: string): Zone {
  const zone = readZone(name);
  if (zone === undefined) throw new RecurrenceError(`${JSON.stringify(name)} is not a known time zone`);
  return zone;
}

/** Returns the last moment of an UNTIL. A date in a timed series means the end of that day in the zone of the series. */
function lastMoment({ form, local }: DateValue, wholeDays: boolean, zone: Zone): number {
  if (wholeDays || form === 'utc') return local;
  return zone.momentOf(form === 'date' ? local + DAY - 1000 : local);
}

/**
 * Returns the moment of an RDATE or EXDATE. For an all-day event only the date counts. A date in a timed series means the time of day
 * of the series.
 */
function momentOf(date: ListedDate, wholeDays: boolean, zone: Zone, start: number): number {
  const { form, local } = date;
  if (wholeDays) return Math.floor(local / DAY) * DAY;
  if (form === 'utc') return local;
  if (form === 'date') return zone.momentOf(local + (start - Math.floor(start / DAY) * DAY));
  return (date.zone === undefined ? zone : zoneNamed(date.zone)).momentOf(local);
}

/**
 * Completes a rule by the parts that the start of its series implies, as Google Calendar does. `start` is local time.
 * @throws {RecurrenceError} for all-day events that recur within a day
 * @see https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10
 */
function asGoogleReads(rule: Rule, start: number, wholeDays: boolean): Rule {
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
