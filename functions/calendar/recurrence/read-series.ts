import { UTC, readZone, type Zone } from '../zone.ts';
import { RecurrenceError, type DateValue } from './date-value.ts';
import { DAY } from './days.ts';
import { asGoogleReads } from './google-reading.ts';
import { parseLines, type Lines, type ListedDate } from './parse-lines.ts';
import type { Rule } from './parse-rule.ts';

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
export interface ReadSeries {
  readonly start: number;
  readonly zone: Zone;
  readonly include: readonly BoundedRule[];
  readonly exclude: readonly BoundedRule[];
  readonly dates: readonly number[];
  readonly exceptTimes: ReadonlySet<number>;
  /** Days, by their numbers, on which a timed series does not occur. */
  readonly exceptDays: ReadonlySet<number>;
}

export interface BoundedRule {
  readonly rule: Rule;
  /** The last moment (Unix ms) that UNTIL allows. */
  readonly until: number;
}

/** Parses a series. @throws {RecurrenceError} for an invalid line or an unknown zone */
export const readSeries = (series: Series): ReadSeries => meaning(series, parseLines(series.recurrence));

/**
 * Parses a series that a client writes. Google rejects in a write some of what it returns.
 * @throws {RecurrenceError} as {@link readSeries}, and for an UNTIL of a timed series that is local time
 * @see https://github.com/google/googleapis.dart/issues/223
 */
export function readWrittenSeries(series: Series): ReadSeries {
  const lines = parseLines(series.recurrence);
  const local = [...lines.rrules, ...lines.exrules].some(({ until }) => until?.form === 'local');
  if (local && !series.wholeDays) throw new RecurrenceError('UNTIL of a timed series is not in UTC');
  return meaning(series, lines);
}

function meaning({ start: exact, wholeDays, timeZone }: Series, lines: Lines): ReadSeries {
  const { rrules, exrules, rdates, exdates } = lines;
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
