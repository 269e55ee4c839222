import * as z from 'zod';

import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import { parseNotification } from '../../../functions/feed/notification.ts';
import type { Received } from '../subscription.ts';

/** The original notification of a dead letter. Pure. */

export interface Original {
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  /** Why it was dead-lettered. */
  readonly reason: string;
  /** The message to publish again, if it can be replayed. */
  readonly replay?: OutgoingMessage;
  /** Why it cannot be replayed. */
  readonly problem?: string;
}

/** The data of a dead letter that sync published (see `feed/dead-letter.ts`). */
const deadLetterSchema = z.object({
  reason: z.string(),
  attributes: z.record(z.string(), z.string()).nullable().catch(null),
  data: z.string(),
});

/** Maximum length of the copy in a dead letter; a copy of this length may be truncated. */
const LONGEST_COPY = 100_000;

/** Attributes that Pub/Sub adds to dead letters that it forwards: https://cloud.google.com/pubsub/docs/handling-failures */
const BY_PUBSUB = /^(?:CloudPubSubDeadLetter|googclient_)/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseDeadLetter({ attributes, data }: Received): z.infer<typeof deadLetterSchema> | undefined {
  if (attributes['ce-type'] !== 'calendar.notification.refused') return undefined;
  return deadLetterSchema.safeParse(parse(data.toString())).data;
}

/** Returns the original of a dead letter that sync published, or that Pub/Sub forwarded after too many deliveries. */
export function originalOf(letter: Received): Original {
  const refused = parseDeadLetter(letter);
  const attributes =
    refused === undefined
      ? Object.fromEntries(Object.entries(letter.attributes).filter(([name]) => !BY_PUBSUB.test(name)))
      : (refused.attributes ?? {});
  const text = refused?.data ?? letter.data.toString();
  const reason =
    refused?.reason ??
    `failed ${letter.attributes['CloudPubSubDeadLetterSourceDeliveryCount'] ?? 'too many'} deliveries`;
  const parsed = parseNotification(attributes, text);
  if (!parsed.ok)
    return { attributes, text, reason, problem: `it would be dead-lettered again: ${parsed.problem}` };
  if (refused !== undefined && text.length >= LONGEST_COPY) {
    return { attributes, text, reason, problem: 'it is too long to be kept in full' };
  }
  const replay = { attributes, data: Buffer.from(text), orderingKey: parsed.notification.watchId };
  return { attributes, text, reason, replay };
}
