import * as z from 'zod';

import type { Occurrence, Window } from '../calendar/recurrence/occurrences.ts';

/** From start to end, in Unix ms; the end is not included. */
export interface Period {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Say where a person is, or what day it is. */
const NEVER_BUSY: ReadonlySet<unknown> = new Set(['workingLocation', 'birthday']);

const declined = z.object({ self: z.literal(true), responseStatus: z.literal('declined') });

/** Returns whether an event makes the owner of its calendar busy. `self` marks the owner of the calendar among the attendees. */
function isBusy({ status, transparency, eventType, attendees }: Occurrence['event']): boolean {
  if (status === 'cancelled' || transparency === 'transparent' || NEVER_BUSY.has(eventType)) return false;
  return !(Array.isArray(attendees) && attendees.some((each) => declined.safeParse(each).success));
}

/**
 * Returns when the owner of a calendar is busy, by the rules of Google's free/busy. Busy are events that show as busy, all-day ones,
 * tentative ones, unanswered invitations, out of office and focus time among them. Free are events that show as available, declined
 * and cancelled ones, working locations and birthdays.
 *
 * @param occurrences of one person, in one calendar or several, in any order: those of an agenda
 * @param window from and to, in Unix ms: periods do not extend beyond it
 * @returns the busy periods in their order, those that overlap or touch as one
 *
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query
 *
 * @example
 * const { occurrences } = agendaOf(events, window, 'Europe/Berlin');
 * const busy = busyTimes(occurrences, window);
 */
export function busyTimes(occurrences: Iterable<Occurrence>, { from, to }: Window): readonly Period[] {
  const periods: Period[] = [];
  for (const { startsAt, endsAt, event } of occurrences) {
    if (isBusy(event)) periods.push({ startsAt: Math.max(startsAt, from), endsAt: Math.min(endsAt, to) });
  }
  return merged(periods);
}

/**
 * Returns the rest of a window: when all are free.
 *
 * @param busy the busy periods of one person or several, in any order
 * @param window from and to, in Unix ms
 * @returns the free periods in their order
 *
 * @example
 * const free = freeTimes(people.flatMap(({ busy }) => busy ?? []), window);
 */
export function freeTimes(busy: Iterable<Period>, { from, to }: Window): readonly Period[] {
  const free: Period[] = [];
  let since = from;
  for (const { startsAt, endsAt } of merged(busy)) {
    free.push({ startsAt: since, endsAt: Math.min(startsAt, to) });
    since = Math.max(since, endsAt);
  }
  free.push({ startsAt: since, endsAt: to });
  return free.filter(({ startsAt, endsAt }) => endsAt > startsAt);
}

/** Sorts periods, and joins those that overlap or touch. */
function merged(periods: Iterable<Period>): readonly Period[] {
  const joined: Period[] = [];
  const lasting = [...periods].filter(({ startsAt, endsAt }) => endsAt > startsAt);
  for (const { startsAt, endsAt } of lasting.toSorted((a, b) => a.startsAt - b.startsAt)) {
    const last = joined.at(-1);
    if (last === undefined || startsAt > last.endsAt) joined.push({ startsAt, endsAt });
    else joined.splice(-1, 1, { startsAt: last.startsAt, endsAt: Math.max(last.endsAt, endsAt) });
  }
  return joined;
}
