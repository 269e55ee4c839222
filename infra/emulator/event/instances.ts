import { dateText } from '../../../functions/calendar/recurrence/days.ts';
import { occurrenceIds, timeText } from '../../../functions/calendar/recurrence/occurrences.ts';
import { UTC } from '../../../functions/calendar/zone.ts';
import type { CalendarRecord } from '../state/records.ts';
import type { EventDateTime } from '../state/event-fields.ts';
import { bySeries, bySplit } from './groups.ts';
import { isAllDay, lastOccurrence, occurrences } from './recurrence.ts';
import { type StoredEvent, isCancelled, isRecurring } from '../state/stored-event.ts';
import { type Span, spanOf, toInstant } from './times.ts';

const DAY = 86_400_000;
/** How far an endless series is expanded beyond the latest of: now, its start, the start of the window. */
const HORIZON = 730 * DAY;
/** The last day that RFC 3339 can represent. No series is expanded beyond it. */
const LAST_DAY = Date.parse('9999-12-31T00:00:00Z');

/** The time window of a list, in milliseconds. Events that overlap it belong to it. */
export interface Window {
  readonly timeMin?: number | undefined;
  readonly timeMax?: number | undefined;
}

/** Returns whether something overlaps the window: it ends after `timeMin` and starts before `timeMax`. */
export const inWindow = ({ start, end }: Span, { timeMin, timeMax }: Window): boolean =>
  (timeMin === undefined || end > timeMin) && (timeMax === undefined || start < timeMax);

/** Returns the id of an occurrence: its series' id and its original start, in UTC or as a date. */
export const instanceId = (parent: string, originalStart: EventDateTime): string =>
  occurrenceIds(parent, originalStart.date !== undefined)(toInstant(originalStart, 'UTC'));

/** Returns a function that creates the unchanged occurrence of a series that starts at a given time. */
function instancesOf(series: StoredEvent): (start: number) => StoredEvent {
  const { recurrence: _, ...fields } = series.fields;
  const length = toInstant(fields.end, 'UTC') - toInstant(fields.start, 'UTC');
  const idOf = occurrenceIds(series.id, isAllDay(fields));
  const at = (like: EventDateTime, ms: number): EventDateTime =>
    isAllDay(fields) ? { date: dateText(ms) } : { ...like, dateTime: timeText(ms, UTC) };
  return (start) => {
    const originalStartTime = at(fields.start, start);
    return {
      ...series,
      id: idOf(start),
      fields: { ...fields, start: originalStartTime, end: at(fields.end, start + length) },
      recurringEventId: series.id,
      originalStartTime,
    };
  };
}

/**
 * Returns the unchanged occurrences of a series that overlap the window, in order. Endless series stop two years after `now`,
 * their start or the window's start, whichever is latest. `now` must not change during the life of a sync token, or occurrences
 * would appear without a change.
 */
export function expand(series: StoredEvent, window: Window, zone: string, now: number): StoredEvent[] {
  const { start, end } = spanOf(series.fields, 'UTC');
  // All-day events are counted in UTC but take place in the calendar's zone: a day on either side covers the difference.
  const margin = DAY + Math.max(0, end - start);
  const from = window.timeMin === undefined ? start : Math.max(start, window.timeMin - margin);
  const horizon = Math.max(now, start, window.timeMin ?? 0) + HORIZON;
  const ends = window.timeMax === undefined ? lastOccurrence(series.fields) : undefined;
  const timeMax = window.timeMax ?? (ends === undefined ? horizon : undefined);
  return occurrences(series.fields, from, Math.min((timeMax ?? ends ?? horizon) + DAY, LAST_DAY))
    .map(instancesOf(series))
    .filter((instance) => inWindow(spanOf(instance.fields, zone), { ...window, timeMax }));
}

/** Splits an instance id into its series' id and the start of the instance. Undefined if the id has another form. */
function parseInstanceId(id: string): { parent: string; start: number } | undefined {
  const match = /^(.+)_(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/.exec(id);
  if (!match) return undefined;
  const [, parent = '', year, month, day, hour = '00', minute = '00', second = '00'] = match;
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(start) ? undefined : { parent, start };
}

/** Returns whether the series has an occurrence that starts at that time. */
export const occursAt = (series: StoredEvent, start: number): boolean =>
  isRecurring(series) && occurrences(series.fields, start, start + 1).length > 0;

/** Returns the event with that id: a stored one, or an unchanged occurrence of a stored series. Undefined if there is neither. */
export function findEvent(calendar: CalendarRecord, id: string): StoredEvent | undefined {
  const stored = calendar.events.get(id)?.value;
  if (stored) return stored;
  const parsed = parseInstanceId(id);
  if (!parsed) return undefined;
  for (const series of seriesOf(calendar, parsed.parent)) {
    const instance = instanceAt(series, parsed.start);
    if (instance?.id === id) return instance;
  }
  return undefined;
}

/** Returns the unchanged occurrence of a series that starts at that time. Undefined if there is none. */
export const instanceAt = (series: StoredEvent, start: number): StoredEvent | undefined =>
  isCancelled(series) || !occursAt(series, start) ? undefined : instancesOf(series)(start);

/**
 * Returns the series that occurrences are named after: the one of that id, and those that "this and following events" split off
 * from it.
 */
function* seriesOf(calendar: CalendarRecord, id: string): Generator<StoredEvent> {
  const own = calendar.events.get(id)?.value;
  if (own) yield own;
  for (const { value } of bySplit(calendar.events, id)) yield value;
}

/** Returns the stored exceptions of a series: its changed or cancelled occurrences. */
export const exceptionsOf = (calendar: CalendarRecord, seriesId: string): StoredEvent[] =>
  bySeries(calendar.events, seriesId).map(({ value }) => value);
