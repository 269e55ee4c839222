/** A cloud for end-to-end tests: one per test file, with a user for each test. */
import { randomUUID } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import * as z from 'zod';
import { requestMessage } from '../../functions/feed/notification.ts';
import { itemPath, collectionPath } from '../../functions/firestore/paths.ts';
import type { Channel } from '../../infra/emulator/channels/channels.ts';
import type { FaultRule } from '../../infra/emulator/faults/fault-rules.ts';
import type { RequestEntry } from '../../infra/emulator/journal/journal.ts';
import type { CloudOptions } from '../../infra/local/cloud.ts';
import { apiAs, type Api } from '../../infra/local/demo/api.ts';
import type { FeedMessage } from '../../infra/local/feed.ts';
import type { LogEntry } from '../../infra/local/function.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { until } from '../../infra/local/until.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

const Status = z.looseObject({
  state: z.string(),
  reason: z.string().optional(),
  channel: z.looseObject({ id: z.string() }).optional(),
  sync: z.looseObject({ sequence: z.number(), token: z.string().optional() }).optional(),
});
type Status = z.infer<typeof Status>;

const Mirrored = z.looseObject({ sequence: z.number(), mirroredAt: z.instanceof(Timestamp) });

export interface Pipeline extends TestCloud {
  /** Everything that the functions have logged. */
  readonly logs: readonly LogEntry[];
  /** Returns an address that no other test has. */
  newUser(name?: string): string;
  as(user: string): Api;
  /** Changes a setting by the emulator's control route, as the API has no method for it. */
  setSetting(user: string, id: string, value: string): Promise<void>;
  /** Returns the status of a watch. */
  status(watch: string): Promise<Status>;
  /** Makes watches due, as users do, and runs renew. */
  renewNow(...watches: readonly string[]): Promise<Awaited<ReturnType<TestCloud['renew']>>>;
  /** Makes watches due whose channels seem to expire within the hour, and runs renew, which replaces each channel. */
  replaceNow(...watches: readonly string[]): Promise<Awaited<ReturnType<TestCloud['renew']>>>;
  /** Returns every change of a watch once, by sequence. */
  history(watch: string): FeedMessage[];
  /** Returns the document of a mirrored item. */
  document(spec: WatchSpec, itemId: string): Promise<z.infer<typeof Mirrored>>;
  /** Requests a sync of a watch, by a message of its own among the watch's notifications. */
  requestSync(watch: string): Promise<void>;
  /** Waits until sync has processed every notification that is under way for a watch. */
  processed(watch: string): Promise<void>;
  /** Delivers a notification to sync again, as Pub/Sub may when an acknowledgement comes too late. */
  pushNow(watch: string, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Returns the functions' calls for a user. Calls of tests have no `quotaUser`. */
  calls(user: string): RequestEntry[];
  /** Returns a user's channels that still send notifications. */
  live(user: string): Channel[];
  /** Adds a fault; dispose the result to remove it. */
  fault(rule: FaultRule): Disposable;
  /** Drops all notifications to a user. */
  losingNotifications(user: string): Disposable;
}

const SETTLE_MS = 60_000;

/** Starts a cloud for a test file. */
export async function startPipeline(options: CloudOptions = {}): Promise<Pipeline> {
  const cloud = await startTestCloud(options);
  const { calendar, firestore, pubsub } = cloud;
  const logs: LogEntry[] = [];
  cloud.onLog((entry) => logs.push(entry));
  let users = 0;

  const manualSyncs = (watch: string): number =>
    logs.filter(({ fields }) => fields['watch'] === watch && fields['reason'] === 'manual').length;
  const requestSync = async (watch: string): Promise<void> => {
    await pubsub.topic(NAMES.notifications, { messageOrdering: true }).publishMessage(syncRequest(watch));
  };
  const renewNow: Pipeline['renewNow'] = async (...watches) => {
    const due = Timestamp.fromMillis(Date.now() - 1);
    await Promise.all(watches.map((id) => firestore.doc(`watches/${id}`).update({ nextDueAt: due })));
    return cloud.renew();
  };
  const fault = (rule: FaultRule): Disposable => {
    const id = calendar.faults.add(rule);
    return { [Symbol.dispose]: () => calendar.faults.remove(id) };
  };

  return {
    ...cloud,
    logs,
    newUser: (name = 'ada') => `${name}-${(users += 1)}@example.com`,
    as: (user) => apiAs(calendar.url, user),
    setSetting: async (user, id, value) => {
      const answer = await fetch(`${calendar.url}/emulator/settings`, {
        method: 'POST',
        body: JSON.stringify({ user, id, value }),
      });
      if (!answer.ok) throw new Error(`the setting was not changed: ${await answer.text()}`);
    },
    status: async (watch) => {
      const snapshot = await firestore.doc(`watches/${watch}`).get();
      return Status.parse(snapshot.get('status') ?? { state: 'new' });
    },
    renewNow,
    replaceNow: async (...watches) => {
      const ends = Timestamp.fromMillis(Date.now() + 3_600_000);
      await Promise.all(
        watches.map((id) =>
          firestore.runTransaction(async (transaction) => {
            const watch = await transaction.get(firestore.doc(`watches/${id}`));
            const channel: unknown = watch.get('status.channel');
            if (channel !== undefined) transaction.update(watch.ref, { 'status.channel.expiresAt': ends });
          }),
        ),
      );
      return renewNow(...watches);
    },
    history: (watch) => {
      const byNumber = new Map(cloud.changes(watch).map((message) => [message.sequence, message]));
      return [...byNumber.values()].toSorted((a, b) => a.sequence - b.sequence);
    },
    document: async (spec, itemId) => {
      const snapshot = await firestore.doc(itemPath(collectionOf(spec), itemId)).get();
      return Mirrored.parse(snapshot.data());
    },
    requestSync,
    processed: async (watch) => {
      await calendar.settle();
      const before = manualSyncs(watch);
      // It has the watch's ordering key, and so comes last.
      await requestSync(watch);
      await until(() => manualSyncs(watch) > before, {
        what: `the notifications of ${watch} are processed`,
        withinMs: SETTLE_MS,
      });
    },
    pushNow: async (watch, headers = {}) => {
      const { attributes, data } = syncRequest(watch);
      const message = {
        attributes,
        data: data.toString('base64'),
        messageId: randomUUID(),
        publishTime: new Date().toISOString(),
      };
      const answer = await fetch(`${cloud.urls.sync}/projects/p/topics/${NAMES.notifications}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ message, subscription: 'projects/p/subscriptions/calendar-sync' }),
      });
      await answer.arrayBuffer();
    },
    calls: (user) =>
      calendar.journal.requests({ user }).filter(({ query }) => query['quotaUser'] !== undefined),
    live: (user) => calendar.channels.list({ user }).filter(({ state }) => state === 'live'),
    fault,
    losingNotifications: (user) =>
      fault({ on: 'notification', match: { user, state: 'exists' }, effect: { do: 'drop' } }),
  };
}

/** Returns a message that requests a sync of a watch. */
const syncRequest = (watchId: string) =>
  requestMessage({ reason: 'manual', watchId, full: false }, randomUUID(), new Date().toISOString());

/** Returns the path of the collection in which a spec is mirrored. */
export const collectionOf = ({ user, resource, calendarId }: WatchSpec): string =>
  collectionPath({ user, resource, calendarId: calendarId ?? null });
