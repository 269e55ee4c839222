import type { CalendarClient } from '../../../functions/calendar/client.ts';
import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import type { Publish } from '../../../functions/feed/envelope.ts';
import { begunEpoch, positionOf } from '../../../functions/watches/epochs.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';
import type { RenewContext } from '../../../functions/renew/context.ts';
import type { SyncContext } from '../../../functions/sync/context.ts';
import type { Effect } from './interleave.ts';
import type { Footprint } from './steps.ts';

/**
 * The contexts of sync and renew with a breakpoint before every effect, and the footprint of each effect. There is one watch, so it is not
 * named. Too large a footprint costs schedules; too small a one would hide some.
 */

type Table<T> = {
  readonly [Method in keyof T]: T[Method] extends (...given: infer Given) => unknown
    ? (...given: Given) => Footprint
    : never;
};

/** A load returns Firestore's read time as well, which becomes the start of a sync. */
const readsWatch = (): Footprint => ({ reads: ['watch', 'clock'] });
const writesWatch = (): Footprint => ({ writes: ['watch'] });
const readsItems = (): Footprint => ({ reads: ['items'] });
/** Also changes what the query for due channels returns. */
const writesChannel = (id: string): Footprint => ({ writes: [`channels/${id}`, 'due'] });

const MIRROR: Table<Mirror> = {
  loadWatch: readsWatch,
  dueWatches: readsWatch,
  applyReconcileResult: (_, { to }) => ({ writes: ['watch', ...(to ? ['outbox'] : [])] }),
  noteDeadLetter: writesWatch,
  postpone: writesWatch,
  usedEpoch: () => ({ reads: ['epoch'] }),
  raiseEpoch: writesWatch,
  claim: () => ({ writes: ['watch', 'claim', 'outbox'] }),
  commit: ({ writes = [], changes = [], seen, transition, items }) => ({
    writes: [
      'watch',
      ...(writes.length > 0 ? ['items'] : []),
      ...(changes[0] ? [`outbox/${positionOf(changes[0].sequence)}`] : []),
      ...(transition || items !== undefined ? ['outbox'] : []),
      ...(seen ? ['seen'] : []),
      ...(begunEpoch(changes) === undefined ? [] : ['epoch']),
    ],
  }),
  listCalendars: readsItems,
  listFollowed: readsWatch,
  writeFollowed: writesWatch,
  removeFollowed: writesWatch,
  noteFollowing: writesWatch,
  readItems: readsItems,
  readAtOnce: readsItems,
  exceptionsOf: readsItems,
  isEmpty: readsItems,
  countItems: readsItems,
  listIds: readsItems,
  readOutbox: () => ({ reads: ['outbox'] }),
  deleteOutboxEntry: (_, id) => ({ writes: [`outbox/${id}`] }),
  readSeen: () => ({ reads: ['seen'] }),
  deleteSeen: () => ({ reads: ['watch'], writes: ['seen'] }),
  repairUndue: writesWatch,
  deletedWithRemains: () => ({ reads: ['watch', 'outbox', 'seen'] }),
  // A new channel is due after minutes only; until then no query returns it.
  intendChannel: ({ id }) => ({ writes: [`channels/${id}`] }),
  adoptChannel: () => ({ writes: ['watch', 'channels', 'due', 'outbox'] }),
  loadChannel: (id) => ({ reads: [`channels/${id}`] }),
  dueChannels: () => ({ reads: ['due', 'clock'] }),
  rescheduleChannel: writesChannel,
  forgetChannel: writesChannel,
  noteStrayChannel: writesChannel,
};

const CALENDAR: Table<CalendarClient> = {
  list: () => ({ reads: ['calendar'] }),
  get: () => ({ reads: ['calendar'] }),
  watch: (_as, _target, _parameters, { channelId }) => ({ writes: [`google/${channelId}`] }),
  stop: (_as, _target, channelId) => ({ writes: [`google/${channelId}`] }),
};

/** Returns an object whose methods are effects. */
function withBreakpoints<T extends object>(effect: Effect, object: T, table: Table<T>): T {
  return new Proxy(object, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      const touches: unknown = Reflect.get(table, name);
      if (typeof method !== 'function' || typeof touches !== 'function') return method;
      return (...given: unknown[]) => {
        const footprint: Footprint = Reflect.apply(touches, undefined, given);
        return effect(String(name), footprint, async () => Reflect.apply(method, target, given));
      };
    },
  });
}

const publishWithBreakpoint =
  (
    effect: Effect,
    publish: Publish,
    name: string,
    touches: (message: OutgoingMessage) => Footprint,
  ): Publish =>
  (message) =>
    effect(name, touches(message), () => publish(message));

/** Polls commute with each other, as all are alike. Other notifications may not. */
const notified = ({ attributes: { reason } }: OutgoingMessage): Footprint =>
  reason === 'poll' ? { reads: ['inbox'] } : { writes: ['inbox'] };

/** Returns the id generator of an actor: ids are unique among actors, and the same in every run. */
export function idsOf(actor: number): () => string {
  let made = 0;
  return () =>
    `00000000-0000-4000-8000-${String(actor).padStart(4, '0')}${String((made += 1)).padStart(8, '0')}`;
}

export const syncWithBreakpoints = (effect: Effect, context: SyncContext): SyncContext => ({
  ...context,
  mirror: withBreakpoints(effect, context.mirror, MIRROR),
  calendar: withBreakpoints(effect, context.calendar, CALENDAR),
  publishChange: publishWithBreakpoint(effect, context.publishChange, 'publishChange', ({ orderingKey }) => ({
    writes: [`feed/${orderingKey}`],
  })),
  publishClock: publishWithBreakpoint(effect, context.publishClock, 'publishClock', ({ orderingKey }) => ({
    writes: [`clock/${orderingKey}`],
  })),
  publishNotification: publishWithBreakpoint(
    effect,
    context.publishNotification,
    'publishNotification',
    notified,
  ),
  sleep: (ms) => effect('sleep', ms > 0 ? { writes: ['clock'] } : {}, () => context.sleep(ms)),
});

export const renewWithBreakpoints = (effect: Effect, context: RenewContext): RenewContext => ({
  ...context,
  mirror: withBreakpoints(effect, context.mirror, MIRROR),
  calendar: withBreakpoints(effect, context.calendar, CALENDAR),
  publishNotification: publishWithBreakpoint(
    effect,
    context.publishNotification,
    'publishNotification',
    notified,
  ),
});
