import { randomUUID } from 'node:crypto';

import { createCalendar } from '../calendar/index.ts';
import { ConfigurationError, type RenewConfig } from '../config.ts';
import { createPublisher } from '../feed/publisher.ts';
import { pubSubServer } from '../feed/server.ts';
import type { Log } from '../log.ts';
import { createFirestore } from '../mirror/database.ts';
import { createMirror } from '../mirror/index.ts';
import type { RenewContext } from './context.ts';
import { rulesOf } from './plan.ts';

/** A publish that takes longer fails, and its watch stays due. */
const GIVE_UP_MS = 15_000;

/** Makes everything that renew works with, once per process. @throws {ConfigurationError} without a key to sign with. */
export function createRenew(config: RenewConfig, log: Log, ending: () => boolean): RenewContext {
  const [key] = config.CHANNEL_TOKEN_KEYS;
  if (key === undefined) throw new ConfigurationError('CHANNEL_TOKEN_KEYS has no key');
  return {
    mirror: createMirror(createFirestore(config.GOOGLE_CLOUD_PROJECT, config.FIRESTORE_DATABASE)),
    calendar: createCalendar(config),
    publishNotification: createPublisher({
      projectId: config.GOOGLE_CLOUD_PROJECT,
      topic: config.NOTIFICATIONS_TOPIC,
      server: pubSubServer(config.PUBSUB_EMULATOR_HOST),
      giveUpAfterMs: GIVE_UP_MS,
    }),
    auth: config.CALENDAR_AUTH,
    address: config.CHANNEL_ADDRESS,
    key,
    rules: rulesOf(config),
    concurrency: 8,
    // Cloud Scheduler calls every minute and never twice at once: a run is over before the next is due.
    budgetMs: 45_000,
    now: Date.now,
    random: Math.random,
    newId: randomUUID,
    ending,
    log,
  };
}
