import { createSecretKey, randomBytes } from 'node:crypto';

import { Timestamp } from '@google-cloud/firestore';

import { createFirestore } from '../../functions/firestore/client.ts';
import { createMirror } from '../../functions/mirror/index.ts';
import type { RenewContext, RenewRun } from '../../functions/renew/context.ts';
import { follow } from '../../functions/renew/follow.ts';
import { createLog } from '../../functions/runtime/log.ts';
import { parseSpec } from '../../functions/watches/spec.ts';
import { createWatchAdmin, type SpecInput } from '../../functions/watches/watch-admin.ts';
import { RULES } from './sample-watch.ts';

export const USER = 'ada@example.com';
/** Id of the watch whose calendar list is followed. */
export const FOLLOWER = 'ada-list';
const LIST = `users/${USER}/calendarList`;
const HOUR = 3_600_000;

export const unused = (): never => {
  throw new Error('following makes no such call');
};

/** Returns the time `ms` ago. */
export const ago = (ms: number): Timestamp => Timestamp.fromMillis(Date.now() - ms);

export const specInput = (calendarId: string, more: object = {}) =>
  ({ user: USER, resource: 'events', calendarId, ...more }) satisfies SpecInput;

/** Returns the parsed spec of a watch on a calendar. */
export function specOf(calendarId: string) {
  const parsed = parseSpec(specInput(calendarId));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

/** Returns the ids of `count` calendars. */
export const names = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, index) => `c${String(from + index).padStart(3, '0')}`);

/** Returns `watched()` of watches on these calendars that the follower manages. */
export const managed = (...calendars: readonly string[]): readonly string[] =>
  calendars.map((each) => `${each} ${FOLLOWER}`);

/** Following on a real Firestore, without the rest of renew. */
export function createFollowedList() {
  const firestore = createFirestore(`demo-${randomBytes(4).toString('hex')}`, '(default)');
  const mirror = createMirror(firestore);
  const follower = firestore.doc(`watches/${FOLLOWER}`);
  const published: unknown[] = [];
  const context: RenewRun = {
    mirror,
    calendar: { list: unused, get: unused, watch: unused, stop: unused },
    publishNotification: async ({ attributes, data }) => {
      published.push({ ...attributes, ...JSON.parse(data.toString()) });
      return 'published';
    },
    auth: 'emulator',
    address: 'https://receive.example.com',
    key: { id: 'k1', secret: createSecretKey(Buffer.from('no channel is opened here')) },
    rules: RULES,
    concurrency: 8,
    budgetMs: 45_000,
    now: Date.now,
    random: () => 0,
    newId: () => 'message',
    isShuttingDown: () => false,
    log: createLog(() => {}),
    summary: { created: 0, renewed: 0, stopped: 0, polled: 0, failed: 0, remaining: 0 },
    isTimeUp: () => false,
    takeCall: () => true,
  };
  let sequence = 0;

  /** Writes the list as sync does, under the next sequence. */
  async function list(calendars: readonly string[], fullAgo = 2 * HOUR): Promise<void> {
    sequence += 1;
    const batch = firestore.batch();
    for (const entry of await firestore.collection(LIST).listDocuments()) batch.delete(entry);
    for (const id of calendars)
      batch.set(firestore.doc(`${LIST}/${id}`), { data: { id, accessRole: 'owner' } });
    const sync = {
      sequence,
      failures: 0,
      startedAt: ago(1000),
      completedAt: ago(0),
      fullStartedAt: ago(fullAgo),
    };
    batch.update(follower, { 'status.sync': sync });
    await batch.commit();
  }

  async function loadFollower() {
    const watch = await mirror.loadWatch(FOLLOWER);
    if (watch === undefined) throw new Error('the follower is gone');
    return watch;
  }

  return {
    firestore,
    mirror,
    admin: createWatchAdmin(firestore),
    follower,
    published,
    context,
    list,
    loadFollower,
    /** Follows the list as a run of renew does. */
    runFollow: async (isTimeUp = (): boolean => false, given: Partial<RenewContext> = {}) =>
      follow({ ...context, ...given, isTimeUp }, await loadFollower()),
    /** Returns all watches but the follower: calendar, removal and follower. */
    watched: async (): Promise<readonly string[]> => {
      const { docs } = await firestore.collection('watches').get();
      return docs
        .filter((each) => each.id !== FOLLOWER)
        .map((each) => {
          const { calendarId, removed } = each.get('spec');
          return [calendarId, removed, each.get('followedBy') ?? 'by hand']
            .filter((part) => part !== undefined)
            .join(' ');
        })
        .toSorted();
    },
    /** Deletes all watches but an active follower, whose list has three calendars. */
    reset: async (): Promise<void> => {
      published.length = 0;
      for (const watch of await firestore.collection('watches').listDocuments()) await watch.delete();
      for (const claim of await firestore.collection('claims').listDocuments()) await claim.delete();
      await follower.set({
        spec: { user: USER, resource: 'calendarList', follow: { role: 'reader' } },
        nextDueAt: ago(0),
        status: { state: 'active', collection: LIST },
      });
      await list(names(3));
    },
  };
}
