import * as z from 'zod';

import { errorText } from '../runtime/log.ts';
import type { SyncContext } from './context.ts';
import type { Delivery } from './message.ts';

/** Republishes notifications that an outage has held up, so that they do not run out of delivery attempts. */

/**
 * Age from which on a failed notification is republished. Its twenty delivery attempts last about two hours; then Pub/Sub
 * dead-letters it.
 * @see https://cloud.google.com/pubsub/docs/handling-failures
 */
const REPUBLISH_AFTER_MS = 3_600_000;

/**
 * gRPC codes for which Firestore is down, or not available to this account: DEADLINE_EXCEEDED, PERMISSION_DENIED,
 * RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE, UNAUTHENTICATED.
 * @see https://grpc.io/docs/guides/status-codes/
 */
const OUTAGE_CODES: ReadonlySet<unknown> = new Set([4, 7, 8, 13, 14, 16]);

/** Returns whether the service is at fault, not the message. */
const isOutage = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && OUTAGE_CODES.has(error.code);

const attributesSchema = z.record(z.string(), z.string());

/** Returns the attributes as published. Pub/Sub adds some that begin with `goog`, and rejects these in a publish. */
const publishedAttributes = (attributes: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributesSchema.parse(attributes)).filter(([name]) => !/^goog/i.test(name)),
  );

/**
 * Republishes a notification that an outage has held up for an hour or more. Returns whether the delivery can be
 * acknowledged. A notification that crashes sync, or fails because of a bug, still becomes a dead letter.
 * @throws {PublishError}
 */
export async function republish(
  context: Pick<SyncContext, 'publishNotification' | 'now' | 'log'>,
  { attributes, text, publishedAt }: Pick<Delivery, 'attributes' | 'text' | 'publishedAt'>,
  watchId: string,
  error: unknown,
): Promise<boolean> {
  if (!isOutage(error) || publishedAt === undefined || context.now() - publishedAt < REPUBLISH_AFTER_MS) {
    return false;
  }
  const message = {
    attributes: publishedAttributes(attributes),
    data: Buffer.from(text),
    orderingKey: watchId,
  };
  await context.publishNotification(message);
  context.log.warning('notification republished', { watch: watchId, error: errorText(error) });
  return true;
}
