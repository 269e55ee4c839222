/** A cloud as end-to-end tests use it: one for a whole file, with a user for each test. */
import { randomUUID } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import * as z from 'zod';
import { requestMessage } from '../../functions/feed/notification.ts';
import { itemPath, collectionPath } from '../../functions/mirror/ids.ts';
import type { Channel } from '../../infra/local/calendar/channels.ts';
import type { FaultRule } from '../../infra/local/calendar/fault-rules.ts';
import type { RequestEntry } from '../../infra/local/calendar/journal.ts';
import type { CloudOptions } from '../../infra/local/cloud.ts';
import { apiAs, type Api } from '../../infra/local/demo/api.ts';
import type { FeedMessage } from '../../infra/local/feed.ts';
import type { LogEntry } from '../../infra/local/function.ts';
import { NAMES } from '../../infra/local/topics.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { eventually, startTestCloud, type TestCloud } from './cloud.ts';

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
  /** An address that no other test has. */
  newUser(name?: string): string;
  as(user: string): Api;
  /** Changes a setting by the emulator's control route: the API has no method for that. */
  setSetting(user: string, id: string, value: string): Promise<void>;
  /** What the functions wrote about a watch. */
  status(watch: string): Promise<Status>;
  /** Makes watches due, as a person would, and runs renew. */
  renewNow(...watches: readonly string[]): Promise<Awaited<ReturnType<TestCloud['renew']>>>;
  /** Every change of a watch once, by its number. */
  history(watch: string): FeedMessage[];
  /** A mirrored document as it stands in Firestore. */
  document(spec: WatchSpec, itemId: string): Promise<z.infer<typeof Mirrored>>;
  /** Asks sync to look at a watch, by a message of its own among the watch's notifications. */
  look(watch: string): Promise<void>;
  /** Waits until sync has processed every notification that is under way for a watch. */
  processed(watch: string): Promise<void>;
  /** Delivers a notification to sync out of turn, as Pub/Sub may where an acknowledgement comes too late. */
  pushNow(watch: string, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** The functions' own calls for a user; a test's have no `quotaUser`. */
  calls(user: string): RequestEntry[];
  /** A user's channels on which notifications can be expected. */
  live(user: string): Channel[];
  /** Puts a fault in force; what is handed back takes it out of force at the end of its scope. */
  fault(rule: FaultRule): Disposable;
  /** Loses all notifications of changes to what a user watches. */
  losingNotifications(user: string): Disposable;
}

const SETTLE_MS = 40_000;

/** Starts a cloud for a test file. */
export async function startPipeline(options: CloudOptions = {}): Promise<Pipeline> {
  const cloud = await startTestCloud(options);
  const { calendar, firestore, pubsub } = cloud;
  const logs: LogEntry[] = [];
  cloud.onLog((entry) => logs.push(entry));
  let users = 0;

  const looks = (watch: string): number =>
    logs.filter(({ fields }) => fields['watch'] === watch && fields['reason'] === 'manual').length;
  const look = async (watch: string): Promise<void> => {
    await pubsub.topic(NAMES.notifications, { messageOrdering: true }).publishMessage(lookMessage(watch));
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
    renewNow: async (...watches) => {
      const due = Timestamp.fromMillis(Date.now() - 1);
      await Promise.all(watches.map((id) => firestore.doc(`watches/${id}`).update({ nextDueAt: due })));
      return cloud.renew();
    },
    history: (watch) => {
      const byNumber = new Map(cloud.changes(watch).map((message) => [message.sequence, message]));
      return [...byNumber.values()].toSorted((a, b) => a.sequence - b.sequence);
    },
    document: async (spec, itemId) => {
      const snapshot = await firestore.doc(itemPath(collectionOf(spec), itemId)).get();
      return Mirrored.parse(snapshot.data());
    },
    look,
    processed: async (watch) => {
      await calendar.settle();
      const before = looks(watch);
      // It has the watch's ordering key, and so comes last.
      await look(watch);
      await eventually(() => {
        if (looks(watch) === before)
          throw new Error(`sync has not come to the last notification of ${watch}`);
      }, SETTLE_MS);
    },
    pushNow: async (watch, headers = {}) => {
      const { attributes, data } = lookMessage(watch);
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

/** A message that asks sync to look at a watch. */
const lookMessage = (watchId: string) =>
  requestMessage({ reason: 'manual', watchId, full: false }, randomUUID(), new Date().toISOString());

/** The path of the collection that a wish is mirrored in. */
export const collectionOf = ({ user, resource, calendarId }: WatchSpec): string =>
  collectionPath({ user, resource, calendarId: calendarId ?? null });
