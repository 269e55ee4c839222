import { parseNotification } from '../../functions/feed/notification.ts';
import { subscribeForNow } from '../../infra/cli/subscription.ts';
import { NAMES } from '../../infra/local/topics.ts';
import type { Pipeline } from './pipeline.ts';

/** Notifications that `receive` published more than once: an answer took too long, so Google resent one or `receive` retried its publish. */
export interface RepeatedNotifications {
  /** Returns how many messages about a watch repeat an earlier one. */
  of(watch: string): number;
  end(): Promise<void>;
}

/** Counts repeated notifications from now on. */
export async function countRepeatedNotifications({ pubsub }: Pipeline): Promise<RepeatedNotifications> {
  const messages = new Map<string, { readonly watch: string; readonly notification: string }>();
  const { end } = await subscribeForNow(pubsub, NAMES.notifications, 'repeated-notifications', '', {
    onMessage: ({ id, attributes, data }) => {
      const parsed = parseNotification(attributes, data.toString());
      if (!parsed.ok || parsed.notification.reason !== 'push') return;
      const { watchId, channelId, messageNumber } = parsed.notification;
      messages.set(id, { watch: watchId, notification: `${channelId}/${messageNumber}` });
    },
    onError: (error) => {
      throw error;
    },
  });
  return {
    of: (watch) => {
      const about = [...messages.values()].filter((message) => message.watch === watch);
      return about.length - new Set(about.map(({ notification }) => notification)).size;
    },
    end,
  };
}
