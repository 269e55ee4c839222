import { withMetric } from '../runtime/metrics.ts';
import { deadLetterMessage } from '../feed/dead-letter.ts';
import type { Publish } from '../feed/envelope.ts';
import type { SyncContext } from './context.ts';
import type { Delivery } from './message.ts';

export interface DeadLetterDependencies {
  readonly context: Pick<SyncContext, 'mirror' | 'log' | 'now'>;
  readonly publishDeadLetter: Publish;
}

/** Why a message can never be processed: `kind` labels the metric, `reason` is for people. */
export interface DeadLetterReason {
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
export async function deadLetter(
  { context, publishDeadLetter }: DeadLetterDependencies,
  delivery: Pick<Delivery, 'attributes' | 'text' | 'messageId'>,
  { kind, reason }: DeadLetterReason,
  watchId: string | undefined,
): Promise<void> {
  const { messageId } = delivery;
  const ids = { watch: watchId, detail: reason, messageId };
  context.log.error('message dead-lettered', withMetric(ids, { metric: 'deadLetter', reason: kind }));
  if (watchId !== undefined) {
    await context.mirror.noteDeadLetter(watchId, reason.slice(0, MAX_REASON_LENGTH), messageId);
  }
  await publishDeadLetter(deadLetterMessage(delivery, reason, new Date(context.now()).toISOString()));
}
