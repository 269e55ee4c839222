import * as z from 'zod';

import type { OutgoingMessage } from '../feed/envelope.ts';
import { parseNotification } from '../feed/notification.ts';
import type { Received } from '../feed/subscription.ts';

/** What a dead letter was before it died. Pure. */

export interface Original {
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  /** Why it is a dead letter. */
  readonly reason: string;
  /** What to publish to have it processed after all, where that makes sense. */
  readonly replay?: OutgoingMessage;
  /** Why not, where it makes none. */
  readonly problem?: string;
}

/** What sync itself puts aside (see `feed/dead-letter.ts`). */
const refusedSchema = z.object({
  reason: z.string(),
  attributes: z.record(z.string(), z.string()).nullable().catch(null),
  data: z.string(),
});

/** As long as the copy that is kept: it may have been cut. */
const LONGEST_COPY = 100_000;

/** What Pub/Sub adds to what it forwards itself ("Dead-letter topics: track delivery attempts"). */
const BY_PUBSUB = /^(?:CloudPubSubDeadLetter|googclient_)/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusedBySync({ attributes, data }: Received): z.infer<typeof refusedSchema> | undefined {
  if (attributes['ce-type'] !== 'calendar.notification.refused') return undefined;
  return refusedSchema.safeParse(parse(data.toString())).data;
}

/** Takes a dead letter apart: one that sync has put aside, or one that Pub/Sub forwarded after many deliveries. */
export function originalOf(letter: Received): Original {
  const refused = refusedBySync(letter);
  const attributes =
    refused === undefined
      ? Object.fromEntries(Object.entries(letter.attributes).filter(([name]) => !BY_PUBSUB.test(name)))
      : (refused.attributes ?? {});
  const text = refused?.data ?? letter.data.toString();
  const reason =
    refused?.reason ??
    `delivered ${letter.attributes['CloudPubSubDeadLetterSourceDeliveryCount'] ?? 'too many'} times in vain`;
  const parsed = parseNotification(attributes, text);
  if (!parsed.ok)
    return { attributes, text, reason, problem: `it would be refused again, as ${parsed.problem}` };
  if (refused !== undefined && text.length >= LONGEST_COPY) {
    return { attributes, text, reason, problem: 'it is too long to have been kept in full' };
  }
  const replay = { attributes, data: Buffer.from(text), orderingKey: parsed.notification.watchId };
  return { attributes, text, reason, replay };
}
