/** Reads a week of a watch's calendar out of the mirror, and compares it with Google's answer. */
import type { Firestore } from '@google-cloud/firestore';

import { readTimeZone } from '../../../functions/agenda/index.ts';
import { agendaFrom } from '../../../functions/agenda/occurrences.ts';
import { instantOf } from '../../../functions/calendar/event-times.ts';
import { createAgendaItems, type AgendaReads } from '../../../functions/mirror/agenda-queries.ts';
import type { MirroredItem } from '../../../functions/mirror/items.ts';
import type { WatchSpec } from '../../../functions/watches/spec.ts';
import type { WeekAnswer } from '../model/week.ts';
import { compareWeek, type Mirrored } from './compare.ts';
import type { GoogleQuestion, createGoogle } from './google.ts';

/** Days from a date on. */
export interface Days {
  /** Such as `2030-01-07`. */
  readonly from: string;
  readonly days: number;
}

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** Returns the answer for a watch of events. */
export async function readWeek(
  firestore: Firestore,
  askGoogle: ReturnType<typeof createGoogle>,
  watchId: string,
  { target, parameters, auth, collection }: WatchSpec,
  { from, days }: Days,
): Promise<WeekAnswer> {
  const { user } = target;
  const calendarId = target.calendarId ?? '';
  const timeZone = (await readTimeZone(firestore, { user, calendarId })) ?? 'UTC';
  const midnight = (day: string): number => instantOf({ date: day }, timeZone) ?? Date.parse(day);
  const window = { from: midnight(from), to: midnight(dayAfter(from, days)) };
  const question: GoogleQuestion = { user, calendarId, eventTypes: parameters.eventTypes, auth, ...window };
  const [{ mirrored, notExpanded }, google] = await Promise.all([
    readMirror(firestore, collection, window, timeZone),
    askGoogle(question),
  ]);
  return {
    watchId,
    user,
    calendarId,
    timeZone,
    from,
    days,
    mirror: mirrored.map(({ event, computed }) => ({
      event,
      itemId: computed ? String(event['recurringEventId']) : event.id,
    })),
    notExpanded,
    google,
    comparison: google.ok ? compareWeek(google.events, mirrored) : null,
  };
}

/** Returns the occurrences in a window, each with what the mirror says of the item that it comes from. */
async function readMirror(
  firestore: Firestore,
  collection: string,
  window: { readonly from: number; readonly to: number },
  timeZone: string,
) {
  const items = new Map<string, MirroredItem>();
  const remember = (found: readonly MirroredItem[]): readonly MirroredItem[] => {
    for (const each of found) items.set(each.item.id, each);
    return found;
  };
  const agenda = await createAgendaItems(firestore).readAtOnce(collection, (reads) => {
    const remembering: AgendaReads = {
      activeBetween: async (from, to) => remember(await reads.activeBetween(from, to)),
      exceptionsBetween: async (first, last) => remember(await reads.exceptionsBetween(first, last)),
    };
    return agendaFrom(remembering, window, timeZone);
  });
  const mirrored = agenda.occurrences.map(({ event }): Mirrored => {
    const computed = !items.has(event.id);
    const item = items.get(computed ? String(event['recurringEventId']) : event.id);
    return { event, computed, omitted: item?.omitted ?? [] };
  });
  return { mirrored, notExpanded: agenda.notExpanded };
}
