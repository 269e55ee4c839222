import { deadLetterMessage } from '../feed/dead-letter.ts';
import type { Publish } from '../feed/publisher.ts';
import type { SyncContext } from './context.ts';
import type { Delivery } from './message.ts';

/** Why a message can never be processed: in one word, and for people. */
interface Refusal {
  readonly kind: 'noMessage' | 'malformed' | 'unreadableWatch';
  readonly reason: string;
}

/** How much of a reason a watch's status keeps. Reasons name fields, and never what is in them. */
const LONGEST_REASON = 250;

/**
 * Refuses a message for good: into the dead letters with the reason, and a word of it into the status of the watch that it
 * names. The status first: should that fail, the message comes again, and is a dead letter once.
 * @throws when Firestore or Pub/Sub fails; the message is then to be delivered again.
 */
export async function refuse(
  context: Pick<SyncContext, 'mirror' | 'log' | 'now'>,
  publishDeadLetter: Publish,
  delivery: Pick<Delivery, 'attributes' | 'text' | 'messageId'>,
  { kind, reason }: Refusal,
  watchId: string | undefined,
): Promise<void> {
  const { messageId } = delivery;
  const ids = { watch: watchId, detail: reason, messageId };
  context.log.error('message refused', ids, { metric: 'deadLetter', reason: kind });
  if (watchId !== undefined) {
    await context.mirror.noteRefusal(watchId, reason.slice(0, LONGEST_REASON), messageId);
  }
  await publishDeadLetter(deadLetterMessage(delivery, reason, new Date(context.now()).toISOString()));
}
