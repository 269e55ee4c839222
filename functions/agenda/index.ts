import type { Firestore } from '@google-cloud/firestore';

import { collectionPath, itemPath } from '../firestore/paths.ts';
import { createAgendaItems } from '../mirror/agenda-queries.ts';
import { agendaOf, agendaFrom, type Agenda } from './occurrences.ts';

/**
 * The library `calendar-mirror/agenda`: the occurrences of a mirrored calendar in a window of time.
 *
 * @module
 */

export type { Item } from '../calendar/resources.ts';
export type { Agenda, NotExpanded, Occurrence } from './occurrences.ts';
export type { Period } from '../meetings/busy-times.ts';
export { readBusy, type BusyAnswer, type BusyProblem, type BusyQuestion, type BusyUser } from './busy.ts';
export { agendaOf };

/** A calendar and a window of time. */
export interface AgendaQuestion {
  /** The account whose view is mirrored. */
  readonly user: string;
  /** The calendar's canonical id: the user's address for the primary calendar. */
  readonly calendarId: string;
  /** Start of the window: occurrences end after it. */
  readonly from: Date;
  /** End of the window: occurrences start before it. */
  readonly to: Date;
  /** The calendar's time zone, in which all-day events start: see {@link readTimeZone}. */
  readonly timeZone: string;
}

/**
 * Reads the occurrences between `from` and `to` from the mirror, with recurring events expanded. It reads only the events and series
 * that are active in the window and the exceptions of their occurrences, not past or future ones.
 *
 * @param firestore a client of the `@google-cloud/firestore` that this package depends on
 * @param question the calendar and the window
 * @returns the occurrences in the order of their starts, and the recurring events that could not be expanded
 * @throws {Error} from Firestore, which names the index if one is missing
 *
 * @example
 * const calendar = { user: 'ana@example.com', calendarId: 'team@group.calendar.google.com' };
 * const timeZone = (await readTimeZone(firestore, calendar)) ?? 'UTC';
 * const from = new Date();
 * const to = new Date(from.getTime() + 7 * 86_400_000);
 * const { occurrences } = await readAgenda(firestore, { ...calendar, from, to, timeZone });
 */
export async function readAgenda(firestore: Firestore, question: AgendaQuestion): Promise<Agenda> {
  const { user, calendarId, timeZone } = question;
  const window = { from: question.from.getTime(), to: question.to.getTime() };
  const collection = collectionPath({ user, resource: 'events', calendarId });
  return createAgendaItems(firestore).readAtOnce(collection, (reads) => agendaFrom(reads, window, timeZone));
}

/**
 * Reads a calendar's time zone, as of the latest sync of its events or else from the user's mirrored calendar list.
 *
 * @param firestore a client of the `@google-cloud/firestore` that this package depends on
 * @returns an IANA name such as `Europe/Berlin`; undefined if neither has it
 *
 * @example
 * const timeZone = await readTimeZone(firestore, { user: 'ana@example.com', calendarId: 'ana@example.com' });
 */
export async function readTimeZone(
  firestore: Firestore,
  { user, calendarId }: Pick<AgendaQuestion, 'user' | 'calendarId'>,
): Promise<string | undefined> {
  const { watchOf, itemAt } = createAgendaItems(firestore);
  const found = await watchOf(collectionPath({ user, resource: 'events', calendarId }));
  if (found?.ok === true && found.watch.sync.timeZone !== undefined) return found.watch.sync.timeZone;
  const list = collectionPath({ user, resource: 'calendarList', calendarId: null });
  const entry = await itemAt(itemPath(list, calendarId));
  return typeof entry?.['timeZone'] === 'string' ? entry['timeZone'] : undefined;
}
