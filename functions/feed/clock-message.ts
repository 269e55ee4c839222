import { createHash } from 'node:crypto';

import * as z from 'zod';

import { shardOf } from './change.ts';
import { envelope, type OutgoingMessage } from './envelope.ts';

/** Messages of the topic `calendar-clock`: the moments of events, such as their start, published shortly before they are due. */

export const CLOCK_TYPES = ['upcoming', 'started', 'ended'] as const;

export const clockMessageSchema = z.object({
  watchId: z.string(),
  user: z.string(),
  calendarId: z.string(),
  eventId: z.string().describe('Of the event, or of the occurrence of a recurring event.'),
  recurringEventId: z.string().optional(),
  moment: z.string().describe('As in the spec of the watch: `start`, `end`, or a duration such as `-PT10M`.'),
  dueAt: z.string().describe('ISO 8601: the moment itself. The message is published up to 90 s before it.'),
  startsAt: z.string().describe('ISO 8601.'),
  endsAt: z.string().describe('ISO 8601.'),
  sequence: z.number().int().nonnegative().describe('The number of the latest change of the mirrored event.'),
  late: z.boolean().optional().describe('True if the moment had passed when the message was published.'),
  event: z
    .record(z.string(), z.unknown())
    .describe('As Google returns it; an occurrence of a recurring event as Google lists it.'),
});

export type ClockMessage = z.infer<typeof clockMessageSchema>;

/** Returns what a moment is to an event: durations after the start belong to an event that has started. */
const clockTypeOf = (moment: string): (typeof CLOCK_TYPES)[number] =>
  moment === 'end' ? 'ended' : moment.startsWith('-') ? 'upcoming' : 'started';

/** The longest event id in a `ce-id`, which Pub/Sub limits to 1,024 bytes and CloudEvents requires. Google's ids have up to 1,024. */
const LONGEST_ID = 800;

/** Returns an event's id, or the hash of one that is too long for a `ce-id`. */
const shortId = (event: string): string =>
  Buffer.byteLength(event) <= LONGEST_ID ? event : createHash('sha256').update(event).digest('hex');

/** Returns the message of a moment. `subject` is the path of the event, or the one that the occurrence would have as an exception. */
export function clockMessage(message: ClockMessage, subject: string): OutgoingMessage {
  const { watchId, user, calendarId: calendar, eventId: event, moment, startsAt, dueAt } = message;
  return envelope({
    id: `${watchId}/${shortId(event)}/${startsAt}/${moment}`,
    type: `calendar.clock.${clockTypeOf(moment)}`,
    kind: 'clock',
    watchId,
    subject,
    time: dueAt,
    orderingKey: `${watchId}/${String(shardOf(event))}`,
    attributes: { user, calendar, event, moment },
    data: message,
  });
}
