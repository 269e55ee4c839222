import { PublishError } from '../feed/envelope.ts';
import { parseNotification } from '../feed/notification.ts';
import { errorText } from '../runtime/log.ts';
import { withMetric } from '../runtime/metrics.ts';
import { UnreadableWatch } from '../watches/watch.ts';
import type { SyncContext } from './context.ts';
import { deadLetter, type DeadLetterDependencies, type DeadLetterReason } from './dead-letter.ts';
import { handleNotification } from './engine.ts';
import { textOf, unwrap, type Delivery } from './message.ts';
import { republish } from './redelivery.ts';

interface Dependencies extends DeadLetterDependencies {
  readonly context: SyncContext;
}

/** Processes a parsed notification. Returns the reason if it can never be processed. */
async function processNotification(
  context: SyncContext,
  delivery: Delivery,
  notification: Parameters<typeof handleNotification>[1],
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
