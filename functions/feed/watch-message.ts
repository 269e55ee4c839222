import * as z from 'zod';

import { envelope, type OutgoingMessage } from './envelope.ts';
import { RESOURCES } from '../calendar/resources.ts';
import { STATES } from '../watches/states.ts';

/**
 * Messages of the topic `calendar-changes` about watches: `calendar.watch.<state>` for each change of a watch's state, and
 * `calendar.watch.synced` at the end of its first and of every full sync.
 */

const named = 'Null if the spec of the watch is invalid and names none.';

const whole = z.number().int().nonnegative();

export const watchMessageSchema = z.object({
  watchId: z.string(),
  user: z.string().nullable().describe(named),
  resource: z.enum(RESOURCES).nullable().describe(named),
  calendarId: z.string().nullable(),
  state: z.enum(STATES),
  reason: z.string().optional().describe('Why the watch is in that state.'),
  sequence: whole.describe('The number of the last change announced.'),
  items: whole.optional().describe('How many items are mirrored; of `calendar.watch.synced` only.'),
  occurredAt: z.string().describe('ISO 8601.'),
});

export type WatchMessage = z.infer<typeof watchMessageSchema>;

/** Returns the message about a watch. `number` is its own: it grows with each message of a watch, and is the same for every copy. */
export function watchMessage(message: WatchMessage, number: number): OutgoingMessage {
  const { watchId, user, resource, calendarId, state, items, occurredAt } = message;
  const what = items === undefined ? state : 'synced';
  return envelope({
    id: `${watchId}/${what}/${String(number)}`,
    type: `calendar.watch.${what}`,
    kind: 'watch',
    watchId,
    time: occurredAt,
    attributes: { user, resource, calendar: calendarId, state },
    data: message,
  });
}
