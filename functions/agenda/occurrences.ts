import { instantOf } from '../calendar/instant.ts';
import type { Item } from '../calendar/resources.ts';
import { expand, isRecurring, occurrenceKey, type Window } from './series.ts';

/** What is on in a calendar, out of its mirrored events, as Google says it ("Events: list" with `singleEvents`). */

/** Something that is on. */
export interface Occurrence {
  /** Unix ms; whole days begin and end at midnight in the calendar's time zone. */
  readonly startsAt: number;
  readonly endsAt: number;
  /** The event in Google's form: an occurrence of a recurring event has its own id and times, and names that event. */
  readonly event: Item;
}

export interface Agenda {
  /** In the order of their starts. */
  readonly occurrences: readonly Occurrence[];
  /** The ids of recurring events that are not in it: their rule cannot be read, or names more than 5,000 occurrences. */
  readonly notExpanded: readonly string[];
}

/**
 * What is on in a window, out of
 * - every event that starts before the window's end, a recurring one by its first occurrence,
 * - and every occurrence that was changed or cancelled, wherever it was moved to.
 *
 * `timeZone` is the calendar's: there its whole days begin.
 */
export function agendaOf(events: readonly Item[], window: Window, timeZone: string): Agenda {
  const changed = new Set(events.map((event) => occurrenceKey(event, timeZone)));
  const notExpanded: string[] = [];
  const occurring = (event: Item): readonly Item[] => {
    if (event['status'] === 'cancelled') return [];
    if (!isRecurring(event)) return [event];
    try {
      return expand(event, window, timeZone).filter((each) => !changed.has(occurrenceKey(each, timeZone)));
    } catch {
      notExpanded.push(event.id);
      return [];
    }
  };
  const occurrences = events
    .flatMap(occurring)
    .flatMap((event) => timed(event, timeZone))
    .filter(({ startsAt, endsAt }) => endsAt > window.from && startsAt < window.to)
    .toSorted((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);
  return { occurrences, notExpanded };
}

/** An event with its times, if it has any. */
function timed(event: Item, timeZone: string): readonly Occurrence[] {
  const startsAt = instantOf(event['start'], timeZone);
  const endsAt = instantOf(event['end'], timeZone);
  return startsAt === null || endsAt === null ? [] : [{ startsAt, endsAt, event }];
}
