import type { Access } from '../state/access.ts';
import { type Entry, valueAt } from '../state/ledger.ts';
import type { CalendarRecord } from '../state/records.ts';
import { expand, exceptionsOf, inWindow } from './instances.ts';
import { type EventQuery, TOMBSTONE_TTL_MS, showsCancelled } from './query.ts';
import { type StoredEvent, isCancelled, isRecurring } from '../state/stored-event.ts';
import { spanOf, toInstant } from './times.ts';

interface ExpansionContext {
  readonly access: Access;
  readonly query: EventQuery;
  /** Fixed for the life of the store: the time from which endless series are expanded. */
  readonly startedAt: number;
}

interface ListContext extends ExpansionContext {
  readonly now: number;
  /** See `StoreOptions`. */
  readonly maxCancelledOccurrences?: number;
  readonly orphanedOccurrences?: boolean;
}

/** Returns a full list: https://developers.google.com/workspace/calendar/api/v3/reference/events/list without a sync token. */
export function listAll(context: ListContext): StoredEvent[] {
  const { access, query, now } = context;
  const { calendar } = access;
  const found = calendar.events
    .entries()
    .filter(
      (entry) => !isCancelled(entry.value) || entry.changedAt > now - TOMBSTONE_TTL_MS || isException(entry),
    )
    .map((entry) => entry.value)
    .filter((event) => query.updatedMin === undefined || event.updated >= query.updatedMin)
    .filter((event) => showsCancelled(query, event, isOfSeries(context, event)));
  const events = query.singleEvents
    ? found.flatMap((event) => (isRecurring(event) ? untouched(context, event) : [event]))
    : found;
  const zone = calendar.fields.timeZone;
  return sorted(
    events.filter((event) => query.matches(event) && takesPlace(context, event)),
    query.orderBy,
    zone,
  );
}

/**
 * Returns the changes since a revision (https://developers.google.com/workspace/calendar/api/guides/sync): all deletions, and
 * events that are or were in the token's window. With `singleEvents`, a changed series is replaced by its occurrences; those that
 * it no longer has are cancelled.
 */
export function listChanged(context: ListContext, since: number): StoredEvent[] {
  const { access, query } = context;
  const changed = access.calendar.events.changedSince(since).filter(({ value }) => query.matches(value));
  const events = changed.flatMap((entry) => {
    const before = valueAt(entry, since);
    const now = entry.value;
    const seriesNow = isRecurring(now) || (before !== undefined && isRecurring(before));
    if (query.singleEvents && seriesNow) return changedInstances(context, before, now);
    const concerns =
      takesPlace(context, now) ||
      (before !== undefined && !isCancelled(before) && takesPlace(context, before));
    const cameBack = before !== undefined && !isLivingSeries(before) && isLivingSeries(now);
    return [
      ...(concerns || isCancelled(now) ? [now] : []),
      ...(cameBack ? forgotten(context, now, since) : []),
    ];
  });
  return query.singleEvents ? withinLimit(context, events) : events;
}

/** Drops the cancelled occurrences beyond the limit. */
function withinLimit(
  { maxCancelledOccurrences = Infinity }: ListContext,
  events: readonly StoredEvent[],
): StoredEvent[] {
  const counts = new Map<string, number>();
  return events.filter((event) => {
    const { recurringEventId } = event;
    if (recurringEventId === undefined || !isCancelled(event)) return true;
    const count = (counts.get(recurringEventId) ?? 0) + 1;
    counts.set(recurringEventId, count);
    return count <= maxCancelledOccurrences;
  });
}

/**
 * Returns the cancelled occurrences of a restored series. Clients forgot them with the series, and full lists include them again.
 */
const forgotten = ({ access, query }: ListContext, series: StoredEvent, since: number): StoredEvent[] =>
  exceptionsOf(access.calendar, series.id).filter(
    (event) =>
      isCancelled(event) &&
      query.matches(event) &&
      (access.calendar.events.get(event.id)?.revision ?? 0) <= since,
  );

/**
 * Returns all occurrences of one series (https://developers.google.com/workspace/calendar/api/v3/reference/events/instances). As
 * in lists, `timeMin` applies to the end, but inclusively.
 */
export function listInstances(context: ExpansionContext, series: StoredEvent): StoredEvent[] {
  const { access, query } = context;
  const exceptions = exceptionsOf(access.calendar, series.id).filter(
    (event) => (query.showDeleted || !isCancelled(event)) && takesPlace(context, event),
  );
  return sorted([...untouched(context, series), ...exceptions], 'startTime', access.calendar.fields.timeZone);
}

function untouched({ access, query, startedAt }: ExpansionContext, series: StoredEvent): StoredEvent[] {
  const { calendar } = access;
  if (isCancelled(series)) return [];
  return expand(series, query, calendar.fields.timeZone, startedAt).filter(
    (instance) => calendar.events.get(instance.id) === undefined,
  );
}

function changedInstances(
  context: ExpansionContext,
  before: StoredEvent | undefined,
  now: StoredEvent,
): StoredEvent[] {
  const present = isRecurring(now) ? untouched(context, now) : [now];
  const kept = new Set(present.map(({ id }) => id));
  const gone = before && isRecurring(before) ? untouched(context, before) : before ? [before] : [];
  return [
    ...present,
    ...gone
      .filter(({ id }) => !kept.has(id))
      .map((event) => ({
        ...event,
        updated: now.updated,
        fields: { ...event.fields, status: 'cancelled' as const },
      })),
  ];
}

/** Returns whether an event overlaps the window; for a series, whether one of its occurrences may. */
function takesPlace({ access, query, startedAt }: ExpansionContext, event: StoredEvent): boolean {
  if (query.timeMin === undefined && query.timeMax === undefined) return true;
  const zone = access.calendar.fields.timeZone;
  if (isRecurring(event)) return expand(event, query, zone, startedAt).length > 0;
  return inWindow(spanOf(event.fields, zone), query);
}

const isException = ({ value }: Entry<StoredEvent>): boolean => value.recurringEventId !== undefined;

/** Returns whether a full list includes a cancelled event as part of a series. */
const isOfSeries = ({ access, orphanedOccurrences = false }: ListContext, event: StoredEvent): boolean =>
  hasLivingSeries(access.calendar, event) || (orphanedOccurrences && event.recurringEventId !== undefined);

function hasLivingSeries(calendar: CalendarRecord, event: StoredEvent): boolean {
  const series = event.recurringEventId && calendar.events.get(event.recurringEventId)?.value;
  return series !== undefined && series !== '' && isLivingSeries(series);
}

const isLivingSeries = (event: StoredEvent): boolean => isRecurring(event) && !isCancelled(event);

function sorted(events: StoredEvent[], orderBy: string | null, zone: string): StoredEvent[] {
  if (orderBy === 'updated') return events.toSorted((a, b) => a.updated - b.updated);
  if (orderBy === 'startTime')
    return events
      .map((event) => ({ event, start: toInstant(event.fields.start, zone) || 0 }))
      .toSorted((a, b) => a.start - b.start)
      .map(({ event }) => event);
  return events;
}
