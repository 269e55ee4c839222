import type { Firestore } from '@google-cloud/firestore';

import { collectionPath } from '../firestore/paths.ts';
import { busyTimes, type Period } from '../meetings/busy-times.ts';
import { createAgendaItems } from '../mirror/agenda-queries.ts';
import type { WatchResult } from '../watches/watch.ts';
import { agendaFrom } from './occurrences.ts';

/** Free/busy of people, out of the mirror. */

/** People and a window of time. */
export interface BusyQuestion {
  /** Users, each with the calendars that count. A user alone stands for the primary calendar. */
  readonly users: readonly (string | BusyUser)[];
  /** Start of the window: busy periods do not begin before it. */
  readonly from: Date;
  /** End of the window. */
  readonly to: Date;
}

/** A user and calendars of the user's. */
export interface BusyUser {
  /** The account whose view is mirrored. */
  readonly user: string;
  /** Canonical ids, or `primary`. */
  readonly calendarIds: readonly string[];
}

/** When a user is busy, or why that is unknown. */
export type BusyAnswer =
  | { readonly user: string; readonly busy: readonly Period[]; readonly problem?: never }
  | { readonly user: string; readonly busy: null; readonly problem: BusyProblem };

/** Why the mirror cannot tell when a user is busy. */
export interface BusyProblem {
  readonly calendarId: string;
  /**
   * - `notMirrored`: no watch mirrors the calendar's events.
   * - `notSynced`: the first sync is not complete, or that after an edit of the watch.
   * - `filtered`: the watch mirrors events of some types only.
   * - `paused`, `gone`: the watch is, so the mirror may be out of date.
   * - `unreadable`: a manual edit made the watch document invalid.
   */
  readonly reason: 'notMirrored' | 'notSynced' | 'filtered' | 'paused' | 'gone' | 'unreadable';
  /** Id of the watch, unless the calendar is not mirrored. */
  readonly watchId?: string;
}

/** Types of events that make a user busy. */
const BUSY_TYPES = ['default', 'focusTime', 'fromGmail', 'outOfOffice'] as const;

/** Returns why a watch cannot tell when its user is busy; undefined if it can. */
function problemOf(found: WatchResult | undefined): Omit<BusyProblem, 'calendarId'> | undefined {
  if (found === undefined) return { reason: 'notMirrored' };
  if (!found.ok) return { reason: 'unreadable', watchId: found.id };
  const { id: watchId, spec, state, sync } = found.watch;
  if (state === 'removing' || state === 'removed') return { reason: 'notMirrored' };
  if (state === 'paused' || state === 'gone') return { reason: state, watchId };
  if (!spec.ok) return { reason: 'paused', watchId };
  const { parameters, parametersKey, removed } = spec.value;
  if (removed !== undefined) return { reason: 'notMirrored' };
  const types = parameters.eventTypes;
  if (types.length > 0 && !BUSY_TYPES.every((type) => types.includes(type)))
    return { reason: 'filtered', watchId };
  const isOfEarlierSpec = sync.parametersKey !== undefined && sync.parametersKey !== parametersKey;
  return sync.startedAt === undefined || isOfEarlierSpec ? { reason: 'notSynced', watchId } : undefined;
}

/**
 * Reads from the mirror when people are busy, by the rules of {@link busyTimes}: what Google's `freeBusy.query` answers, as of the
 * latest sync of each calendar. Unlike there, nothing limits the window or the number of people.
 *
 * @param firestore a client of the `@google-cloud/firestore` that this package depends on
 * @param question the people and the window
 * @returns one answer for each user, in their order. If a calendar of a user is not mirrored, or its watch is out of service,
 * `busy` is null and `problem` says why: the user may be busy
 * @throws {Error} from Firestore, which names the index if one is missing
 *
 * @example
 * const people = await readBusy(firestore, { users: ['ana@example.com', 'ben@example.com'], from, to });
 */
export const readBusy = (
  firestore: Firestore,
  { users, from, to }: BusyQuestion,
): Promise<readonly BusyAnswer[]> => {
  const { watchOf, readAtOnce } = createAgendaItems(firestore);
  const window = { from: from.getTime(), to: to.getTime() };

  async function occurrencesOf(user: string, calendarId: string) {
    const collection = collectionPath({ user, resource: 'events', calendarId });
    const found = await watchOf(collection);
    const problem = problemOf(found);
    if (problem !== undefined) return { problem: { calendarId, ...problem } };
    const timeZone = (found?.ok === true ? found.watch.sync.timeZone : undefined) ?? 'UTC';
    return readAtOnce(collection, (reads) => agendaFrom(reads, window, timeZone));
  }

  return Promise.all(
    users.map(async (each): Promise<BusyAnswer> => {
      const { user, calendarIds } = typeof each === 'string' ? { user: each, calendarIds: [each] } : each;
      const canonical = new Set(calendarIds.map((id) => (id === 'primary' ? user : id)));
      const results = await Promise.all([...canonical].map((id) => occurrencesOf(user, id)));
      const problem = results.flatMap((result) => ('problem' in result ? result.problem : []))[0];
      if (problem !== undefined) return { user, busy: null, problem };
      const occurrences = results.flatMap((result) => ('occurrences' in result ? result.occurrences : []));
      return { user, busy: busyTimes(occurrences, window) };
    }),
  );
};
