import * as z from 'zod';

import { dateOf, instantOf } from '../calendar/event-times.ts';

const identified = z.object({ iCalUID: z.string().min(1), originalStartTime: z.unknown().optional() });

/** Percent-encodes what would make keys ambiguous, or no id of a document. */
const encoded = (uid: string): string => uid.replaceAll(/[%/#]/g, encodeURIComponent);

/**
 * Returns a string that is the same for the copies of one meeting in the calendars of all who attend it, and different for different
 * meetings: the `iCalUID`, and for an occurrence of a recurring event its original start. Moving an occurrence does not change its
 * key. A watch with `singleEvents` and an agenda give the same keys.
 *
 * "This and following events" ends a series and starts another, with an `iCalUID` of its own (`…_R20300114T090000@google.com`): from
 * there on the keys are others, in all calendars alike.
 *
 * @param event as Google returns it, or as an agenda gives it
 * @returns such as `7kukuqrfedlm2f9t@google.com#20300107T090000Z`, without `#…` for a single event or a whole series; null if the event
 * has no `iCalUID`: Google shows deleted events, and cancelled occurrences, without one
 *
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#iCalUID
 *
 * @example
 * const meetings = Map.groupBy(occurrences, ({ event }) => meetingKey(event));
 */
export function meetingKey(event: object): string | null {
  const { data } = identified.safeParse(event);
  if (data === undefined) return null;
  const { iCalUID, originalStartTime } = data;
  if (originalStartTime === undefined || originalStartTime === null) return encoded(iCalUID);
  const at = instantOf(originalStartTime, undefined);
  if (at === null) return null;
  const start = dateOf(originalStartTime) ?? `${new Date(at).toISOString().slice(0, 19)}Z`;
  return `${encoded(iCalUID)}#${start.replaceAll(/[-:]/g, '')}`;
}
