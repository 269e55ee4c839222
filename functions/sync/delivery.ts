import * as z from 'zod';

import { deadLetterMessage, type DeadLetter } from '../feed/dead-letter.ts';
import { PublishError, type Publish } from '../feed/envelope.ts';
import { parseNotification, type Notification } from '../feed/notification.ts';
import { codeOf } from '../firestore/client.ts';
import { errorText } from '../runtime/log.ts';
import { withMetric } from '../runtime/metrics.ts';
import { UnreadableWatch } from '../watches/watch.ts';
import type { SyncContext } from './context.ts';
import { handleNotification } from './engine.ts';

/** Processes the push deliveries of the topic `calendar-notifications`. */

interface Dependencies {
  readonly context: SyncContext;
  readonly publishDeadLetter: Publish;
}

const messageSchema = z
  .object({
    attributes: z.unknown(),
    data: z.string().catch(''),
    messageId: z.string().optional().catch(undefined),
    publishTime: z.string().transform(Date.parse).pipe(z.number()).optional().catch(undefined),
  })
  .transform(({ attributes, data, messageId, publishTime }) => ({
    attributes,
    text: Buffer.from(data, 'base64').toString('utf8'),
    messageId,
    /** When Pub/Sub accepted the message, in Unix ms; undefined if the delivery does not say. */
    publishedAt: publishTime,
  }));

/** A Pub/Sub message as it was delivered, with its data decoded from base64. */
type Delivery = z.infer<typeof messageSchema>;

/** Functions Framework wraps a push delivery in a CloudEvent, unless its message has no data. */
const deliverySchema = z.union([
  z.object({ data: z.object({ message: messageSchema }) }).transform(({ data }) => data.message),
  z.object({ message: messageSchema }).transform(({ message }) => message),
]);

/**
 * Returns the Pub/Sub message of a push delivery, or undefined if there is none.
 * @see https://cloud.google.com/pubsub/docs/push#receive_push
 */
export const unwrap = (event: unknown): Delivery | undefined => deliverySchema.safeParse(event).data;

/** Returns a delivery as text for its dead letter; one that is nested too deeply for JSON only by its type. */
function textOf(event: unknown): string {
  try {
    return JSON.stringify(event) ?? '';
  } catch {
    return String(event);
  }
}

/** Why a message can never be processed: `kind` labels the metric, `reason` is for people. */
interface DeadLetterReason {
  readonly kind: 'noMessage' | 'malformed' | 'unreadableWatch';
  readonly reason: string;
}

/** Maximum length of a reason in a watch's status. Reasons name fields, never their values. */
const MAX_REASON_LENGTH = 250;

/**
 * Dead-letters a message and records the reason on its watch. The watch first: if that fails, the redelivery publishes
 * the dead letter only once.
 * @throws when Firestore or Pub/Sub fails
 */
async function deadLetter(
  { context, publishDeadLetter }: Dependencies,
  letter: DeadLetter,
  { kind, reason }: DeadLetterReason,
  watchId: string | undefined,
): Promise<void> {
  const { messageId } = letter;
  const ids = { watch: watchId, detail: reason, messageId };
  context.log.error('message dead-lettered', withMetric(ids, { metric: 'deadLetter', reason: kind }));
  if (watchId !== undefined) {
    await context.mirror.noteDeadLetter(watchId, reason.slice(0, MAX_REASON_LENGTH), messageId);
  }
  await publishDeadLetter(deadLetterMessage(letter, reason, new Date(context.now()).toISOString()));
}

/**
 * Age from which on a failed notification is republished. Its hundred delivery attempts last some fifteen hours; then
 * Pub/Sub dead-letters it.
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
const isOutage = (error: unknown): boolean => OUTAGE_CODES.has(codeOf(error));

const attributesSchema = z.record(z.string(), z.string());

/** Returns the attributes as published. Pub/Sub adds some that begin with `goog`, and rejects these in a publish. */
const publishedAttributes = (attributes: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributesSchema.parse(attributes)).filter(([name]) => !/^goog/i.test(name)),
  );

/**
 * Republishes a notification that an outage has held up for an hour or more, so that it does not run out of delivery
 * attempts. Returns whether the delivery can be acknowledged. A notification that crashes sync, or fails because of a bug, still becomes a dead letter.
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

/** Processes a parsed notification. Returns the reason if it can never be processed. */
async function processNotification(
  context: SyncContext,
  delivery: Delivery,
  notification: Notification,
): Promise<DeadLetterReason | undefined> {
  const { watchId } = notification;
  try {
    // Without a publish time, the current time makes sure that the notification is not skipped.
    await handleNotification(context, notification, delivery.publishedAt ?? Date.now());
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableWatch) return { kind: 'unreadableWatch', reason: error.message };
    const cause = error instanceof PublishError ? 'publish' : 'other';
    const fields = { watch: watchId, error: errorText(error) };
    context.log.error(
      'sync failed, will be redelivered',
      withMetric(fields, { metric: 'failure', by: 'sync', cause }),
    );
    if (await republish(context, delivery, watchId, error)) return undefined;
    throw error;
  }
}

/**
 * Processes a push delivery: a notification that can be processed goes to the engine, any other message to the dead
 * letters. Returning acks the message; throwing nacks it.
 */
export async function handleDelivery(dependencies: Dependencies, event: unknown): Promise<void> {
  const delivery = unwrap(event);
  if (delivery === undefined) {
    const whole = { attributes: null, text: textOf(event), messageId: undefined };
    const reason = 'the delivery has no Pub/Sub message';
    return deadLetter(dependencies, whole, { kind: 'noMessage', reason }, undefined);
  }
  const parsed = parseNotification(delivery.attributes, delivery.text);
  if (!parsed.ok) {
    const malformed = { kind: 'malformed', reason: parsed.problem } as const;
    return deadLetter(dependencies, delivery, malformed, parsed.watchId);
  }
  const { watchId } = parsed.notification;
  const unprocessable = await processNotification(dependencies.context, delivery, parsed.notification);
  if (unprocessable) await deadLetter(dependencies, delivery, unprocessable, watchId);
}
