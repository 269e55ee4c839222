import type { Message } from '@google-cloud/pubsub';
import { parseNotification } from '../../functions/feed/notification.ts';
import { NAMES } from '../../infra/local/topics.ts';
import type { Pipeline } from './pipeline.ts';

/** Notifications that `receive` published more than once, as it does when Google or Pub/Sub waits too long for an answer. */
export interface RepeatedNotifications {
  /** Returns how many messages about a watch repeat an earlier one. */
  of(watch: string): number;
  end(): Promise<void>;
}

/** Counts repeated notifications from now on. */
export async function countRepeatedNotifications({ pubsub }: Pipeline): Promise<RepeatedNotifications> {
  const messages = new Map<string, { readonly watch: string; readonly notification: string }>();
  const options = { enableMessageOrdering: true };
  const [subscription] = await pubsub
    .topic(NAMES.notifications)
    .createSubscription('repeated-notifications', options);
  subscription.on('message', (message: Message) => {
    message.ack();
    const parsed = parseNotification(message.attributes, message.data.toString());
    if (!parsed.ok || parsed.notification.reason !== 'push') return;
    const { watchId, channelId, messageNumber } = parsed.notification;
    messages.set(message.id, { watch: watchId, notification: `${channelId}/${messageNumber}` });
  });
  return {
    of: (watch) => {
      const about = [...messages.values()].filter((message) => message.watch === watch);
      return about.length - new Set(about.map(({ notification }) => notification)).size;
    },
    end: () => subscription.close(),
  };
}
