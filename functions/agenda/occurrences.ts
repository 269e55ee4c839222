import * as z from 'zod';

import { isRecurring, timesOf, instantOf } from '../calendar/event-times.ts';
import { expand, type Window, type Occurrence } from '../calendar/recurrence/occurrences.ts';
import type { Item } from '../calendar/resources.ts';

export type { Occurrence } from '../calendar/recurrence/occurrences.ts';

/**
 * Computes the occurrences of a calendar in a window from its mirrored events, as Google lists them with `singleEvents`:
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/list
 */

export interface Agenda {
  /** In the order of their starts. */
  readonly occurrences: readonly Occurrence[];
  /** Recurring events that are represented by their first occurrence only. */
  readonly notExpanded: readonly NotExpanded[];
}

/** A recurring event whose rule is invalid, or has too many occurrences in the window. */
export interface NotExpanded {
  readonly id: string;
  /** For people, such as `BYHOUR=25 is out of range`. */
  readonly reason: string;
}

/**
 * Computes the occurrences in a window. Pure, for events that come from elsewhere than Firestore.
 *
 * @param events at least the events in the window, the recurring events with an occurrence in it, and the exceptions of such
 * occurrences, even if they were moved out of it; others make no difference
 * @param window from and to, in Unix ms
 * @param timeZone the calendar's, in which all-day events start
 * @returns the occurrences in the order of their starts, and the recurring events that could not be expanded
 *
 * @example
 * const { occurrences } = agendaOf(events, { from: Date.now(), to: Date.now() + 86_400_000 }, 'Europe/Berlin');
 */
export function agendaOf(events: readonly Item[], window: Window, timeZone: string): Agenda {
  const exceptions = exceptionsOf(events, timeZone);
  const notExpanded: NotExpanded[] = [];
  const occurring = (event: Item): readonly Occurrence[] => {
    if (event['status'] === 'cancelled') return [];
    if (!isRecurring(event)) return timed(event, timeZone);
    const { expanded, notExpanded: reason } = expand(event, window, timeZone);
    if (reason !== undefined) notExpanded.push({ id: event.id, reason });
    const changed = exceptions.get(event.id);
    return expanded.flatMap(({ original, occurrence }) => (changed?.has(original) ? [] : occurrence));
  };
  const occurrences = events
    .flatMap(occurring)
    .filter(({ startsAt, endsAt }) => endsAt > window.from && startsAt < window.to)
    .toSorted((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);
  return { occurrences, notExpanded };
}

/** Returns the event as its single occurrence, or nothing if its times are missing or invalid. */
function timed(event: Item, timeZone: string): readonly Occurrence[] {
  const { startsAt, endsAt } = timesOf(event, timeZone);
  return startsAt === null || endsAt === null ? [] : [{ startsAt, endsAt, event }];
}

const exception = z.object({ recurringEventId: z.string(), originalStartTime: z.unknown() });
const dated = z.object({ date: z.string() });

/**
 * Returns for each series the original starts of its exceptions (Unix ms, or the date), moved and cancelled ones included. Google
 * guarantees the fields that this reads for cancelled exceptions too:
 * https://developers.google.com/workspace/calendar/api/v3/reference/events#status
 */
function exceptionsOf(
  events: readonly Item[],
  timeZone: string,
): ReadonlyMap<string, ReadonlySet<number | string | null>> {
  const found = new Map<string, Set<number | string | null>>();
  for (const event of events) {
    const { data } = exception.safeParse(event);
    if (data === undefined) continue;
    const { recurringEventId, originalStartTime } = data;
    const originals = found.get(recurringEventId) ?? new Set();
    originals.add(dated.safeParse(originalStartTime).data?.date ?? instantOf(originalStartTime, timeZone));
    found.set(recurringEventId, originals);
  }
  return found;
}
