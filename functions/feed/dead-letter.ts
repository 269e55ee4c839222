import { dataSchema, type OutgoingMessage } from './envelope.ts';

/** A message that sync cannot process, as it arrived. */
export interface DeadLetter {
  readonly attributes: unknown;
  /** The data as text, which need not be JSON. */
  readonly text: string;
  readonly messageId: string | undefined;
}

const LONGEST_DATA = 100_000;

/**
 * Returns the message for `calendar-dead-letters`, with the reason and the original data (cut at 100,000 characters), so that an
 * operator can inspect it and replay it once the cause is fixed. `time` is ISO 8601.
 */
export function deadLetterMessage(letter: DeadLetter, reason: string, time: string): OutgoingMessage {
  const { attributes = null, text, messageId = 'unknown' } = letter;
  const data = { reason, messageId, attributes, data: text.slice(0, LONGEST_DATA), refusedAt: time };
  return {
    attributes: {
      'ce-specversion': '1.0',
      'ce-id': `dead-letter/${messageId}`,
      'ce-type': 'calendar.notification.refused',
      'ce-source': '//calendar-mirror/sync',
      'ce-time': time,
      'ce-dataschema': dataSchema('dead-letter'),
      'content-type': 'application/json',
      reason: reason.slice(0, 250),
    },
    data: Buffer.from(JSON.stringify(data)),
    orderingKey: 'dead-letters',
  };
}
