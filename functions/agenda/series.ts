import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';

import { instantOf } from '../calendar/instant.ts';
import type { Item } from '../calendar/resources.ts';
import { startsOf } from './recurrence.ts';

/** A recurring event as the events that it stands for ("Recurring events"). */

/** From when to when, in Unix ms: what ends after `from` and starts before `to` is on. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const DAY = 86_400_000;

const time = z.object({
  date: z.string().optional(),
  dateTime: z.string().optional(),
  timeZone: z.string().optional(),
});
type Time = z.infer<typeof time>;

const recurring = z.object({ start: time, end: time, recurrence: z.array(z.string()) });

/** Whether it is a recurring event, and not a single one or an occurrence. */
export const isRecurring = ({ recurrence }: Item): boolean =>
  Array.isArray(recurrence) && recurrence.length > 0;

/**
 * The occurrences of a recurring event that may overlap the window, in the form in which Google lists them, as if none had been
 * changed. `calendarZone` is the calendar's time zone.
 * @throws Error when its rule cannot be read, or names more than 5,000 occurrences in the window
 */
export function expand(event: Item, { from, to }: Window, calendarZone: string): readonly Item[] {
  const { start, end, recurrence } = recurring.parse(event);
  const wholeDays = start.date !== undefined;
  const timeZone = wholeDays ? 'UTC' : (start.timeZone ?? calendarZone);
  const first = instantOf({ ...start, timeZone }, timeZone);
  const last = instantOf({ ...end, timeZone }, timeZone);
  if (first === null || last === null) throw new Error('its start or end is no time');
  const length = last - first;
  // Whole days are counted in UTC, and take place in a zone that is less than a day from it.
  const margin = wholeDays ? DAY : 0;
  const starts = startsOf({ start: first, timeZone, recurrence }, from - length - margin, to + margin);
  const { recurrence: _, ...fields } = event;
  return starts.map((at) => {
    const originalStartTime = timeAt(start, at, timeZone);
    return {
      ...fields,
      id: `${event.id}_${basic(originalStartTime.date ?? new Date(at).toISOString())}`,
      start: originalStartTime,
      end: timeAt(end, at + length, timeZone),
      recurringEventId: event.id,
      originalStartTime,
    };
  });
}

/** A time that says what `like` says, of another moment. */
function timeAt(like: Time, ms: number, timeZone: string): Time {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  if (like.date !== undefined) return { ...like, date: local.toPlainDate().toString() };
  return { ...like, dateTime: local.toString({ timeZoneName: 'never', smallestUnit: 'second' }) };
}

/** ISO 8601 as occurrences are named by it: without separators and parts of a second. */
const basic = (iso: string): string => iso.replace(/\.\d+/, '').replaceAll(/[-:]/g, '');

/**
 * Which occurrence of which recurring event an event is, whatever has become of it; undefined if it is none. Google guarantees
 * what this takes of cancelled occurrences too.
 */
export function occurrenceKey(event: Item, calendarZone: string): string | undefined {
  const { recurringEventId, originalStartTime } = event;
  if (typeof recurringEventId !== 'string') return undefined;
  const { date } = time.catch({}).parse(originalStartTime);
  return JSON.stringify([recurringEventId, date ?? instantOf(originalStartTime, calendarZone)]);
}
