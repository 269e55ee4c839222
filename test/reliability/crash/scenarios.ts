import { Timestamp } from '@google-cloud/firestore';
import { expect } from 'vitest';
import type { CloudOptions } from '../../../infra/local/cloud.ts';
import type { FunctionName } from '../../../infra/local/function.ts';
import { eventually } from '../../support/eventually.ts';
import type { Pipeline } from '../../support/pipeline.ts';
import type { CrashCloud } from './moments.ts';
import {
  ALL_DAY,
  editedUnnoticed,
  editedUntold,
  EVENTS,
  movedUnnoticed,
  PATIENCE_MS,
  specOf,
  takeOver,
  watched,
  watchSpec,
  claimedTwice,
} from './stages.ts';

/** The work that is under way when a process dies. */
export interface Scenario {
  readonly name: string;
  /** The functions that are killed, each at every effect that it has here. */
  readonly dying: readonly FunctionName[];
  readonly env?: CloudOptions['env'];
  /** Prepares a user's calendar and watch. */
  readonly prepare: (cloud: CrashCloud, user: string) => Promise<string>;
  /** Starts the work. Resolves when nothing remains but what `lastWords` announces. */
  readonly begin: (cloud: CrashCloud, watch: string, user: string) => Promise<unknown>;
  /** What sync logs when its work is done; without it, the work ends with `begin`. */
  readonly lastWords?: string;
  /** The final state: watched with a channel, polled without, paused as another watch has its collection, or removed with this many items left. */
  readonly ends: 'watched' | 'polling' | 'paused' | { readonly removedWith: number };
  /** Further checks of the final state. */
  readonly holds?: (cloud: CrashCloud, watch: string, user: string) => Promise<void>;
}

const requestSync = (cloud: Pipeline, watch: string): Promise<void> => cloud.requestSync(watch);

const remove =
  (how: 'keep' | 'purge') =>
  async (cloud: Pipeline, watch: string, user: string): Promise<unknown> => {
    await cloud.watch(watch, { ...specOf(user), removed: how });
    return cloud.renew();
  };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'the first full sync',
    dying: ['sync'],
    prepare: watchSpec,
    begin: requestSync,
    lastWords: 'synced',
    ends: 'watched',
  },
  {
    name: 'an incremental sync',
    dying: ['sync'],
    prepare: editedUnnoticed,
    begin: requestSync,
    lastWords: 'synced',
    ends: 'watched',
  },
  {
    name: 'a sync that many invocations continue',
    dying: ['sync'],
    env: { sync: { SYNC_DEADLINE_SECONDS: '0' } },
    prepare: editedUnnoticed,
    begin: requestSync,
    lastWords: 'synced',
    ends: 'watched',
  },
  {
    name: 'a full sync after an invalid sync token, and its sweep',
    dying: ['sync'],
    prepare: async (cloud, user) => {
      const watch = await editedUnnoticed(cloud, user);
      cloud.calendar.store.expireSyncTokens({ resource: 'events', calendarId: user });
      return watch;
    },
    begin: requestSync,
    lastWords: 'synced',
    ends: 'watched',
  },
  {
    name: 'a sync of an overwritten watch',
    dying: ['sync'],
    prepare: async (cloud, user) => {
      const watch = await editedUnnoticed(cloud, user);
      const document = cloud.firestore.doc(`watches/${watch}`);
      await document.set({ spec: specOf(user), nextDueAt: Timestamp.now() });
      return watch;
    },
    begin: requestSync,
    lastWords: 'synced',
    ends: 'watched',
  },
  {
    name: 'a change of time zone',
    dying: ['sync'],
    env: { sync: { SYNC_DEADLINE_SECONDS: '0' } },
    prepare: movedUnnoticed,
    begin: requestSync,
    lastWords: 'synced',
    ends: 'watched',
    holds: async (cloud, watch, user) => {
      const wholeDay = await cloud.firestore.doc(`users/${user}/calendars/${user}/events/${ALL_DAY}`).get();
      expect(wholeDay.get('startsAt')).toEqual(Timestamp.fromDate(new Date('2029-12-31T15:00:00Z')));
      expect(cloud.history(watch).filter(({ itemId }) => itemId === ALL_DAY)).toHaveLength(1);
    },
  },
  {
    name: 'a reconciliation',
    dying: ['sync'],
    prepare: editedUntold,
    begin: (cloud, watch) => cloud.renewNow(watch),
    lastWords: 'reconciliation found changes',
    ends: 'watched',
    // Changes that only a reconciliation finds do not count against the channel.
    holds: async (cloud, _, user) => expect(cloud.calendar.channels.list({ user })).toHaveLength(1),
  },
  {
    name: 'a takeover by another watch',
    dying: ['renew', 'sync'],
    prepare: claimedTwice,
    begin: takeOver,
    lastWords: 'synced',
    ends: 'watched',
    holds: async (cloud, watch) => {
      const numbers = cloud.history(watch).map(({ sequence }) => sequence);
      expect(Math.min(...numbers)).toBe(1_000_000_001);
    },
  },
  {
    name: 'the first channel',
    dying: ['renew'],
    prepare: watchSpec,
    begin: (cloud) => cloud.renew(),
    ends: 'watched',
  },
  {
    name: 'a renewal',
    dying: ['renew'],
    prepare: watched,
    begin: (cloud, watch) => cloud.replaceNow(watch),
    ends: 'watched',
  },
  {
    name: 'a watch call that Google rejects',
    dying: ['renew', 'sync'],
    prepare: async (cloud, user) => {
      const match = { method: 'calendar.events.watch', user };
      cloud.fault({ on: 'request', match, effect: { do: 'fail', status: 400, reason: 'pushNotSupported' } });
      return watchSpec(cloud, user);
    },
    begin: (cloud) => cloud.renew(),
    lastWords: 'synced',
    ends: 'polling',
  },
  {
    name: 'a claim of a collection that is taken',
    dying: ['renew', 'sync'],
    prepare: claimedTwice,
    begin: async (cloud, watch) => {
      const before = cloud.logs.length;
      await cloud.renewNow(watch);
      // Renew logs the same. Sync does so last: after it has published the message, recorded that, and tried the claim again.
      const isOver = (): boolean =>
        cloud.logs
          .slice(before)
          .some(
            ({ function: by, message, fields }) =>
              by === 'sync' && message === 'watch paused' && fields['watch'] === watch,
          );
      await eventually(() => expect(isOver()).toBe(true), PATIENCE_MS);
    },
    ends: 'paused',
  },
  {
    name: 'a stop',
    dying: ['renew', 'sync'],
    prepare: watched,
    begin: remove('keep'),
    lastWords: 'watch removed',
    ends: { removedWith: EVENTS.length },
  },
  {
    name: 'a removal with a purge',
    dying: ['renew', 'sync'],
    prepare: watched,
    begin: remove('purge'),
    lastWords: 'synced',
    ends: { removedWith: 0 },
  },
];
