import { createSecretKey } from 'node:crypto';
import { verifyToken } from '../../../functions/watches/channel-token.ts';
import type { CalendarClient } from '../../../functions/calendar/client.ts';
import { parseNotification, pushMessage } from '../../../functions/feed/notification.ts';
import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import type { Publish } from '../../../functions/feed/envelope.ts';
import type { Log, LogFields } from '../../../functions/runtime/log.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';
import { readHeaders } from '../../../functions/receive/notification.ts';
import type { RenewContext } from '../../../functions/renew/context.ts';
import { republish } from '../../../functions/sync/delivery.ts';
import { handleNotification } from '../../../functions/sync/engine.ts';
import { createSlots } from '../../../functions/runtime/slots.ts';
import type { SyncContext } from '../../../functions/sync/context.ts';
import type { Headers } from './google-channels.ts';
import { Injected, type Instance } from './processes.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';
import { Conflict } from '../../../functions/firestore/client.ts';
import { DAY, HOUR, MINUTE } from './scenario.ts';

/** The three functions, each on an instance: the real code, and the few lines of its entry. */

/** What an instance works with. */
export interface Environment {
  readonly time: Timeline;
  readonly mirrorFor: (instance: Instance) => Mirror;
  readonly calendarFor: (instance: Instance) => CalendarClient;
  readonly notificationsFor: (instance: Instance) => Publish;
  readonly changesFor: (instance: Instance) => Publish;
  readonly clockFor: (instance: Instance) => Publish;
  /** How far sync believes to be ahead of its clock, in ms. */
  readonly clockAheadMs: number;
  /** Returns whether a watch is one of the collection's. */
  readonly isOf: (watchId: string, subject: Subject) => boolean;
  readonly reconcileMs: number;
  readonly random: () => number;
  readonly newId: () => string;
  readonly trace: ((watchId: string | undefined, text: string) => void) | undefined;
  /**
   * Called when sync or renew failed to do what a watch needs, and will retry. `ifDue`: only counts if the watch is still due, as renew may
   * have failed at something else, such as stopping a replaced channel.
   */
  readonly hindered: (watchId: string | undefined, ifDue?: boolean) => void;
  /** Called when sync logs that it has dropped the moments of a watch in a span of time, in Unix ms. */
  readonly dropped: (watchId: string, span: { readonly from: number; readonly to: number }) => void;
  /** Called when something happens that must never happen. */
  readonly violated: (watchId: string | undefined, what: string) => void;
}

const KEY = { id: 'k1', secret: createSecretKey(Buffer.from('a key for simulated channels only')) };

/** Returns whether an error is injected, or part of optimistic concurrency. */
export const isExpected = (error: unknown): boolean => error instanceof Injected || error instanceof Conflict;

function createLog({ trace, hindered, dropped, violated }: Environment, instance: Instance): Log {
  const line = (message: string, fields: LogFields = {}): void => {
    const { watch, ...rest } = fields;
    const named = typeof watch === 'string' ? watch : String(fields['subject'] ?? '').split('/')[1];
    trace?.(named, `${instance.name}: ${message} ${JSON.stringify(rest)}`);
  };
  return {
    debug: line,
    info: line,
    warning: (message, fields = {}) => {
      line(message, fields);
      const { watch, from, to } = fields;
      if (!message.startsWith('moments dropped') || typeof watch !== 'string') return;
      dropped(watch, { from: Date.parse(String(from)), to: Date.parse(String(to)) });
    },
    error: (message, fields = {}) => {
      line(message, fields);
      const [kind, id] = String(fields['subject']).split('/');
      if (kind === 'watches') hindered(id, true);
      const text = String(fields['error']);
      const expected = /^(Firestore|firestore|no answer|pubsub|Pub\/Sub|an earlier|another write)/.test(text);
      if (!expected) violated(id, `${message}: ${text}`);
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

/** Creates `sync` on an instance. It resolves with whether a delivery was acknowledged. */
export function createSync(environment: Environment, instance: Instance) {
  const context: SyncContext = {
    mirror: environment.mirrorFor(instance),
    calendar: environment.calendarFor(instance),
    publishChange: environment.changesFor(instance),
    publishClock: environment.clockFor(instance),
    publishNotification: environment.notificationsFor(instance),
    published: new Map(),
    auth: 'service-account',
    minIntervalMs: 2000,
    reconcileMs: environment.reconcileMs,
    deadlineMs: 45_000,
    now: () => instance.now() + environment.clockAheadMs,
    random: environment.random,
    sleep: sleepOn(environment.time, instance),
    newId: environment.newId,
    isShuttingDown: instance.isEnding,
    pages: createSlots(8),
    log: createLog(environment, instance),
  };
  return async ({ attributes, data }: OutgoingMessage, publishedAt: number): Promise<boolean> => {
    const parsed = parseNotification(attributes, data.toString('utf8'));
    if (!parsed.ok) {
      environment.violated(attributes['watch'], `sync rejects a message: ${parsed.problem}`);
      return true;
    }
    const { notification } = parsed;
    const { watchId } = notification;
    // Announces only that a channel is open, and needs no sync.
    const opening = notification.reason === 'push' && notification.resourceState === 'sync';
    try {
      await handleNotification(context, notification, publishedAt);
      return true;
    } catch (error) {
      if (!isExpected(error)) environment.violated(watchId, `sync failed: ${String(error)}`);
      if (!opening) environment.hindered(watchId);
      environment.trace?.(watchId, `${instance.name}: sync failed, will be redelivered (${String(error)})`);
      const delivery = { attributes, text: data.toString('utf8'), publishedAt };
      return republish(context, delivery, watchId, error).catch(() => false);
    }
  };
}

/** Creates the context of `renew` on an instance, with the configuration's defaults. */
export const createRenewContext = (environment: Environment, instance: Instance): RenewContext => ({
  mirror: environment.mirrorFor(instance),
  calendar: environment.calendarFor(instance),
  publishNotification: environment.notificationsFor(instance),
  auth: 'service-account',
  address: 'https://receive.example.com',
  key: KEY,
  rules: {
    ttlMs: 7 * DAY,
    renewBeforeMs: DAY,
    maxStalenessMs: 6 * HOUR,
    pollMs: 15 * MINUTE,
    reconcileMs: environment.reconcileMs,
  },
  concurrency: 8,
  budgetMs: 45_000,
  now: instance.now,
  random: environment.random,
  newId: environment.newId,
  isShuttingDown: instance.isEnding,
  log: createLog(environment, instance),
});

/** Creates `receive` on an instance. It resolves with the HTTP status. */
export function createReceive(environment: Environment, instance: Instance) {
  const publish = environment.notificationsFor(instance);
  return async (subject: Subject, headers: Headers): Promise<number> => {
    const read = readHeaders(headers, instance.now());
    const verified = read.ok ? verifyToken([KEY], read.data.channelId, read.token) : undefined;
    if (!read.ok || verified?.ok !== true || !environment.isOf(verified.watchId, subject)) {
      environment.violated(subject.id, 'receive rejects a genuine notification');
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
