import { Timestamp } from '@google-cloud/firestore';

import { readRenewConfig } from '../../../functions/config.ts';
import { parseMessage } from '../../../functions/feed/consumer.ts';
import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import { parseNotification, pushMessage } from '../../../functions/feed/notification.ts';
import type { Publish } from '../../../functions/feed/envelope.ts';
import { createLog } from '../../../functions/runtime/log.ts';
import { verifyToken } from '../../../functions/watches/channel-token.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';
import type { Watch } from '../../../functions/watches/watch.ts';
import { readHeaders } from '../../../functions/receive/notification.ts';
import type { RenewContext, Summary } from '../../../functions/renew/context.ts';
import { createRenew } from '../../../functions/renew/create.ts';
import { renew } from '../../../functions/renew/run.ts';
import type { SyncContext } from '../../../functions/sync/context.ts';
import { handleNotification } from '../../../functions/sync/engine.ts';
import { apiAs } from '../../../infra/local/demo/api.ts';
import type { AboutWatch, FeedMessage } from '../../../infra/local/feed.ts';
import { startReceiver } from '../../support/emulator/receiver.ts';
import { startSyncBench } from '../../support/sync-bench.ts';
import { idsOf } from './breakpoints.ts';

/**
 * Sync and renew of one watch in this process, on emulators that are reset for each schedule. Time is that of the Calendar emulator's
 * clock, which tests advance; Firestore's read times are shifted to it.
 */

export const USER = 'ada@example.com';
export const WATCH = 'ada-events';
const EVENTS = `calendars/${USER}/events`;
/** Id of the channel that the first run of renew opens. */
export const CHANNEL = idsOf(0)();
const EVENT = {
  start: { dateTime: '2030-01-01T10:00:00Z', timeZone: 'UTC' },
  end: { dateTime: '2030-01-01T11:00:00Z', timeZone: 'UTC' },
};

interface Posted {
  readonly message: OutgoingMessage;
  readonly publishedAt: number;
}

export type Bench = Awaited<ReturnType<typeof startBench>>;

/** Shifts the times that Firestore returns. */
function onClock(mirror: Mirror, ahead: () => number): Mirror {
  const adopted = new Map<string, number>();
  const shift = (watch: Watch): Watch => {
    const { channel } = watch;
    const since = channel && channel.createdAt + (adopted.get(channel.id) ?? 0);
    return {
      ...watch,
      readTime: watch.readTime + ahead(),
      channel: channel && since !== undefined ? { ...channel, createdAt: since } : channel,
    };
  };
  return {
    ...mirror,
    loadWatch: async (id) => {
      const watch = await mirror.loadWatch(id);
      return watch && shift(watch);
    },
    dueWatches: async (now, limit) =>
      (await mirror.dueWatches(now, limit)).map((due) =>
        due.ok ? { ok: true, watch: shift(due.watch) } : due,
      ),
    adoptChannel: (watch, watchSpec, opened, nextCheckAt) => {
      adopted.set(opened.id, ahead());
      return mirror.adoptChannel(watch, watchSpec, opened, nextCheckAt);
    },
  };
}

export async function startBench(options: { readonly emptyPages?: number } = {}) {
  const receiver = await startReceiver();
  const bench = await startSyncBench(
    {},
    { ...options, channels: { retryBaseMs: 1, deliveryDelayMs: [0, 0] } },
  );
  const { calendar, firestore, projectId } = bench;
  const { clock } = calendar;
  const config = readRenewConfig({
    GOOGLE_CLOUD_PROJECT: projectId,
    CALENDAR_AUTH: 'emulator',
    CALENDAR_API_ROOT_URL: calendar.url,
    CHANNEL_ADDRESS: receiver.url,
    CHANNEL_TOKEN_KEYS: `k1:${Buffer.from('a key for these channels only...').toString('base64')}`,
  });
  const created = createRenew(
    config,
    createLog(() => {}),
    () => false,
  );

  const feed: FeedMessage[] = [];
  const about: AboutWatch[] = [];
  /** The ids of the messages about moments, in the order in which they were published. */
  const moments: string[] = [];
  const inbox: Posted[] = [];
  /** How often renew has checked the watch. */
  let checks = 0;
  let received = 0;
  let ids = idsOf(0);
  const newId = (): string => ids();

  const mirror = onClock(bench.context.mirror, () => clock.now() - Date.now());
  const publishChange: Publish = async (message) => {
    const id = await bench.context.publishChange(message);
    const parsed = parseMessage(message);
    if (!parsed.ok) throw new Error(parsed.problem);
    const { attributes, orderingKey } = message;
    if (parsed.about === 'watch') about.push({ ...parsed.watch, attributes, orderingKey });
    if (parsed.about === 'item') feed.push({ ...parsed.change, attributes, orderingKey });
    return id;
  };
  const publishNotification: Publish = async (message) => {
    const id = await bench.context.publishNotification(message);
    inbox.push({ message, publishedAt: clock.now() });
    return id;
  };
  const published = new Map<string, string>();
  const shared = { mirror, publishNotification, now: () => clock.now(), random: () => 0 };
  const sync: SyncContext = {
    ...bench.context,
    ...shared,
    publishChange,
    publishClock: async ({ attributes: { 'ce-id': id = '' } }) => {
      moments.push(id);
      return id;
    },
    published,
    newId,
    sleep: async (ms) => clock.advance(ms),
  };
  const renewContext: RenewContext = {
    ...created,
    ...shared,
    newId,
    mirror: {
      ...mirror,
      dueWatches: async (now, limit) => {
        const due = await mirror.dueWatches(now, limit);
        checks += due.filter(({ ok }) => ok).length;
        return due;
      },
    },
  };
  const api = apiAs(calendar.url, USER);
  const document = firestore.doc(`watches/${WATCH}`);

  async function deliver({ message, publishedAt }: Posted): Promise<void> {
    const parsed = parseNotification(message.attributes, message.data.toString());
    if (!parsed.ok) throw new Error(`sync would reject a message: ${parsed.problem}`);
    await handleNotification(sync, parsed.notification, publishedAt);
  }

  return {
    calendar,
    firestore,
    clock,
    config,
    api,
    document,
    sync,
    renewContext,
    feed,
    about,
    moments,
    inbox,
    checks: (): number => checks,
    /** Delivers to sync everything that was published, and what sync publishes meanwhile. */
    deliverAll: async (): Promise<number> => {
      let count = 0;
      for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
        await deliver(next);
        count += 1;
      }
      return count;
    },
    renew: (): Promise<Summary> => renew(renewContext),
    /** Sets the calendar's time zone, which an incremental list shows only once an event changes. */
    setTimeZone: (timeZone: string) => api.patch(`calendars/${USER}`, { timeZone }),
    insertEvent: (summary: string, times: object = EVENT) => api.insert(EVENTS, { summary, ...times }),
    moveEvent: (id: string, times: object) => api.patch(`${EVENTS}/${id}`, times),
    /** Returns the pushes since the last call, as receive publishes them. */
    pushes: async (): Promise<readonly OutgoingMessage[]> => {
      await calendar.settle();
      const fresh = receiver.received.slice(received);
      received = receiver.received.length;
      return fresh.map(({ headers }) => {
        const read = readHeaders(headers, clock.now());
        if (!read.ok) throw new Error(`receive would reject a notification: ${read.problem}`);
        const verified = verifyToken(config.CHANNEL_TOKEN_KEYS, read.data.channelId, read.token);
        if (!verified.ok) throw new Error(`receive would reject a token: ${verified.reason}`);
        return pushMessage(verified.watchId, read.data);
      });
    },
    post: (message: OutgoingMessage) => inbox.push({ message, publishedAt: clock.now() }),
    /** Deletes everything, seeds a calendar of three events, and requests a watch of it. */
    reset: async (watchSpec: Readonly<Record<string, unknown>> = {}): Promise<void> => {
      const host = process.env['FIRESTORE_EMULATOR_HOST'] ?? '';
      const wipe = `http://${host}/emulator/v1/projects/${projectId}/databases/(default)/documents`;
      await Promise.all([fetch(wipe, { method: 'DELETE' }), calendar.reset()]);
      published.clear();
      feed.length = 0;
      about.length = 0;
      moments.length = 0;
      inbox.length = 0;
      checks = 0;
      ids = idsOf(0);
      calendar.faults.add({ on: 'notification', effect: { do: 'drop' } });
      const recurrence = ['RRULE:FREQ=WEEKLY;COUNT=2'];
      const events = [
        { summary: 'first', ...EVENT },
        { summary: 'weekly', recurrence, ...EVENT },
        { summary: 'whole day', start: { date: '2030-01-02' }, end: { date: '2030-01-03' } },
      ];
      calendar.seed({ users: [{ email: USER, calendars: [{ id: USER, summary: 'Ada', events }] }] });
      const spec = { user: USER, resource: 'events', calendarId: USER, ...watchSpec };
      await document.set({ spec, nextDueAt: Timestamp.fromMillis(clock.now()) });
    },
    close: async (): Promise<void> => {
      await Promise.all([bench.close(), receiver.close()]);
    },
  };
}
