import * as z from 'zod';

/** A Pub/Sub message as it was delivered. */
export interface Delivery {
  readonly attributes: unknown;
  /** The data as text, decoded from base64. */
  readonly text: string;
  readonly messageId: string | undefined;
  /** When Pub/Sub accepted the message, in Unix ms; undefined if the delivery does not say. */
  readonly publishedAt: number | undefined;
}

const messageSchema = z.object({
  attributes: z.unknown(),
  data: z.string().catch(''),
  messageId: z.string().optional().catch(undefined),
  publishTime: z.string().optional().catch(undefined),
});

/** Functions Framework wraps a push delivery in a CloudEvent, unless its message has no data. */
const deliverySchema = z.union([
  z.object({ data: z.object({ message: messageSchema }) }).transform(({ data }) => data.message),
  z.object({ message: messageSchema }).transform(({ message }) => message),
]);

/**
 * Returns the Pub/Sub message of a push delivery, or undefined if there is none.
 * @see https://cloud.google.com/pubsub/docs/push#receive_push
 */
export function unwrap(event: unknown): Delivery | undefined {
  const parsed = deliverySchema.safeParse(event);
  if (!parsed.success) return undefined;
  const { attributes, data, messageId, publishTime } = parsed.data;
  const publishedAt = publishTime === undefined ? Number.NaN : Date.parse(publishTime);
  return {
    attributes,
    text: Buffer.from(data, 'base64').toString('utf8'),
    messageId,
    publishedAt: Number.isNaN(publishedAt) ? undefined : publishedAt,
  };
}

/** Returns a delivery as text for its dead letter; one that is nested too deeply for JSON only by its type. */
export function textOf(event: unknown): string {
  try {
    return JSON.stringify(event) ?? '';
  } catch {
    return String(event);
  }
}
