import type { CalendarClient } from '../../../functions/calendar/client.ts';
import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import type { Publish } from '../../../functions/feed/publisher.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';
import type { RenewContext } from '../../../functions/renew/context.ts';
import type { SyncContext } from '../../../functions/sync/context.ts';
import type { Effect } from './stage.ts';
import type { Footprint } from './steps.ts';

/**
 * The contexts of sync and renew with every effect held up, and what each effect touches. There is one watch, and so no need to
 * name it. Where in doubt, too much is named: that costs schedules, where too little would hide some.
 */

type Table<T> = {
  readonly [Method in keyof T]: T[Method] extends (...given: infer Given) => unknown
    ? (...given: Given) => Footprint
    : never;
};

/** Reading a watch brings Firestore's read time along, from which a sync counts its start. */
const readsWatch = (): Footprint => ({ reads: ['watch', 'clock'] });
const writesWatch = (): Footprint => ({ writes: ['watch'] });
const readsItems = (): Footprint => ({ reads: ['items'] });
/** The query for what is due may answer differently after each of these. */
const writesChannel = (id: string): Footprint => ({ writes: [`channels/${id}`, 'due'] });

const MIRROR: Table<Mirror> = {
  loadWatch: readsWatch,
  dueWatches: readsWatch,
  settle: writesWatch,
  noteRefusal: writesWatch,
  postpone: writesWatch,
  claim: () => ({ writes: ['watch', 'claim'] }),
  commit: ({ writes = [], changes = [], seen, transition }) => ({
    writes: [
      'watch',
      ...(writes.length > 0 ? ['items'] : []),
      ...(changes[0] ? [`outbox/${String(changes[0].sequence)}`] : []),
      ...(seen ? ['seen'] : []),
      ...(transition?.state === 'removed' ? ['claim'] : []),
    ],
  }),
  listCalendars: readsItems,
  followedBy: readsWatch,
  writeFollowed: writesWatch,
  removeFollowed: writesWatch,
  noteFollowing: writesWatch,
  readItems: readsItems,
  exceptionsOf: readsItems,
  isEmpty: readsItems,
  listIds: readsItems,
  readOutbox: () => ({ reads: ['outbox'] }),
  deleteOutboxEntry: (_, id) => ({ writes: [`outbox/${String(Number(id))}`] }),
  readSeen: () => ({ reads: ['seen'] }),
  deleteSeen: () => ({ writes: ['seen'] }),
  // It becomes due only after minutes, and until then concerns nobody who does not know its id.
  intendChannel: ({ id }) => ({ writes: [`channels/${id}`] }),
  adoptChannel: () => ({ writes: ['watch', 'channels', 'due'] }),
  loadChannel: (id) => ({ reads: [`channels/${id}`] }),
  dueChannels: () => ({ reads: ['due', 'clock'] }),
  rescheduleChannel: writesChannel,
  forgetChannel: writesChannel,
  noteStrayChannel: writesChannel,
};

const CALENDAR: Table<CalendarClient> = {
  list: () => ({ reads: ['calendar'] }),
  watch: (_as, _target, _parameters, { channelId }) => ({ writes: [`google/${channelId}`] }),
  stop: (_as, _target, channelId) => ({ writes: [`google/${channelId}`] }),
};

/** An object whose methods are effects. */
function gate<T extends object>(effect: Effect, object: T, table: Table<T>): T {
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

const gatePublish =
  (
    effect: Effect,
    publish: Publish,
    name: string,
    touches: (message: OutgoingMessage) => Footprint,
  ): Publish =>
  (message) =>
    effect(name, touches(message), () => publish(message));

/** Two requests to look at a watch are as good in one order as in the other; anything else may not be. */
const notified = ({ attributes: { reason } }: OutgoingMessage): Footprint =>
  reason === 'poll' ? { reads: ['inbox'] } : { writes: ['inbox'] };

/** What every party makes ids of: its own, and the same ones in every run. */
export function idsOf(party: number): () => string {
  let made = 0;
  return () =>
    `00000000-0000-4000-8000-${String(party).padStart(4, '0')}${String((made += 1)).padStart(8, '0')}`;
}

export const gatedSync = (effect: Effect, context: SyncContext): SyncContext => ({
  ...context,
  mirror: gate(effect, context.mirror, MIRROR),
  calendar: gate(effect, context.calendar, CALENDAR),
  publishChange: gatePublish(effect, context.publishChange, 'publishChange', ({ orderingKey }) => ({
    writes: [`feed/${orderingKey}`],
  })),
  publishNotification: gatePublish(effect, context.publishNotification, 'publishNotification', notified),
  sleep: (ms) => effect('sleep', ms > 0 ? { writes: ['clock'] } : {}, () => context.sleep(ms)),
});

export const gatedRenew = (effect: Effect, context: RenewContext): RenewContext => ({
  ...context,
  mirror: gate(effect, context.mirror, MIRROR),
  calendar: gate(effect, context.calendar, CALENDAR),
  publishNotification: gatePublish(effect, context.publishNotification, 'publishNotification', notified),
});
