import { randomBytes } from 'node:crypto';

import { Timestamp } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';

import { readSyncConfig } from '../../functions/config.ts';
import type { Change } from '../../functions/feed/change.ts';
import { parseMessage } from '../../functions/feed/consumer.ts';
import type { Notification } from '../../functions/feed/notification.ts';
import type { WatchMessage } from '../../functions/feed/watch-message.ts';
import { createLog } from '../../functions/runtime/log.ts';
import type { Publish } from '../../functions/feed/envelope.ts';
import { createSync } from '../../functions/sync/create.ts';
import { handleNotification } from '../../functions/sync/engine.ts';
import type { CalendarEmulatorOptions } from '../../infra/emulator/types.ts';
import { startCalendarEmulator } from '../../infra/emulator/server.ts';

/** What {@link startSyncBench} returns. */
export type SyncBench = Awaited<ReturnType<typeof startSyncBench>>;

/**
 * Runs the code of `sync` in this process, on the run's Firestore and Pub/Sub emulators and a Calendar emulator of its own, so that a test
 * can count and disturb what it does at the edge of each client.
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
  const changes: Change[] = [];
  const about: ({ readonly type: string } & WatchMessage)[] = [];
  const counted =
    (publish: Publish): Publish =>
    (message) => {
      const parsed = parseMessage(message);
      if (!parsed.ok) throw new Error(parsed.problem);
      if (parsed.about === 'watch')
        about.push({ type: message.attributes['ce-type'] ?? '', ...parsed.watch });
      if (parsed.about === 'item') {
        published.push(message.attributes['ce-id'] ?? '');
        changes.push(parsed.change);
      }
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
    /** The changes themselves, in the same order. */
    changes,
    /** The messages about watches, with their types. */
    about,
    /** Writes a watch's spec, due at once. */
    writeSpec: (watchId: string, spec: Readonly<Record<string, unknown>>) =>
      firestore.doc(`watches/${watchId}`).set({ spec, nextDueAt: Timestamp.fromMillis(0) }, { merge: true }),
    /** Handles a notification as though Pub/Sub had received it just now. */
    handle: (notification: Notification, publishedAt = Date.now() + 1000) =>
      handleNotification(counting, notification, publishedAt),
    /** Returns how many list calls the Calendar emulator has answered. */
    listCalls: () => calendar.journal.requests().filter(({ method }) => method.endsWith('.list')).length,
    close: async (): Promise<void> => {
      await Promise.all([calendar.close(), firestore.terminate(), pubsub.close()]);
    },
  };
}
