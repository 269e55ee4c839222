import type { Notification } from '../feed/notification.ts';
import { Conflict } from '../firestore/client.ts';
import type { Watch } from '../watches/watch.ts';
import { carryOut } from './carry-out.ts';
import type { Attempt, SyncContext } from './context.ts';
import { decide } from './decide.ts';
import { drainOutbox } from './publish-outbox.ts';
import type { Next } from './run-sync.ts';

/** Brings a watch's mirror up to date after a notification. */

/** Conflicts with other writers after which the message is left to a redelivery. */
const MAX_CONFLICTS = 20;

/** The form of our own channel ids. */
const UUID = /^[\da-f-]{36}$/;

/** Records the resource id of a channel that is not the watch's own, so that renew can stop that channel. */
async function noteStrayChannel(
  context: SyncContext,
  notification: Notification,
  watch: Watch | undefined,
): Promise<void> {
  if (notification.reason !== 'push') return;
  const { channelId, resourceId } = notification;
  if (channelId === undefined || resourceId === undefined || channelId === watch?.channel?.id) return;
  // Any other text in the message must not become the path of a document.
  if (!UUID.test(channelId)) return;
  const unwanted = watch === undefined || watch.state === 'removed';
  await context.mirror.noteStrayChannel(channelId, resourceId, unwanted);
}

/** Loads the watch, drains its outbox, and acts on the notification. */
async function attempt(context: SyncContext, current: Attempt): Promise<Next> {
  const { notification } = current;
  const { watchId } = notification;
  // Load the watch before the outbox; the other order could miss an entry committed in between.
  const watch = await context.mirror.loadWatch(watchId);
  await drainOutbox(context, watchId);
  await noteStrayChannel(context, notification, watch);
  if (watch === undefined) {
    context.log.warning('notification for an unknown watch', { watch: watchId, reason: notification.reason });
    // Deleting a document in Firestore keeps its subcollections.
    await context.mirror.deleteSeen(watchId);
    return 'done';
  }
  if (watch.nextDueAt === undefined) {
    // Renew queries for due watches, and a query by timestamp matches no other type.
    context.log.warning('nextDueAt is missing or not a Timestamp, set to now', { watch: watchId });
    await context.mirror.postpone(watchId, context.now(), watch.version.updateTime);
    return 'again';
  }
  return carryOut(context, current, watch, decide(notification, current.publishedAt, watch, context));
}

/**
 * Processes one notification; `publishedAt` (Unix ms) is its Pub/Sub publish time.
 * Returning acks the message; throwing nacks it.
 * @throws {Conflict} when other writers came first too often, and whatever Firestore or Pub/Sub throws
 */
export async function handleNotification(
  context: SyncContext,
  notification: Notification,
  publishedAt: number,
): Promise<void> {
  const deadline = context.now() + context.deadlineMs;
  let coveredSince = publishedAt;
  for (let conflicts = 0; ;) {
    try {
      const startedAt = context.now();
      const next = await attempt(context, { notification, publishedAt: coveredSince, startedAt, deadline });
      if (next === 'done') return;
      // The notification is dealt with: any completed sync covers it, and only the full sync remains to be done.
      if (next === 'reconcile') coveredSince = 0;
    } catch (error) {
      if (!(error instanceof Conflict) || conflicts >= MAX_CONFLICTS) throw error;
      conflicts += 1;
      await context.sleep(20 * conflicts * context.random());
    }
  }
}
