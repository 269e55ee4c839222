import type { CalendarRecord } from '../state/records.ts';
import type { EventDateTime } from './fields.ts';
import { isAllDay, occurrences } from './recurrence.ts';
import { type StoredEvent, isCancelled, isRecurring } from './stored.ts';
import { type Span, spanOf, toInstant, utcSeconds } from './times.ts';

const DAY = 86_400_000;
/** How far a series without an end is expanded beyond the latest of: now, its start, the start of the window. */
const HORIZON = 730 * DAY;

/** The time window of a list, in milliseconds; events overlap it. */
export interface Window {
  readonly timeMin?: number | undefined;
  readonly timeMax?: number | undefined;
}

/** Whether something takes place within the window: it ends after `timeMin` and starts before `timeMax`. */
export const inWindow = ({ start, end }: Span, { timeMin, timeMax }: Window): boolean =>
  (timeMin === undefined || end > timeMin) && (timeMax === undefined || start < timeMax);

/** The id of an occurrence: its series' id and its original start, in UTC or as a date. */
export function instanceId(parent: string, originalStart: EventDateTime): string {
  const time = originalStart.date ?? utcSeconds(Date.parse(originalStart.dateTime ?? ''));
  return `${parent}_${time.replaceAll(/[-:]/g, '')}`;
}

/** The occurrence of a series that starts at that moment, as long as nothing about it was changed. */
function deriveInstance(series: StoredEvent, start: number): StoredEvent {
  const { recurrence: _, ...fields } = series.fields;
  const length = toInstant(fields.end, 'UTC') - toInstant(fields.start, 'UTC');
  const at = (like: EventDateTime, ms: number): EventDateTime =>
    isAllDay(fields) ? { date: utcSeconds(ms).slice(0, 10) } : { ...like, dateTime: utcSeconds(ms) };
  const originalStartTime = at(fields.start, start);
  return {
    ...series,
    id: instanceId(series.id, originalStartTime),
    fields: { ...fields, start: originalStartTime, end: at(fields.end, start + length) },
    recurringEventId: series.id,
    originalStartTime,
  };
}

/**
 * The unchanged occurrences of a series that overlap the window, in order. Series without an end stop two
 * years after `now` (or after their start or the window's, whichever is latest); `now` has to be the same
 * throughout the life of a sync token, or occurrences would appear without any change.
 */
export function expand(series: StoredEvent, window: Window, zone: string, now: number): StoredEvent[] {
  const { start, end } = spanOf(series.fields, 'UTC');
  // Whole days are counted in UTC but take place in the calendar's zone: a day to either side covers the difference.
  const margin = DAY + (end - start);
  const from = window.timeMin === undefined ? start : Math.max(start, window.timeMin - margin);
  const last = window.timeMax ?? Math.max(now, start, window.timeMin ?? 0) + HORIZON;
  return occurrences(series.fields, from, last + DAY)
    .map((at) => deriveInstance(series, at))
    .filter((instance) => inWindow(spanOf(instance.fields, zone), { ...window, timeMax: last }));
}

/** The series that an instance id belongs to, and when the instance starts, if the id has that form at all. */
function parseInstanceId(id: string): { parent: string; start: number } | undefined {
  const match = /^(.+)_(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/.exec(id);
  if (!match) return undefined;
  const [, parent = '', year, month, day, hour = '00', minute = '00', second = '00'] = match;
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(start) ? undefined : { parent, start };
}

/** Whether the series has an occurrence that starts at that moment. */
export const occursAt = (series: StoredEvent, start: number): boolean =>
  isRecurring(series) && occurrences(series.fields, start, start + 1).length > 0;

/**
 * The event with that id: stored, or an occurrence of a stored series that nobody has touched yet.
 * `undefined` where there is neither.
 */
export function findEvent(calendar: CalendarRecord, id: string): StoredEvent | undefined {
  const stored = calendar.events.get(id)?.value;
  if (stored) return stored;
  const parsed = parseInstanceId(id);
  const series = parsed && calendar.events.get(parsed.parent)?.value;
  if (!parsed || !series || isCancelled(series) || !occursAt(series, parsed.start)) return undefined;
  const instance = deriveInstance(series, parsed.start);
  return instance.id === id ? instance : undefined;
}

/** The stored exceptions of a series: its occurrences that were changed or cancelled. */
export const exceptionsOf = (calendar: CalendarRecord, seriesId: string): StoredEvent[] =>
  calendar.events
    .entries()
    .map(({ value }) => value)
    .filter((event) => event.recurringEventId === seriesId);
