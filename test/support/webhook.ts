import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Message } from '@google-cloud/pubsub';
import { expect } from 'vitest';
import { mintToken } from '../../functions/watches/channel-token.ts';
import { readReceiveConfig } from '../../functions/config.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { type TestCloud } from './cloud.ts';
import { eventually } from './eventually.ts';
import { notificationHeaders, sendNotification } from './notification-request.ts';

/** The webhook of a cloud as senders see it, and the topic that it publishes to. */
export type Webhook = Awaited<ReturnType<typeof openWebhook>>;

/** Subscribes to what a cloud's `receive` publishes from now on. */
export async function openWebhook(cloud: TestCloud) {
  const published: Message[] = [];
  const [subscription] = await cloud.pubsub
    .topic(NAMES.notifications)
    .createSubscription(`webhook-${randomUUID()}`, { enableMessageOrdering: true });
  subscription.on('message', (message: Message) => {
    published.push(message);
    message.ack();
  });

  /** Returns a notification of a channel of its own, and what happens to it. */
  function notification(watch = 'watch-1') {
    const [key] = readReceiveConfig(cloud.env).CHANNEL_TOKEN_KEYS;
    if (key === undefined) throw new Error('the cloud has no key');
    const channel = randomUUID();
    const token = mintToken(key, channel, watch);
    const headers = notificationHeaders(channel, token);
    return {
      channel,
      token,
      key,
      headers,
      send: (changed: OutgoingHttpHeaders = {}, method = 'POST') =>
        sendNotification(cloud.urls.receive, { ...headers, ...changed }, method),
      arrived: () => published.filter(({ attributes }) => attributes['ce-subject'] === `channels/${channel}`),
    };
  }

  return {
    /** Everything that was published since. */
    published,
    notification,
    /** Waits until everything published for a watch has arrived: messages of one ordering key come in order. */
    allArrived: async (watch?: string): Promise<void> => {
      const last = notification(watch);
      expect(await last.send()).toMatchObject({ status: 204 });
      await eventually(() => expect(last.arrived()).toHaveLength(1));
    },
    close: () => subscription.close(),
  };
}
