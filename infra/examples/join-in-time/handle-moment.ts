import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { Firestore } from '@google-cloud/firestore';
import { readAgenda, readTimeZone } from 'calendar-mirror/agenda';
import { parseClockMessage, type ClockMessage } from 'calendar-mirror/feed';

/** A message of `calendar-clock`. */
export interface MomentMessage {
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

interface Options {
  /** What to do at the moment. `late`: the moment has passed, as it was published after an outage. */
  readonly act: (moment: ClockMessage) => Promise<void> | void;
  /** The time, Unix ms, and how to wait; tests have their own. */
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

/**
 * Returns a function that holds a moment, which is published up to 90 s early, until the second at which it is due. Then it acts, if
 * the event is still at that time. Keep the message unacknowledged until the function resolves: after a crash it is delivered again,
 * and if that is after the moment, acted on at once.
 *
 * Each moment is acted on once, however often it is delivered. That is recorded before the act: a crash between the two loses it. Where
 * that is worse than acting twice, record it afterwards.
 */
export function createMomentHandler(firestore: Firestore, { act, now = Date.now, wait = pause }: Options) {
  return async ({ attributes, data }: MomentMessage): Promise<void> => {
    const parsed = parseClockMessage(data);
    if (!parsed.ok) throw new Error(parsed.problem);
    const moment = parsed.message;
    // All copies have the same id. The time tells moments apart whose event keeps its start, such as an end that was moved.
    const key = `${attributes['ce-id'] ?? ''} ${attributes['ce-time'] ?? ''}`;
    const record = firestore.doc(`joined/${createHash('sha256').update(key).digest('hex')}`);
    if ((await record.get()).exists) return;
    const dueAt = Date.parse(moment.dueAt);
    // A timer may end a millisecond early.
    for (let left = dueAt - now(); left > 0; left = dueAt - now()) await wait(left);
    if (!(await isStillOn(firestore, moment))) return;
    if (await isFirst(record.create({ watch: moment.watchId, event: moment.eventId, at: new Date(now()) })))
      await act(moment);
  };
}

/** Returns whether the mirror still has the event, or the occurrence, at the time of the message. */
async function isStillOn(
  firestore: Firestore,
  { user, calendarId, eventId, moment, startsAt, endsAt }: ClockMessage,
): Promise<boolean> {
  const [start, end] = [Date.parse(startsAt), Date.parse(endsAt)];
  const timeZone = (await readTimeZone(firestore, { user, calendarId })) ?? 'UTC';
  const window = { from: new Date(start - 1), to: new Date(start + 1) };
  const { occurrences } = await readAgenda(firestore, { user, calendarId, ...window, timeZone });
  return occurrences.some(
    (each) =>
      each.event.id === eventId && each.startsAt === start && (moment !== 'end' || each.endsAt === end),
  );
}

const ALREADY_EXISTS = 6;

/** Returns whether a document was created by this delivery, and not by another. */
async function isFirst(creation: Promise<unknown>): Promise<boolean> {
  try {
    await creation;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === ALREADY_EXISTS) return false;
    throw error;
  }
}
