import type { Access } from '../state/access.ts';
import { type Entry, valueAt } from '../state/ledger.ts';
import type { CalendarRecord } from '../state/records.ts';
import { expand, exceptionsOf, inWindow } from './instances.ts';
import { type EventQuery, TOMBSTONE_TTL_MS, showsCancelled } from './query.ts';
import { type StoredEvent, isCancelled, isRecurring } from './stored.ts';
import { spanOf, toInstant } from './times.ts';

export interface ListContext {
  readonly access: Access;
  readonly query: EventQuery;
  readonly now: number;
  /** Fixed for the life of the store: from where endless series are expanded. */
  readonly startedAt: number;
}

/** A full list ("Events: list" without a sync token). */
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
    .filter((event) => showsCancelled(query, event, hasLivingSeries(calendar, event)));
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
 * What has changed since a revision ("Synchronize resources efficiently"): deletions always, and whatever was in
 * the token's window or has come into it. With `singleEvents`, a changed series is all of its occurrences,
 * those that it no longer has as cancelled.
 */
export function listChanged(context: ListContext, since: number): StoredEvent[] {
  const { access, query } = context;
  const changed = access.calendar.events.changedSince(since).filter(({ value }) => query.matches(value));
  return changed.flatMap((entry) => {
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
}

/**
 * The cancelled occurrences of a series that has come back: clients were to forget them with the series, and full lists have
 * them again.
 */
const forgotten = ({ access, query }: ListContext, series: StoredEvent, since: number): StoredEvent[] =>
  exceptionsOf(access.calendar, series.id).filter(
    (event) =>
      isCancelled(event) &&
      query.matches(event) &&
      (access.calendar.events.get(event.id)?.revision ?? 0) <= since,
  );

/** All occurrences of one series ("Events: instances"). `timeMin` counts for the end, as in lists, but inclusively. */
export function listInstances(context: ListContext, series: StoredEvent): StoredEvent[] {
  const { access, query } = context;
  const exceptions = exceptionsOf(access.calendar, series.id).filter(
    (event) => (query.showDeleted || !isCancelled(event)) && takesPlace(context, event),
  );
  return sorted([...untouched(context, series), ...exceptions], 'startTime', access.calendar.fields.timeZone);
}

function untouched({ access, query, startedAt }: ListContext, series: StoredEvent): StoredEvent[] {
  const { calendar } = access;
  if (isCancelled(series)) return [];
  return expand(series, query, calendar.fields.timeZone, startedAt).filter(
    (instance) => calendar.events.get(instance.id) === undefined,
  );
}

function changedInstances(
  context: ListContext,
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

/** Whether it overlaps the window; a series does when one of its occurrences might. */
function takesPlace({ access, query, startedAt }: ListContext, event: StoredEvent): boolean {
  if (query.timeMin === undefined && query.timeMax === undefined) return true;
  const zone = access.calendar.fields.timeZone;
  if (isRecurring(event)) return expand(event, query, zone, startedAt).length > 0;
  return inWindow(spanOf(event.fields, zone), query);
}

const isException = ({ value }: Entry<StoredEvent>): boolean => value.recurringEventId !== undefined;

function hasLivingSeries(calendar: CalendarRecord, event: StoredEvent): boolean {
  const series = event.recurringEventId && calendar.events.get(event.recurringEventId)?.value;
  return series !== undefined && series !== '' && isLivingSeries(series);
}

const isLivingSeries = (event: StoredEvent): boolean => isRecurring(event) && !isCancelled(event);

function sorted(events: StoredEvent[], orderBy: string | null, zone: string): StoredEvent[] {
  if (orderBy === 'updated') return events.toSorted((a, b) => a.updated - b.updated);
  if (orderBy === 'startTime')
    return events
      .map((event) => ({ event, start: toInstant(event.fields.start, zone) }))
      .toSorted((a, b) => a.start - b.start)
      .map(({ event }) => event);
  return events;
}
