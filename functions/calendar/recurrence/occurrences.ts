import * as z from 'zod';

import { dateOf, firstKnownZone, instantOf } from '../event-times.ts';
import type { Item } from '../resources.ts';
import { readZone, UTC, type Zone } from '../zone.ts';
import { clockText, DAY, dateText } from './days.ts';
import { RecurrenceError } from './parse.ts';
import { readSeries, type Series } from './read-series.ts';
import { startsOf, lastStartOf, type Starts } from './starts.ts';

/**
 * The occurrences of a recurring event, in the form in which Google lists them.
 * @see https://developers.google.com/workspace/calendar/api/guides/recurringevents
 */

const time = z.object({
  date: z.string().optional(),
  dateTime: z.string().optional(),
  timeZone: z.string().optional(),
});
type Time = z.infer<typeof time>;

const recurring = z.object({ start: time, end: time, recurrence: z.array(z.string()) });

/** An event, or an occurrence of a recurring event, with its times. */
export interface Occurrence {
  /** Unix ms; all-day events start and end at midnight in the calendar's time zone. */
  readonly startsAt: number;
  readonly endsAt: number;
  /** As Google returns it: an occurrence has its own id and times, and the parent's id as `recurringEventId`. */
  readonly event: Item;
}

/** A recurring event, with the fields that its occurrences derive from. */
interface RecurringEvent extends Series {
  readonly event: Item;
  /** From start to end, in ms; 0 for all-day events whose end is their start. */
  readonly length: number;
  readonly like: { readonly start: Time; readonly end: Time };
}

/** Parses a recurring event; undefined if its start or end is missing or invalid. */
function recurringEvent(event: Item, calendarZone: string): RecurringEvent | undefined {
  const parsed = recurring.safeParse(event);
  if (!parsed.success) return undefined;
  const { start, end, recurrence } = parsed.data;
  const wholeDays = start.dateTime === undefined;
  if (wholeDays !== (end.dateTime === undefined)) return undefined;
  const timeZone = wholeDays ? UTC.id : (start.timeZone ?? calendarZone);
  const first = instantOf({ ...start, timeZone }, timeZone);
  const last = instantOf({ ...end, timeZone: wholeDays ? UTC.id : end.timeZone }, timeZone);
  if (first === null || last === null) return undefined;
  const [from, to] = [wholeSeconds(first), wholeSeconds(last)];
  return { event, recurrence, wholeDays, timeZone, start: from, length: to - from, like: { start, end } };
}

/** Google drops fractions of a second. */
const wholeSeconds = (at: number): number => Math.floor(at / 1000) * 1000;

/** Returns the duration of an occurrence, in ms. An all-day event whose end is its start lasts one day. */
const lengthOf = ({ length, wholeDays }: RecurringEvent): number =>
  wholeDays ? Math.max(length, DAY) : length;

/**
 * Returns a factory of occurrences by their start (Unix ms; midnight UTC for all-day events), without regard to exceptions.
 * `calendarZone` is the calendar's time zone.
 */
function occurrencesOf(series: RecurringEvent, calendarZone: string): (at: number) => Occurrence {
  const { event, wholeDays, timeZone, length, like } = series;
  const { recurrence: _, ...fields } = event;
  const startAt = timeLike(like.start, timeZone);
  const endAt = timeLike(like.end, like.end.timeZone ?? timeZone);
  const idAt = occurrenceIds(event.id, wholeDays);
  const lasts = lengthOf(series);
  const zone = (of: Time): Zone => (wholeDays ? firstKnownZone(of.timeZone, calendarZone) : UTC);
  // An event whose end is its start lasts one day in the zone of its start.
  const [startZone, endZone] = [zone(like.start), zone(length > 0 ? like.end : like.start)];
  return (at) => {
    const originalStartTime = startAt(at);
    const occurrence = {
      ...fields,
      id: idAt(at),
      start: originalStartTime,
      end: endAt(at + length),
      recurringEventId: event.id,
      originalStartTime,
    };
    return { startsAt: startZone.momentOf(at), endsAt: endZone.momentOf(at + lasts), event: occurrence };
  };
}

/** The suffix that "this and following events" adds to the id of a series: the start of the new series. */
const SPLIT = /_R\d{8}(?:T\d{6}Z?)?$/;

/**
 * Returns a factory of occurrence ids by their start (Unix ms): the id of the series and that time in UTC. Occurrences of a series that
 * "this and following events" split off have the id of the original series.
 */
export function occurrenceIds(seriesId: string, wholeDays: boolean): (at: number) => string {
  const base = seriesId.replace(SPLIT, '');
  return (at) => `${base}_${dateText(at, '')}${wholeDays ? '' : `T${clockText(at, '')}Z`}`;
}

/** Returns a factory of times in the form of `like`. */
function timeLike(like: Time, timeZone: string): (at: number) => Time {
  if (like.dateTime === undefined) return (at) => ({ ...like, date: dateText(at) });
  const zone = readZone(timeZone) ?? UTC;
  return (at) => ({ ...like, dateTime: timeText(at, zone) });
}

/**
 * Formats a moment (Unix ms) as RFC 3339 to the second, with the offset of that time zone: `2026-12-04T09:00:00+01:00`. Historical
 * local mean times are formatted in UTC, because RFC 3339 offsets have no seconds.
 */
export function timeText(at: number, zone: Zone): string {
  const offset = zone.offsetAt(at);
  if (offset === 0 || offset % 60_000 !== 0) return `${dateText(at)}T${clockText(at)}Z`;
  const local = at + offset;
  const sign = offset < 0 ? '-' : '+';
  return `${dateText(local)}T${clockText(local)}${sign}${clockText(Math.abs(offset)).slice(0, 5)}`;
}

/** A window in Unix ms: it contains what ends after `from` and starts before `to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the occurrences of a recurring event that may overlap a window, in order and without regard to exceptions, each with its
 * original start (Unix ms, or its date). An event that cannot be expanded occurs at its start; `notExpanded` says why.
 * `calendarZone` is the calendar's time zone.
 */
export function expand(event: Item, { from, to }: Window, calendarZone: string) {
  const series = recurringEvent(event, calendarZone);
  if (series === undefined) return { expanded: [], notExpanded: 'its start or end is missing or invalid' };
  const { wholeDays } = series;
  // All-day events are expanded in UTC, and occur in a zone that is less than a day from it.
  const margin = wholeDays ? DAY : 0;
  const lasts = Math.max(lengthOf(series), 0);
  const { starts, incomplete } = startsIn(series, from - lasts - margin, to + margin);
  const at = occurrencesOf(series, calendarZone);
  const expanded = (incomplete === undefined ? starts : [series.start]).map((start) => ({
    original: wholeDays ? dateText(start) : start,
    occurrence: at(start),
  }));
  return { expanded, notExpanded: incomplete };
}

/**
 * Returns the occurrence of a recurring event at an `originalStartTime`, whether or not its rules still name it; undefined if one of
 * the times is invalid, or the one is a date and the other is not. `calendarZone` is the calendar's time zone.
 */
export function occurrenceAt(
  event: Item,
  originalStartTime: unknown,
  calendarZone: string,
): Item | undefined {
  const series = recurringEvent(event, calendarZone);
  const date = dateOf(originalStartTime);
  if (series === undefined || series.wholeDays !== (date !== undefined)) return undefined;
  const at = instantOf(date === undefined ? originalStartTime : { date }, series.timeZone);
  return at === null ? undefined : occurrencesOf(series, calendarZone)(at).event;
}

function startsIn(series: RecurringEvent, from: number, before: number): Starts {
  try {
    return startsOf(readSeries(series), from, before);
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error;
    return { starts: [], incomplete: error.message };
  }
}

/** Stands for no end. */
const ENDLESS = Date.UTC(9999, 11, 31);

/**
 * Returns when a recurring event is over for good, in Unix ms: the end of its last occurrence, or later if that takes too long to
 * find; 9999-12-31 if it has no end or is invalid. Exceptions are not considered.
 */
export function seriesEnd(event: Item, calendarZone: string | undefined): number {
  const zone = calendarZone ?? UTC.id;
  const series = recurringEvent(event, zone);
  if (series === undefined) return ENDLESS;
  try {
    const last = lastStartOf(readSeries(series));
    return last === undefined ? ENDLESS : Math.min(occurrencesOf(series, zone)(last).endsAt, ENDLESS);
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error;
    return ENDLESS;
  }
}
