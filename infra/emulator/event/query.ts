import { invalid, timeRangeEmpty, updatedMinTooLongAgo } from '../protocol/api-errors.ts';
import { eventTypes } from '../state/event-fields.ts';
import type { Access } from '../state/access.ts';
import type { Window } from './instances.ts';
import { type StoredEvent, isCancelled, typeOf } from '../state/stored-event.ts';
import { isTimeZone, parseTimestamp } from './times.ts';
import { seesDetails } from './view.ts';

const DAY = 86_400_000;
/** How long deletions are kept: the oldest valid `updatedMin`. */
export const TOMBSTONE_TTL_MS = 30 * DAY;

/** The parsed parameters of events.list and events.instances. */
export interface EventQuery extends Window {
  readonly singleEvents: boolean;
  readonly showDeleted: boolean;
  readonly orderBy: string | null;
  readonly updatedMin?: number | undefined;
  readonly iCalUID?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly maxAttendees?: number | undefined;
  /** Whether an event matches all filters except time and deletion, in what the caller may see of it. */
  readonly matches: (access: Access, event: StoredEvent) => boolean;
}

/** Parses the query of an event list. Throws 400 naming the parameter, or 410 `updatedMinTooLongAgo`. */
export function parseEventQuery(query: URLSearchParams, now: number): EventQuery {
  const singleEvents = flag(query, 'singleEvents');
  const orderBy = query.get('orderBy');
  if (orderBy !== null && orderBy !== 'startTime' && orderBy !== 'updated') throw invalid('orderBy');
  if (orderBy === 'startTime' && !singleEvents)
    throw invalid('orderBy', 'The requested ordering is not available for the particular query.');
  const timeMin = timestamp(query, 'timeMin');
  const timeMax = timestamp(query, 'timeMax');
  if (timeMin !== undefined && timeMax !== undefined && timeMax <= timeMin) throw timeRangeEmpty('timeMax');
  const updatedMin = timestamp(query, 'updatedMin');
  if (updatedMin !== undefined && updatedMin < now - TOMBSTONE_TTL_MS) throw updatedMinTooLongAgo();
  return {
    singleEvents,
    orderBy,
    timeMin,
    timeMax,
    updatedMin,
    iCalUID: query.get('iCalUID') ?? undefined,
    showDeleted: flag(query, 'showDeleted'),
    ...parseEventView(query),
    matches: matcher(query),
  };
}

/** Parses the parameters that control how an event is shown. Throws 400 naming the parameter. */
export function parseEventView(query: URLSearchParams): { timeZone?: string; maxAttendees?: number } {
  const timeZone = query.get('timeZone');
  if (timeZone !== null && !isTimeZone(timeZone)) throw invalid('timeZone');
  const maxAttendees = query.get('maxAttendees');
  if (maxAttendees !== null && !/^[1-9]\d*$/.test(maxAttendees)) throw invalid('maxAttendees');
  return {
    ...(timeZone !== null && { timeZone }),
    ...(maxAttendees !== null && { maxAttendees: Number(maxAttendees) }),
  };
}

/** Parses a boolean parameter; absent is false. Throws 400 for anything but `true` and `false`. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text !== null && text !== 'true' && text !== 'false') throw invalid(name);
  return text === 'true';
}

function timestamp(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null ? undefined : parseTimestamp(text, name);
}

function matcher(query: URLSearchParams): EventQuery['matches'] {
  const types = query.getAll('eventTypes');
  const allowed: readonly string[] = eventTypes;
  for (const type of types) if (!allowed.includes(type)) throw invalid('eventTypes');
  const iCalUID = query.get('iCalUID');
  const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const own = constraints(query, 'privateExtendedProperty');
  const shared = constraints(query, 'sharedExtendedProperty');
  const isAboutDetails = words.length + own.length + shared.length > 0;
  return (access, event) => {
    const { fields } = event;
    if (types.length > 0 && !types.includes(typeOf(event))) return false;
    if (iCalUID !== null && event.iCalUID !== iCalUID) return false;
    // Otherwise a search would tell what a private event contains.
    if (isAboutDetails && !event.verbatim && !seesDetails(access, event)) return false;
    if (!own.every(([key, value]) => fields.extendedProperties?.private?.[key] === value)) return false;
    if (!shared.every(([key, value]) => fields.extendedProperties?.shared?.[key] === value)) return false;
    if (words.length === 0) return true;
    const text = searchable(event);
    return words.every((word) => text.includes(word));
  };
}

function constraints(query: URLSearchParams, name: string): [string, string][] {
  return query.getAll(name).map((text) => {
    const equals = text.indexOf('=');
    if (equals < 1) throw invalid(name);
    return [text.slice(0, equals), text.slice(equals + 1)];
  });
}

/**
 * Returns the text that `q` searches (https://developers.google.com/workspace/calendar/api/v3/reference/events/list), in lower
 * case.
 */
function searchable({ fields, organizer }: StoredEvent): string {
  const { officeLocation, customLocation } = fields.workingLocationProperties ?? {};
  return [
    fields.summary,
    fields.description,
    fields.location,
    organizer.displayName,
    organizer.email,
    ...(fields.attendees ?? []).flatMap(({ displayName, email }) => [displayName, email]),
    officeLocation?.buildingId,
    officeLocation?.deskId,
    officeLocation?.label,
    customLocation?.label,
  ]
    .filter((text) => text !== undefined)
    .join('\n')
    .toLowerCase();
}

/** Returns whether a list without a sync token shows a cancelled event (`showDeleted`, `updatedMin`). */
export function showsCancelled(query: EventQuery, event: StoredEvent, livingSeries: boolean): boolean {
  if (!isCancelled(event)) return true;
  if (query.updatedMin !== undefined || query.showDeleted) return true;
  return !query.singleEvents && livingSeries;
}
