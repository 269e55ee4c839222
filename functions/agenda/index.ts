import { createAgendaItems, type Firestore } from '../mirror/agenda.ts';
import { collectionPath, itemPath } from '../mirror/ids.ts';
import { agendaOf, type Agenda } from './occurrences.ts';

export type { Item } from '../calendar/resources.ts';
export type { Agenda, Occurrence } from './occurrences.ts';
export { agendaOf };

/** Which calendar, and which part of its time. */
export interface AgendaQuestion {
  /** The account whose view is mirrored. */
  readonly user: string;
  /** The calendar's canonical id: the user's address for the primary calendar. */
  readonly calendarId: string;
  /** What ends after this is on. */
  readonly from: Date;
  /** What starts before this is on. */
  readonly to: Date;
  /** The calendar's time zone, in which its whole days begin: see {@link readTimeZone}. */
  readonly timeZone: string;
  /** Whether the watch has `singleEvents`: a query that reads no more than the answer. */
  readonly singleEvents?: boolean | undefined;
}

/**
 * "What is on between `from` and `to`?", out of the mirror, in one query. Recurring events are there as their occurrences.
 * @throws Error of Firestore's, which names the missing index where there is none
 */
export async function readAgenda(firestore: Firestore, question: AgendaQuestion): Promise<Agenda> {
  const { user, calendarId, timeZone, singleEvents = false } = question;
  const window = { from: question.from.getTime(), to: question.to.getTime() };
  const collection = collectionPath({ user, resource: 'events', calendarId });
  const { itemsBefore, itemsBetween } = createAgendaItems(firestore);
  const items = singleEvents
    ? await itemsBetween(collection, window.from, window.to)
    : await itemsBefore(collection, window.to);
  return agendaOf(items, window, timeZone);
}

/** A calendar's time zone, out of the user's mirrored calendar list; undefined where that does not have the calendar. */
export async function readTimeZone(
  firestore: Firestore,
  { user, calendarId }: Pick<AgendaQuestion, 'user' | 'calendarId'>,
): Promise<string | undefined> {
  const list = collectionPath({ user, resource: 'calendarList', calendarId: null });
  const entry = await createAgendaItems(firestore).itemAt(itemPath(list, calendarId));
  return typeof entry?.['timeZone'] === 'string' ? entry['timeZone'] : undefined;
}
