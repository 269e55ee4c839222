import { Timestamp } from '@google-cloud/firestore';

import type { Notification } from '../../../functions/feed/notification.ts';
import { renew } from '../../../functions/renew/run.ts';
import type { SyncContext } from '../../../functions/sync/context.ts';
import { handleNotification } from '../../../functions/sync/engine.ts';
import { explore, type Choose, type Explored } from './explore.ts';
import { renewWithBreakpoints, syncWithBreakpoints, idsOf } from './breakpoints.ts';
import { CHANNEL, startBench, WATCH, type Bench } from './bench.ts';
import { expectSettled, type Settling, type UserEdit } from './settle.ts';
import { interleave, type Effect } from './interleave.ts';

/** Two actors that work on one watch at the same time. */

/** An actor calls `record` when it edits the watch document as a user. */
export interface Actor {
  readonly name: string;
  readonly act: (bench: Bench, effect: Effect, record: (edit: UserEdit) => void) => Promise<unknown>;
}

export interface Race {
  /** Prepares the state in which the actors begin. */
  readonly before: (bench: Bench) => Promise<void>;
  readonly actors: readonly [Actor, Actor];
  /** Runs when both are done, before everything settles. */
  readonly after?: (bench: Bench) => void;
  readonly settling?: Partial<Settling>;
  /** Checks what is special about this race, once everything has settled. */
  readonly expectAtLast?: (bench: Bench) => void;
  /** Bounds the interruptions, where there are too many schedules to run them all every time. */
  readonly interruptions?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** After this long a poll is due. */
export const POLL_DUE_MS = 6 * HOUR;
/** After this long a new channel is due. */
export const RENEWAL_DUE_MS = 6 * 24 * HOUR + MINUTE;
/** After this long a channel that no watch has any more is found and stopped. Polls in between have nothing to do with it. */
export const STRAYS_STOPPED = { forMs: 25 * HOUR, stepMs: 24 * HOUR } as const;
/** Explores more: `INTERRUPTIONS=2 npx vitest run test/reliability/interleavings`. */
const INTERRUPTIONS = Number(process.env['INTERRUPTIONS'] ?? 0);
export const TIMEOUT_MS = 1_800_000;
/** Follow-ups come within two minutes, so all of them within this. */
const FOLLOW_UPS_MS = 10 * MINUTE;

export const poll: Notification = { reason: 'poll', watchId: WATCH };
export const push: Notification = {
  reason: 'push',
  watchId: WATCH,
  channelId: CHANNEL,
  resourceState: 'exists',
};

/** Adds the resource id to a push: sync stores it for a stray channel, and renew needs it to stop the channel. */
const withResourceId = (bench: Bench, notification: Notification): Notification => {
  const resourceId = bench.calendar.channels.find(CHANNEL)?.resourceId;
  return notification.reason === 'push' && resourceId !== undefined
    ? { ...notification, resourceId }
    : notification;
};

/** Each actor is a process of its own, which knows nothing of what another has published. */
const ownProcess = (number: number): Pick<SyncContext, 'newId' | 'published'> => ({
  newId: idsOf(number),
  published: new Map(),
});

/** Sync of a notification that was published 5 s ago. */
export const sync = (notification: Notification, settings: Partial<SyncContext> = {}): Actor => ({
  name: 'sync',
  act: (bench, effect) => {
    const context = { ...bench.sync, ...ownProcess(1), ...settings };
    const about = withResourceId(bench, notification);
    return handleNotification(syncWithBreakpoints(effect, context), about, bench.clock.now() - 5000);
  },
});

/** An edit of the calendar, and sync of its notification. */
export const editAndSync = (notification: Notification, settings: Partial<SyncContext> = {}): Actor => ({
  name: 'edit and sync',
  act: async (bench, effect) => {
    const context = { ...bench.sync, ...ownProcess(2), ...settings };
    const about = withResourceId(bench, notification);
    const publishedAt = await effect('edit', { writes: ['calendar', 'clock'] }, async () => {
      await bench.insertEvent('edit');
      const now = bench.clock.now();
      // From now on a sync may count as started after the notification.
      bench.clock.advance(2000);
      return now;
    });
    return handleNotification(syncWithBreakpoints(effect, context), about, publishedAt);
  },
});

/** A change of the calendar's time zone, which causes no notification, and sync of another notification. */
export const setTimeZoneAndSync = (notification: Notification): Actor => ({
  name: 'set time zone and sync',
  act: async (bench, effect, record) => {
    await effect('set the time zone', { writes: ['calendar'] }, () => bench.setTimeZone('Asia/Tokyo'));
    return sync(notification, { newId: idsOf(2) }).act(bench, effect, record);
  },
});

/** One run of renew; `number` tells two of them apart. */
export const renewRun = (number = 3): Actor => ({
  name: `renew ${String(number)}`,
  act: (bench, effect) =>
    renew(renewWithBreakpoints(effect, { ...bench.renewContext, newId: idsOf(number) })),
});

/** A user who updates fields of the watch document. */
export const updateDocument = (fieldsOf: (bench: Bench) => Readonly<Record<string, unknown>>): Actor => ({
  name: 'user',
  act: (bench, effect, record) =>
    effect('update the watch', { writes: ['watch'] }, async () => {
      const fields = fieldsOf(bench);
      await bench.document.update(fields);
      const { nextDueAt, ...lasting } = fields;
      record({ checks: bench.checks(), requestsCheck: nextDueAt !== undefined, fields: lasting });
    }),
});

/** A user who sets the watch document without `merge`, which drops its status, or deletes it first. */
export const overwriteDocument = (deleted?: 'deleted first'): Actor => ({
  name: 'user',
  act: async (bench, effect, record) => {
    let spec: unknown;
    const readSpec = async (): Promise<unknown> => (await bench.document.get()).get('spec');
    if (deleted) {
      await effect('delete the watch', { writes: ['watch'] }, async () => {
        spec = await readSpec();
        await bench.document.delete();
      });
    }
    await effect('overwrite the watch', { writes: ['watch'] }, async () => {
      spec ??= await readSpec();
      await bench.document.set({ spec, nextDueAt: Timestamp.fromMillis(bench.clock.now()) });
      record({ checks: bench.checks(), requestsCheck: true, fields: {} });
    });
  },
});

/** Runs one schedule of a race, from a new watch until everything has settled. */
async function run(bench: Bench, race: Race, choose: Choose): Promise<void> {
  let edit: UserEdit | undefined;
  await bench.reset();
  await race.before(bench);
  const actors = race.actors.map(
    ({ name, act }) => [name, (effect: Effect) => act(bench, effect, (made) => (edit = made))] as const,
  );
  await interleave(Object.fromEntries(actors), choose);
  race.after?.(bench);
  await expectSettled(bench, edit, { forMs: FOLLOW_UPS_MS, followUp: false, ...race.settling });
  race.expectAtLast?.(bench);
}

/**
 * Runs a race in every order of effects that can make a difference, and prints how many there are.
 * @throws Error with the order of effects in which something was lost.
 */
export async function exploreRace(benches: readonly Bench[], name: string, race: Race): Promise<Explored> {
  const { interruptions } = race;
  const bound = interruptions === undefined ? undefined : Math.max(interruptions, INTERRUPTIONS);
  const explored = await explore(
    benches.map((bench) => (choose: Choose) => run(bench, race, choose)),
    bound,
  );
  const { schedules, redundant, left, longest } = explored;
  const orders = bound === undefined ? 'all' : `those with up to ${String(bound)} interruptions`;
  process.stdout.write(
    `${name}: ${String(schedules)} schedules (${orders}) of up to ${String(longest)} effects, ` +
      `${String(redundant)} redundant prefixes, ${String(left)} prefixes beyond the bound\n`,
  );
  return explored;
}

/** Starts benches, on which schedules run in parallel: each mostly waits for an emulator. */
export const startBenches = (options: { readonly emptyPages?: number } = {}): Promise<readonly Bench[]> =>
  Promise.all([1, 2, 3, 4].map(() => startBench(options)));

export const closeBenches = async (benches: readonly Bench[]): Promise<void> => {
  await Promise.all(benches.map((bench) => bench.close()));
};

/** Prepares an active watch that has synced, and lets `ms` pass. */
export const idleFor =
  (ms: number) =>
  async (bench: Bench): Promise<void> => {
    await bench.renew();
    await bench.deliverAll();
    bench.clock.advance(ms);
  };

/** The same, with an edit of the calendar before the time passes. */
export const editedFor =
  (ms: number) =>
  async (bench: Bench): Promise<void> => {
    await idleFor(0)(bench);
    await bench.insertEvent('second');
    bench.clock.advance(ms);
  };

/** Prepares a watch that has never been checked. */
export const newWatch = (): Promise<void> => Promise.resolve();
