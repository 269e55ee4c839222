import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { createCalendar } from '../calendar/index.ts';
import type { SyncConfig } from '../config.ts';
import { createPublisher } from '../feed/publisher.ts';
import { pubSubServer } from '../feed/server.ts';
import type { Log } from '../log.ts';
import { createFirestore } from '../mirror/database.ts';
import { createMirror } from '../mirror/index.ts';
import type { SyncContext } from './context.ts';

/** A publish that takes longer fails, and the message that caused it is delivered again. */
const GIVE_UP_MS = 30_000;

/** Makes everything that sync works with, once per process, and the publisher of dead letters beside it. */
export function createSync(config: SyncConfig, log: Log, ending: () => boolean) {
  const firestore = createFirestore(config.GOOGLE_CLOUD_PROJECT, config.FIRESTORE_DATABASE);
  const server = pubSubServer(config.PUBSUB_EMULATOR_HOST);
  const publisher = (topic: string) =>
    createPublisher({
      projectId: config.GOOGLE_CLOUD_PROJECT,
      topic,
      server,
      giveUpAfterMs: GIVE_UP_MS,
    });
  const context: SyncContext = {
    mirror: createMirror(firestore),
    calendar: createCalendar(config),
    publishChange: publisher(config.CHANGES_TOPIC),
    publishNotification: publisher(config.NOTIFICATIONS_TOPIC),
    auth: config.CALENDAR_AUTH,
    minIntervalMs: config.MIN_SYNC_INTERVAL_SECONDS * 1000,
    deadlineMs: config.SYNC_DEADLINE_SECONDS * 1000,
    now: Date.now,
    random: Math.random,
    sleep,
    newId: randomUUID,
    ending,
    log,
  };
  return { context, publishDeadLetter: publisher(config.DEAD_LETTERS_TOPIC), firestore };
}
