import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { LRUCache } from 'lru-cache';

import { createCalendar } from '../calendar/index.ts';
import type { SyncConfig } from '../config.ts';
import { createPublisher } from '../feed/publisher.ts';
import { pubSubServer } from '../feed/server.ts';
import type { Log } from '../runtime/log.ts';
import { createFirestore } from '../firestore/client.ts';
import { endProcess, withDeadlines } from '../firestore/health.ts';
import { reconcileMsOf } from '../watches/full-sync.ts';
import { createMirror } from '../mirror/index.ts';
import { createSlots } from '../runtime/slots.ts';
import type { SyncContext } from './context.ts';

/** Time limit of a publish; the message that caused it is then redelivered. */
const PUBLISH_TIMEOUT_MS = 30_000;

/**
 * Pages in memory at once: one for each request that an instance serves at once (`concurrency` in `infra/terraform/sync.tf`), so that
 * no sync waits for another. The slots that are free serve for pages requested ahead.
 */
export const PAGES_AT_ONCE = 8;

/** Creates the dependencies of sync, once per process, and the publisher of dead letters. */
export function createSync(config: SyncConfig, log: Log, isShuttingDown: () => boolean) {
  const { GOOGLE_CLOUD_PROJECT: projectId } = config;
  const firestore = createFirestore(projectId, config.FIRESTORE_DATABASE);
  const server = pubSubServer(config);
  const publisher = (topic: string) =>
    createPublisher({ projectId, topic, server, giveUpAfterMs: PUBLISH_TIMEOUT_MS });
  const context: SyncContext = {
    mirror: withDeadlines(createMirror(firestore), log, endProcess),
    calendar: createCalendar(config, firestore),
    publishChange: publisher(config.CHANGES_TOPIC),
    publishClock: publisher(config.CLOCK_TOPIC),
    publishNotification: publisher(config.NOTIFICATIONS_TOPIC),
    published: new LRUCache<string, string>({ max: 10_000 }),
    auth: config.CALENDAR_AUTH,
    minIntervalMs: config.MIN_SYNC_INTERVAL_SECONDS * 1000,
    reconcileMs: reconcileMsOf(config.RECONCILE_SECONDS),
    deadlineMs: config.SYNC_DEADLINE_SECONDS * 1000,
    now: Date.now,
    random: Math.random,
    sleep,
    newId: randomUUID,
    isShuttingDown,
    pages: createSlots(PAGES_AT_ONCE),
    log,
  };
  return { context, publishDeadLetter: publisher(config.DEAD_LETTERS_TOPIC), firestore };
}
