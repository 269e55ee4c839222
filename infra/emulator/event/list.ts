import type { Access } from '../state/access.ts';
import { type FrozenLedger, valueAt } from '../state/ledger.ts';
import { itemsOf, type Pages, pagesOf, pagesOfItems } from '../state/pages.ts';
import type { ListOptions } from '../state/store-options.ts';
import { byICalUID } from './groups.ts';
import { timeIndexOf } from './time-index.ts';
import { expand, exceptionsOf, instanceAt, inWindow } from './instances.ts';
import { type EventQuery, TOMBSTONE_TTL_MS, showsCancelled } from './query.ts';
import { type StoredEvent, isCancelled, isRecurring } from '../state/stored-event.ts';
import { spanOf, toInstant } from './times.ts';

interface ExpansionContext {
  readonly access: Access;
  readonly query: EventQuery;
  /** Fixed for the life of the store: the time from which endless series are expanded. */
  readonly startedAt: number;
}

interface ListContext
  extends ExpansionContext, Pick<ListOptions, 'maxCancelledOccurrences' | 'orphanedOccurrences'> {
  readonly now: number;
}

/** A context whose calendar does not change any more, so that each page of a list can be computed when it is read. */
interface Expansion extends ExpansionContext {
  readonly events: FrozenLedger<StoredEvent>;
  readonly zone: string;
}

type Frozen = ListContext & Expansion;

const freeze = <C extends ExpansionContext>(context: C): C & Expansion => {
  const { events, fields } = context.access.calendar;
  return { ...context, events: events.freeze(), zone: fields.timeZone };
};

/** Returns a full list: https://developers.google.com/workspace/calendar/api/v3/reference/events/list without a sync token. */
export function listAll(context: ListContext): Pages<StoredEvent> {
  const { access, query, now } = context;
  const frozen = freeze(context);
  const found = pagesOf(candidates(frozen), ({ value, changedAt }) => {
    const isForgotten = isCancelled(value) && changedAt <= now - TOMBSTONE_TTL_MS;
    if (isForgotten && value.recurringEventId === undefined) return [];
    if (query.updatedMin !== undefined && value.updated < query.updatedMin) return [];
    if (!showsCancelled(query, value, isOfSeries(frozen, value))) return [];
    const events = query.singleEvents && isRecurring(value) ? untouched(frozen, value) : [value];
    return events.filter((event) => query.matches(access, event) && takesPlace(frozen, event));
  });
  return query.orderBy === null ? found : pagesOfItems(sorted(itemsOf(found), query.orderBy, frozen.zone));
}

/** Returns the entries that a list has to look at: those that the indexes find, or all. */
function candidates({ access, query, events }: Frozen): Pick<FrozenLedger<StoredEvent>, 'length' | 'at'> {
  const ledger = access.calendar.events;
  if (query.iCalUID !== undefined) return byICalUID(ledger, query.iCalUID);
  if (query.timeMin === undefined && query.timeMax === undefined) return events;
  const positions = timeIndexOf(ledger).within(query);
  return { length: positions.length, at: (index) => events.at(positions[index] ?? -1) };
}

/**
 * Returns the changes since a revision (https://developers.google.com/workspace/calendar/api/guides/sync): all deletions, and
 * events that are or were in the token's window. With `singleEvents`, a changed series is replaced by its occurrences; those that
 * it no longer has are cancelled.
 */
export function listChanged(changing: ListContext, since: number): StoredEvent[] {
  const context = freeze(changing);
  const { access, query } = context;
  const changed = access.calendar.events
    .changedSince(since)
    .filter(({ value }) => query.matches(access, value));
  const events = changed.flatMap((entry) => {
    const now = entry.value;
    const before = valueAt(entry, since) ?? occurrenceBefore(context, now, since);
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

/** Returns the unchanged occurrence that a new exception has replaced, which may have been in the window when its exception is not. */
function occurrenceBefore({ access }: Expansion, now: StoredEvent, since: number): StoredEvent | undefined {
  const { recurringEventId = '', originalStartTime } = now;
  const entry = access.calendar.events.get(recurringEventId);
  const series = entry && valueAt(entry, since);
  return series && originalStartTime && instanceAt(series, toInstant(originalStartTime, 'UTC'));
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
      query.matches(access, event) &&
      (access.calendar.events.get(event.id)?.revision ?? 0) <= since,
  );

/**
 * Returns all occurrences of one series (https://developers.google.com/workspace/calendar/api/v3/reference/events/instances). As
 * in lists, `timeMin` applies to the end, but inclusively.
 */
export function listInstances(changing: ExpansionContext, series: StoredEvent): readonly StoredEvent[] {
  const context = freeze(changing);
  const { access, query } = context;
  const exceptions = exceptionsOf(access.calendar, series.id).filter(
    (event) => (query.showDeleted || !isCancelled(event)) && takesPlace(context, event),
  );
  return sorted([...untouched(context, series), ...exceptions], 'startTime', context.zone);
}

function untouched({ query, startedAt, events, zone }: Expansion, series: StoredEvent): StoredEvent[] {
  if (isCancelled(series)) return [];
  return expand(series, query, zone, startedAt).filter((instance) => events.get(instance.id) === undefined);
}

function changedInstances(
  context: Expansion,
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
function takesPlace({ query, startedAt, zone }: Expansion, event: StoredEvent): boolean {
  if (query.timeMin === undefined && query.timeMax === undefined) return true;
  if (isRecurring(event)) return expand(event, query, zone, startedAt).length > 0;
  return inWindow(spanOf(event.fields, zone), query);
}

/** Returns whether a full list includes a cancelled event as part of a series. */
const isOfSeries = ({ events, orphanedOccurrences = false }: Frozen, event: StoredEvent): boolean =>
  hasLivingSeries(events, event) || (orphanedOccurrences && event.recurringEventId !== undefined);

function hasLivingSeries(events: FrozenLedger<StoredEvent>, { recurringEventId }: StoredEvent): boolean {
  const series = recurringEventId === undefined ? undefined : events.get(recurringEventId)?.value;
  return series !== undefined && isLivingSeries(series);
}

const isLivingSeries = (event: StoredEvent): boolean => isRecurring(event) && !isCancelled(event);

function sorted(
  events: readonly StoredEvent[],
  orderBy: string | null,
  zone: string,
): readonly StoredEvent[] {
  if (orderBy === 'updated') return events.toSorted((a, b) => a.updated - b.updated);
  if (orderBy === 'startTime')
    return events
      .map((event) => ({ event, start: toInstant(event.fields.start, zone) || 0 }))
      .toSorted((a, b) => a.start - b.start)
      .map(({ event }) => event);
  return events;
}
