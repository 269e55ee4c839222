import {
  readSeries,
  type ReadSeries,
  type Series as SeriesLines,
} from '../../../functions/calendar/recurrence/read-series.ts';
import { parseLines, RecurrenceError } from '../../../functions/calendar/recurrence/parse.ts';
import { lastStartOf, startsOf } from '../../../functions/calendar/recurrence/starts.ts';
import { invalid, required } from '../protocol/api-errors.ts';
import type { EventDateTime } from '../state/event-fields.ts';
import { toInstant } from './times.ts';

/** The fields that define a series. */
export interface Series {
  readonly start: EventDateTime;
  readonly end: EventDateTime;
  readonly recurrence?: string[] | undefined;
}

/** Each stored series is parsed once, because stored events are never changed in place. Undefined if it cannot be parsed. */
const known = new WeakMap<Series, ReadSeries | undefined>();

/** All-day events recur at midnight UTC, which daylight saving time does not shift. */
export const isAllDay = (series: { readonly start: EventDateTime }): boolean =>
  series.start.date !== undefined;

/**
 * Validates a recurrence as Google does. Throws 400 `invalid` for a line that is not an RRULE, EXRULE, RDATE or EXDATE, for an
 * unknown, repeated or out-of-range part, and for an UNTIL in local time in a timed series; 400 `required` for a timed series
 * without a time zone.
 */
export function checkRecurrence(series: Series): void {
  if (!isAllDay(series) && series.start.timeZone === undefined)
    throw required('start.timeZone', 'Missing time zone definition for start time.');
  try {
    const lines = linesOf(series);
    readSeries(lines);
    if (hasLocalUntil(lines)) throw new RecurrenceError('UNTIL of a timed series is not in UTC');
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error;
    throw invalid('recurrence', 'Invalid recurrence rule.');
  }
}

/**
 * Returns whether an UNTIL of a timed series is local time. Google rejects that in a write, although it returns such rules.
 * @see https://github.com/google/googleapis.dart/issues/223
 */
function hasLocalUntil({ recurrence, wholeDays }: SeriesLines): boolean {
  const { rrules, exrules } = parseLines(recurrence);
  return !wholeDays && [...rrules, ...exrules].some(({ until }) => until?.form === 'local');
}

/**
 * Returns the starts of a series' occurrences with `from` ≤ start < `before`, in order: at most 32,000. A series that cannot be
 * parsed has only its own start. In milliseconds; for all-day events, midnight UTC of the day.
 */
export function occurrences(series: Series, from: number, before: number): readonly number[] {
  const read = readOnce(series);
  if (read !== undefined) return startsOf(read, from, before).starts;
  return [toInstant(series.start, 'UTC')].filter((start) => start >= from && start < before);
}

/** Returns the start of the last occurrence of a series, or a later time. Undefined if it has no end. */
export function lastOccurrence(series: Series): number | undefined {
  // Not kept: an index asks for every series once, and a parsed one is large.
  const read = known.has(series) ? known.get(series) : readIfPossible(series);
  return read === undefined ? toInstant(series.start, 'UTC') : lastStartOf(read);
}

function readOnce(series: Series): ReadSeries | undefined {
  if (!known.has(series)) known.set(series, readIfPossible(series));
  return known.get(series);
}

function readIfPossible(series: Series): ReadSeries | undefined {
  try {
    return readSeries(linesOf(series));
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error;
    return undefined;
  }
}

const linesOf = (series: Series): SeriesLines => ({
  start: toInstant(series.start, 'UTC'),
  wholeDays: isAllDay(series),
  timeZone: series.start.timeZone ?? 'UTC',
  recurrence: series.recurrence ?? [],
});
