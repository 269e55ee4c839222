import { createSecretKey } from 'node:crypto';
import { verifyToken } from '../../functions/channel/token.ts';
import type { CalendarClient } from '../../functions/calendar/client.ts';
import { parseNotification, pushMessage } from '../../functions/feed/notification.ts';
import type { OutgoingMessage } from '../../functions/feed/envelope.ts';
import type { Publish } from '../../functions/feed/publisher.ts';
import type { Log, LogFields } from '../../functions/log.ts';
import type { Mirror } from '../../functions/mirror/index.ts';
import { readHeaders } from '../../functions/receive/notification.ts';
import type { RenewContext } from '../../functions/renew/context.ts';
import { handleNotification } from '../../functions/sync/engine.ts';
import type { SyncContext } from '../../functions/sync/context.ts';
import type { Headers } from './google-channels.ts';
import { Injected, type Instance } from './processes.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';
import { Conflict } from '../../functions/mirror/database.ts';
import { DAY, HOUR, MINUTE } from './scenario.ts';

/** The three functions, each on an instance: the real code, and the few lines that its entry has around it. */

/** What an instance works with. */
export interface Surroundings {
  readonly time: Timeline;
  readonly mirrorFor: (instance: Instance) => Mirror;
  readonly calendarFor: (instance: Instance) => CalendarClient;
  readonly notificationsFor: (instance: Instance) => Publish;
  readonly changesFor: (instance: Instance) => Publish;
  readonly random: () => number;
  readonly newId: () => string;
  readonly tell: ((watchId: string | undefined, text: string) => void) | undefined;
  /** Something that must never happen. */
  readonly violated: (watchId: string | undefined, what: string) => void;
}

const KEY = { id: 'k1', secret: createSecretKey(Buffer.from('a key for simulated channels only')) };

/** Whether an error is one that the simulation has caused, or that optimism entails. */
export const isExpected = (error: unknown): boolean => error instanceof Injected || error instanceof Conflict;

function createLog({ tell, violated }: Surroundings, instance: Instance): Log {
  const line = (message: string, fields: LogFields = {}): void => {
    const { watch, ...rest } = fields;
    const named = typeof watch === 'string' ? watch : String(fields['subject'] ?? '').split('/')[1];
    tell?.(named, `${instance.name}: ${message} ${JSON.stringify(rest)}`);
  };
  return {
    debug: line,
    info: line,
    warning: line,
    error: (message, fields = {}) => {
      line(message, fields);
      const text = String(fields['error']);
      const expected = /^(Firestore|firestore|no answer|pubsub|Pub\/Sub|an earlier|another write)/.test(text);
      if (!expected) violated(String(fields['subject']).split('/')[1], `${message}: ${text}`);
    },
  };
}

const sleepOn =
  (time: Timeline, instance: Instance) =>
  (ms: number): Promise<void> =>
    new Promise((resolve) => {
      time.resume(ms, () => {
        if (instance.isAlive()) resolve();
      });
    });

/** Makes `sync` on an instance: answers whether a delivery was a success. */
export function createSync(around: Surroundings, instance: Instance) {
  const context: SyncContext = {
    mirror: around.mirrorFor(instance),
    calendar: around.calendarFor(instance),
    publishChange: around.changesFor(instance),
    publishNotification: around.notificationsFor(instance),
    auth: 'service-account',
    minIntervalMs: 2000,
    deadlineMs: 45_000,
    now: instance.now,
    random: around.random,
    sleep: sleepOn(around.time, instance),
    newId: around.newId,
    ending: instance.isEnding,
    log: createLog(around, instance),
  };
  return async ({ attributes, data }: OutgoingMessage, publishedAt: number): Promise<boolean> => {
    const parsed = parseNotification(attributes, data.toString('utf8'));
    if (!parsed.ok) {
      around.violated(attributes['watch'], `sync refuses a message: ${parsed.problem}`);
      return true;
    }
    const { watchId } = parsed.notification;
    try {
      await handleNotification(context, parsed.notification, publishedAt);
      return true;
    } catch (error) {
      if (!isExpected(error)) around.violated(watchId, `sync failed: ${String(error)}`);
      around.tell?.(watchId, `${instance.name}: not done, to be delivered again (${String(error)})`);
      return false;
    }
  };
}

/** What `renew` works with on an instance, with the configuration's defaults. */
export const createRenewContext = (around: Surroundings, instance: Instance): RenewContext => ({
  mirror: around.mirrorFor(instance),
  calendar: around.calendarFor(instance),
  publishNotification: around.notificationsFor(instance),
  auth: 'service-account',
  address: 'https://receive.example.com',
  key: KEY,
  rules: { ttlMs: 7 * DAY, renewBeforeMs: DAY, maxStalenessMs: 6 * HOUR, pollMs: 15 * MINUTE },
  concurrency: 8,
  budgetMs: 45_000,
  now: instance.now,
  random: around.random,
  newId: around.newId,
  ending: instance.isEnding,
  log: createLog(around, instance),
});

/** Makes `receive` on an instance: answers a request with a status. */
export function createReceive(around: Surroundings, instance: Instance) {
  const publish = around.notificationsFor(instance);
  return async (subject: Subject, headers: Headers): Promise<number> => {
    const read = readHeaders(headers, instance.now());
    const verified = read.ok ? verifyToken([KEY], read.data.channelId, read.token) : undefined;
    if (!read.ok || verified?.ok !== true || verified.watchId !== subject.id) {
      around.violated(subject.id, 'receive refuses a genuine notification');
      return 400;
    }
    try {
      await publish(pushMessage(verified.watchId, read.data));
      return 204;
    } catch {
      return 503;
    }
  };
}
