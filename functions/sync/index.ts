import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { cloudEvent } from '@google-cloud/functions-framework';

import { createCalendarClient } from '../calendar/client.ts';
import { configure, readSyncConfig } from '../config.ts';
import { deadLetterMessage } from '../feed/dead-letter.ts';
import { parseNotification } from '../feed/notification.ts';
import { createPublisher, createPubSub } from '../feed/publisher.ts';
import { createLog, errorText } from '../log.ts';
import { createFirestore } from '../mirror/database.ts';
import { createMirror } from '../mirror/index.ts';
import { UnreadableWatch } from '../mirror/watch.ts';
import type { SyncContext } from './context.ts';
import { handleNotification } from './engine.ts';
import { unwrap } from './message.ts';

/** The subscriber of `calendar-notifications`: answers success when a message is done with, an error to get it again. */

const config = configure(readSyncConfig);
const log = createLog();
const pubsub = createPubSub(config.GOOGLE_CLOUD_PROJECT);
const publisher = (topic: string, batch: number) =>
  createPublisher(pubsub, topic, { batch, giveUpAfterMs: 30_000 });
const publishDeadLetter = publisher(config.DEAD_LETTERS_TOPIC, 1);

const context: SyncContext = {
  mirror: createMirror(createFirestore(config.GOOGLE_CLOUD_PROJECT, config.FIRESTORE_DATABASE)),
  calendar: createCalendarClient(config.CALENDAR_API_ROOT_URL, { random: Math.random, sleep }),
  publishChange: publisher(config.CHANGES_TOPIC, 100),
  publishNotification: publisher(config.NOTIFICATIONS_TOPIC, 1),
  auth: config.CALENDAR_AUTH,
  minIntervalMs: config.MIN_SYNC_INTERVAL_SECONDS * 1000,
  deadlineMs: config.SYNC_DEADLINE_SECONDS * 1000,
  now: Date.now,
  random: Math.random,
  sleep,
  newId: randomUUID,
  log,
};

async function refuse(event: unknown, reason: string): Promise<void> {
  const delivery = unwrap(event) ?? {
    attributes: null,
    text: JSON.stringify(event) ?? '',
    messageId: undefined,
  };
  log.error('message refused', { reason, messageId: delivery.messageId });
  await publishDeadLetter(deadLetterMessage(delivery, reason, new Date().toISOString()));
}

cloudEvent('sync', async (event: unknown) => {
  const delivery = unwrap(event);
  if (delivery === undefined) return refuse(event, 'there is no Pub/Sub message in the delivery');
  const parsed = parseNotification(delivery.attributes, delivery.text);
  if (!parsed.ok) return refuse(event, parsed.problem);
  const { watchId } = parsed.notification;
  try {
    // Without a publish time nothing can be found needless; what is now is then as good as any other.
    await handleNotification(context, parsed.notification, delivery.publishedAt ?? Date.now());
  } catch (error) {
    if (error instanceof UnreadableWatch) return refuse(event, error.message);
    log.error('sync not done, to be delivered again', { watch: watchId, error: errorText(error) });
    throw error;
  }
});
