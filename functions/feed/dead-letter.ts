import type { OutgoingMessage } from './envelope.ts';

/** What a refused message looked like when it arrived. */
export interface RefusedMessage {
  readonly attributes: unknown;
  /** The data as text; may be anything. */
  readonly text: string;
  readonly messageId: string | undefined;
}

const LONGEST_COPY = 100_000;

/**
 * The message for `calendar-dead-letters`: what `sync` can never process, with the reason. The original data is
 * kept (cut at 100,000 characters), so that an operator can see it and, once mended, publish it again.
 */
export function deadLetterMessage(refused: RefusedMessage, reason: string, time: string): OutgoingMessage {
  const { attributes, text, messageId } = refused;
  const id = messageId ?? 'unknown';
  return {
    attributes: {
      'ce-specversion': '1.0',
      'ce-id': `dead-letter/${id}`,
      'ce-type': 'calendar.notification.refused',
      'ce-source': '//calendar-mirror/sync',
      'ce-time': time,
      'content-type': 'application/json',
      reason: reason.slice(0, 250),
    },
    data: Buffer.from(
      JSON.stringify({
        reason,
        messageId: id,
        attributes: attributes ?? null,
        data: text.slice(0, LONGEST_COPY),
        refusedAt: time,
      }),
    ),
    orderingKey: 'dead-letters',
  };
}
