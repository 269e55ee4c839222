import { randomUUID } from 'node:crypto';

import { createCalendar } from '../calendar/index.ts';
import { ConfigurationError, type RenewConfig } from '../config.ts';
import { createPublisher } from '../feed/publisher.ts';
import { pubSubServer } from '../feed/server.ts';
import type { Log } from '../runtime/log.ts';
import { createFirestore } from '../firestore/client.ts';
import { endProcess, withDeadlines } from '../firestore/health.ts';
import { createMirror } from '../mirror/index.ts';
import type { RenewContext } from './context.ts';
import { rulesOf } from './schedule.ts';

/** Time limit of a publish; the watch that it was for stays due. */
const PUBLISH_TIMEOUT_MS = 15_000;

/**
 * Creates the dependencies of renew, once per process.
 * @throws {ConfigurationError} when no key for signing channel tokens is configured
 */
export function createRenew(config: RenewConfig, log: Log, isShuttingDown: () => boolean): RenewContext {
  const [key] = config.CHANNEL_TOKEN_KEYS;
  if (key === undefined) throw new ConfigurationError('CHANNEL_TOKEN_KEYS has no key');
  const firestore = createFirestore(config.GOOGLE_CLOUD_PROJECT, config.FIRESTORE_DATABASE);
  return {
    mirror: withDeadlines(createMirror(firestore), log, endProcess),
    calendar: createCalendar(config, firestore),
    publishNotification: createPublisher({
      projectId: config.GOOGLE_CLOUD_PROJECT,
      topic: config.NOTIFICATIONS_TOPIC,
      server: pubSubServer(config),
      giveUpAfterMs: PUBLISH_TIMEOUT_MS,
    }),
    auth: config.CALENDAR_AUTH,
    address: config.CHANNEL_ADDRESS,
    key,
    rules: rulesOf(config),
    // Most of the time each waits for Google or Firestore; `pace.ts` keeps them within the quotas.
    concurrency: 32,
    // Cloud Scheduler calls once a minute; a run must end before the next one starts.
    budgetMs: 45_000,
    now: Date.now,
    random: Math.random,
    newId: randomUUID,
    isShuttingDown,
    log,
  };
}
