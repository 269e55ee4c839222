/**
 * Crash points: before and after each effect the function asks the test whether to continue. This side is built into the functions, in
 * place of their own `create.ts`; the test's side is `control.ts`.
 */

import type { CalendarClient } from '../../../functions/calendar/client.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';

/** The environment variable with the URL to ask. */
export const SEAMS_URL = 'CRASH_SEAMS_URL';

/**
 * Which methods of the mirror and of the Calendar client change something outside the process. A crash around a read has the same outcome
 * as one before it.
 */
const EFFECTS: Readonly<Record<keyof Mirror | keyof CalendarClient, boolean>> = {
  adoptChannel: true,
  claim: true,
  commit: true,
  deleteOutboxEntry: true,
  deleteSeen: true,
  forgetChannel: true,
  intendChannel: true,
  noteFollowing: true,
  noteDeadLetter: true,
  noteStrayChannel: true,
  postpone: true,
  raiseEpoch: true,
  removeFollowed: true,
  repairUndue: true,
  rescheduleChannel: true,
  applyReconcileResult: true,
  writeFollowed: true,
  // The Calendar client's methods. A list has no effect, but takes long enough to die in.
  list: true,
  stop: true,
  watch: true,
  deletedWithRemains: false,
  dueChannels: false,
  dueWatches: false,
  readAtOnce: false,
  exceptionsOf: false,
  listFollowed: false,
  get: false,
  isEmpty: false,
  countItems: false,
  listCalendars: false,
  listIds: false,
  loadChannel: false,
  loadWatch: false,
  readItems: false,
  readOutbox: false,
  readSeen: false,
  usedEpoch: false,
};

const isEffect = (name: string): boolean => Object.entries(EFFECTS).some(([each, is]) => is && each === name);

type Effect<A extends unknown[], R> = (...args: A) => Promise<R>;

/** Asks, and waits for the response, which never comes if the process is to be killed. */
async function ask(name: string, at: string): Promise<void> {
  const answer = await fetch(`${process.env[SEAMS_URL] ?? ''}/${name}/${at}`, { method: 'POST' });
  await answer.arrayBuffer();
}

/** Wraps an effect in its two crash points. */
export const seam =
  <A extends unknown[], R>(name: string, effect: Effect<A, R>): Effect<A, R> =>
  async (...args) => {
    await ask(name, 'before');
    const result = await effect(...args);
    await ask(name, 'after');
    return result;
  };

/** Wraps every effect among the methods of a client. */
export function seams<T extends object>(client: T): T {
  const found = Object.entries(client).map(([name, value]: [string, unknown]) => [
    name,
    isEffect(name) && typeof value === 'function' ? seam(name, bound(value)) : value,
  ]);
  return { ...client, ...Object.fromEntries(found) };
}

const bound =
  (effect: Function): Effect<unknown[], unknown> =>
  async (...args) =>
    effect(...args);
