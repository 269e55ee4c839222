import type { Notification } from '../../../functions/feed/notification.ts';
import { renew } from '../../../functions/renew/run.ts';
import type { SyncContext } from '../../../functions/sync/context.ts';
import { handleNotification } from '../../../functions/sync/engine.ts';
import { explore, type Choose, type Explored } from './explore.ts';
import { gatedRenew, gatedSync, idsOf } from './gates.ts';
import { CHANNEL, startLane, WATCH, type Lane } from './lane.ts';
import { expectRest, type Aftermath, type PersonsEdit } from './rest.ts';
import { direct, type Effect } from './stage.ts';

/** Two that are at one watch at the same time. */

/** One of them. A person's edit is recorded where it is made. */
interface Party {
  readonly name: string;
  readonly act: (lane: Lane, effect: Effect, record: (edit: PersonsEdit) => void) => Promise<unknown>;
}

export interface Pair {
  /** Makes what there is before they begin. */
  readonly before: (lane: Lane) => Promise<void>;
  readonly parties: readonly [Party, Party];
  /** Makes an end of what stood in the way of one of them. */
  readonly after?: (lane: Lane) => void;
  readonly aftermath?: Partial<Aftermath>;
  /** Where there are too many schedules to run each of them every time: how often one of these may interrupt somebody. */
  readonly interruptions?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Long enough for a poll to be due. */
export const POLL_DUE_MS = 6 * HOUR;
/** Long enough for a new channel to be due. */
export const RENEWAL_DUE_MS = 6 * 24 * HOUR + MINUTE;
/** More interruptions for a longer look: `INTERRUPTIONS=2 npx vitest run test/integration/interleavings`. */
const INTERRUPTIONS = Number(process.env['INTERRUPTIONS'] ?? 0);
/** For a machine that is busy with other things as well. */
export const PATIENCE_MS = 1_800_000;
/** Follow-ups come within two minutes. */
const FOLLOW_UPS_MS = 10 * MINUTE;

export const poll: Notification = { reason: 'poll', watchId: WATCH };
export const push: Notification = {
  reason: 'push',
  watchId: WATCH,
  channelId: CHANNEL,
  resourceState: 'exists',
};

/** A push names the resource as well: what sync keeps of a stray channel is what renew stops it with. */
const named = (lane: Lane, notification: Notification): Notification => {
  const resourceId = lane.calendar.channels.find(CHANNEL)?.resourceId;
  return notification.reason === 'push' && resourceId !== undefined
    ? { ...notification, resourceId }
    : notification;
};

/** Sync with a notification that was published a while ago. */
export const sync = (notification: Notification, settings: Partial<SyncContext> = {}): Party => ({
  name: 'sync',
  act: (lane, effect) => {
    const context = { ...lane.sync, newId: idsOf(1), ...settings };
    const about = named(lane, notification);
    return handleNotification(gatedSync(effect, context), about, lane.clock.now() - 5000);
  },
});

/** An edit of the calendar, and sync with the notification of it. */
export const editAndSync = (notification: Notification, settings: Partial<SyncContext> = {}): Party => ({
  name: 'edit and sync',
  act: async (lane, effect) => {
    const context = { ...lane.sync, newId: idsOf(2), ...settings };
    const about = named(lane, notification);
    const publishedAt = await effect('edit', { writes: ['calendar', 'clock'] }, async () => {
      await lane.insertEvent('edit');
      const now = lane.clock.now();
      // From now on a sync may find that it has covered this edit.
      lane.clock.advance(2000);
      return now;
    });
    return handleNotification(gatedSync(effect, context), about, publishedAt);
  },
});

/** One run of renew. Two of them are told apart by `number`. */
export const renewal = (number = 3): Party => ({
  name: `renew ${String(number)}`,
  act: (lane, effect) => renew(gatedRenew(effect, { ...lane.renewal, newId: idsOf(number) })),
});

/** A person who changes fields of the watch document. */
export const person = (fieldsOf: (lane: Lane) => Readonly<Record<string, unknown>>): Party => ({
  name: 'person',
  act: (lane, effect, record) =>
    effect('edit the watch', { writes: ['watch'] }, async () => {
      const fields = fieldsOf(lane);
      await lane.document.update(fields);
      const { nextDueAt, ...lasting } = fields;
      record({ looks: lane.looks.length, asksForLook: nextDueAt !== undefined, fields: lasting });
    }),
});

/** Runs a pair once: from a new watch, in the order that `choose` says, until everything is at rest. */
async function run(lane: Lane, pair: Pair, choose: Choose): Promise<void> {
  let edit: PersonsEdit | undefined;
  await lane.begin();
  await pair.before(lane);
  const actors = pair.parties.map(
    ({ name, act }) => [name, (effect: Effect) => act(lane, effect, (made) => (edit = made))] as const,
  );
  await direct(Object.fromEntries(actors), choose);
  pair.after?.(lane);
  await expectRest(lane, edit, { forMs: FOLLOW_UPS_MS, followUp: false, ...pair.aftermath });
}

/**
 * Runs a pair in every order of effects that can make a difference, and prints in how many.
 * @throws Error with the order in which something was lost.
 */
export async function exploreOn(lanes: readonly Lane[], name: string, pair: Pair): Promise<Explored> {
  const { interruptions } = pair;
  const bound = interruptions === undefined ? undefined : Math.max(interruptions, INTERRUPTIONS);
  const explored = await explore(
    lanes.map((lane) => (choose: Choose) => run(lane, pair, choose)),
    bound,
  );
  const { schedules, redundant, left, longest } = explored;
  const orders = bound === undefined ? 'all' : `those with up to ${String(bound)} interruptions`;
  process.stdout.write(
    `${name}: ${String(schedules)} schedules (${orders}) of up to ${String(longest)} effects, ` +
      `${String(redundant)} more given up half-way, ${String(left)} beginnings left out\n`,
  );
  return explored;
}

/** Starts lanes for a test file: schedules run side by side, since each mostly waits for an emulator. */
export const startLanes = (options: { readonly emptyPages?: number } = {}): Promise<readonly Lane[]> =>
  Promise.all([1, 2, 3, 4].map(() => startLane(options)));

export const closeLanes = async (lanes: readonly Lane[]): Promise<void> => {
  await Promise.all(lanes.map((lane) => lane.close()));
};

/** An active watch that is synced, and so much time (ms). */
export const idleFor =
  (ms: number) =>
  async (lane: Lane): Promise<void> => {
    await lane.renew();
    await lane.deliverAll();
    lane.clock.advance(ms);
  };

/** The same, and an edit meanwhile. */
export const editedFor =
  (ms: number) =>
  async (lane: Lane): Promise<void> => {
    await idleFor(0)(lane);
    await lane.insertEvent('second');
    lane.clock.advance(ms);
  };

/** A watch that nobody has looked at yet. */
export const newWatch = (): Promise<void> => Promise.resolve();
