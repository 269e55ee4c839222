import * as z from 'zod';

/** The Pub/Sub message inside whatever form a push delivery has when it reaches a function. */

export interface Delivery {
  readonly attributes: unknown;
  /** The data as text, decoded from base64. */
  readonly text: string;
  readonly messageId: string | undefined;
  /** Unix ms: when Pub/Sub took the message; undefined where the delivery does not say. */
  readonly publishedAt: number | undefined;
}

const messageSchema = z.object({
  attributes: z.unknown(),
  data: z.string().catch(''),
  messageId: z.string().optional().catch(undefined),
  publishTime: z.string().optional().catch(undefined),
});

/** A CloudEvent made of a push delivery has the message in `data`; a message without data arrives as the raw delivery. */
const deliverySchema = z.union([
  z.object({ data: z.object({ message: messageSchema }) }).transform(({ data }) => data.message),
  z.object({ message: messageSchema }).transform(({ message }) => message),
]);

/** Unwraps a delivery; undefined when there is no message in it. */
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

/** A delivery as text, for the dead letter that it becomes; what nests too deep to be written is only named. */
export function textOf(event: unknown): string {
  try {
    return JSON.stringify(event) ?? '';
  } catch {
    return String(event);
  }
}
