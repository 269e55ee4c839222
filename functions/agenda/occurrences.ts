import * as z from 'zod';

import { isRecurring, timesOf, instantOf } from '../calendar/event-times.ts';
import { expand, type Window, type Occurrence } from '../calendar/recurrence/occurrences.ts';
import type { Item } from '../calendar/resources.ts';
import type { AgendaReads } from '../mirror/agenda-queries.ts';

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
function exceptionsOf(events: readonly Item[], timeZone: string) {
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

/** From the first to the last moment, both included, in Unix ms. */
interface Span {
  readonly first: number;
  readonly last: number;
}

const HOUR = 3_600_000;
/** Time zones range from 14 hours ahead of UTC to 12 hours behind it. */
const AHEAD = 14 * HOUR;
const BEHIND = 12 * HOUR;

const wholeDay = z.object({ originalStartTime: z.object({ date: z.iso.date() }) });

/**
 * Returns when the mirrored original start of an occurrence's exception may be. For a date, the mirror stores midnight in the
 * calendar's time zone, which may differ from that of the question.
 */
function originalOf({ event, startsAt }: Occurrence): Span {
  const { data } = wholeDay.safeParse(event);
  if (data === undefined) return { first: startsAt, last: startsAt };
  const midnight = Date.parse(data.originalStartTime.date);
  return { first: midnight - AHEAD, last: midnight + BEHIND };
}

const around = (spans: readonly Span[]): Span => ({
  first: Math.min(...spans.map(({ first }) => first)),
  last: Math.max(...spans.map(({ last }) => last)),
});

/**
 * Returns the spans that contain the original starts of all exceptions of these occurrences, disjoint and in order: one for those
 * that start within the window, and others for those that started earlier. A single span from the earliest would contain every
 * exception since.
 */
export function originalSpans(expanded: readonly Occurrence[], { from }: Window): readonly Span[] {
  const originals = expanded.map(originalOf);
  const within = originals.filter(({ last }) => last >= from);
  const earlier = originals.filter(({ last }) => last < from);
  const spans: Span[] = [];
  for (const span of [...earlier, ...(within.length > 0 ? [around(within)] : [])].toSorted(
    (a, b) => a.first - b.first,
  )) {
    const before = spans.at(-1);
    if (before !== undefined && span.first <= before.last) spans.splice(-1, 1, around([before, span]));
    else spans.push(span);
  }
  return spans;
}

/**
 * Reads the agenda of a window: the events that are active in it, then the exceptions of its occurrences that were cancelled or
 * moved out of it. `timeZone` is the calendar's.
 */
export async function agendaFrom(reads: AgendaReads, window: Window, timeZone: string): Promise<Agenda> {
  const active = (await reads.activeBetween(window.from, window.to)).map(({ item }) => item);
  const agenda = agendaOf(active, window, timeZone);
  const known = new Set(active.map(({ id }) => id));
  const expanded = agenda.occurrences.filter(({ event }) => !known.has(event.id));
  const spans = originalSpans(expanded, window);
  const found = await Promise.all(spans.map(({ first, last }) => reads.exceptionsBetween(first, last)));
  const missing = found.flatMap((each) => each.map(({ item }) => item)).filter(({ id }) => !known.has(id));
  return missing.length === 0 ? agenda : agendaOf([...active, ...missing], window, timeZone);
}
