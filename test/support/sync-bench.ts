import { randomBytes } from 'node:crypto';

import { Timestamp } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';

import { readSyncConfig } from '../../functions/config.ts';
import type { Notification } from '../../functions/feed/notification.ts';
import { createLog } from '../../functions/log.ts';
import type { Publish } from '../../functions/feed/publisher.ts';
import { createSync } from '../../functions/sync/create.ts';
import { handleNotification } from '../../functions/sync/engine.ts';
import { startCalendarEmulator, type CalendarEmulatorOptions } from '../../infra/local/calendar/server.ts';

/**
 * The code of `sync` in this process, on the run's Firestore and Pub/Sub emulators and a Calendar emulator of its own, so
 * that a test can count and disturb what it does at the edge of each client.
 */
export async function startSyncBench(
  environment: Readonly<Record<string, string>> = {},
  options: CalendarEmulatorOptions = {},
) {
  const calendar = await startCalendarEmulator(options);
  const projectId = `demo-${randomBytes(4).toString('hex')}`;
  const config = readSyncConfig({
    GOOGLE_CLOUD_PROJECT: projectId,
    CALENDAR_AUTH: 'emulator',
    CALENDAR_API_ROOT_URL: calendar.url,
    PUBSUB_EMULATOR_HOST: process.env['PUBSUB_EMULATOR_HOST'],
    MIN_SYNC_INTERVAL_SECONDS: '0',
    ...environment,
  });
  const { context, firestore } = createSync(
    config,
    createLog(() => {}),
    () => false,
  );
  const pubsub = new PubSub({ projectId });
  await Promise.all(
    [config.CHANGES_TOPIC, config.NOTIFICATIONS_TOPIC].map((name) => pubsub.createTopic(name)),
  );
  const published: string[] = [];
  const counted =
    (publish: Publish): Publish =>
    (message) => {
      published.push(message.attributes['ce-id'] ?? '');
      return publish(message);
    };
  const counting = { ...context, publishChange: counted(context.publishChange) };
  return {
    calendar,
    projectId,
    context: counting,
    firestore,
    /** The `ce-id` of every change published so far. */
    published,
    /** Writes a watch's wish, due at once. */
    wish: (watchId: string, spec: Readonly<Record<string, unknown>>) =>
      firestore.doc(`watches/${watchId}`).set({ spec, nextDueAt: Timestamp.fromMillis(0) }, { merge: true }),
    /** Hands a notification to sync as if Pub/Sub had taken it just now. */
    handle: (notification: Notification, publishedAt = Date.now() + 1000) =>
      handleNotification(counting, notification, publishedAt),
    /** How many list calls the Calendar emulator has answered. */
    listCalls: () => calendar.journal.requests().filter(({ method }) => method.endsWith('.list')).length,
    close: async (): Promise<void> => {
      await Promise.all([calendar.close(), firestore.terminate(), pubsub.close()]);
    },
  };
}
