import { parseNotification, type Notification } from '../../../functions/feed/notification.ts';
import { createArrivals } from '../../local/arrivals.ts';
import { itemKey } from '../../local/demo/stopwatch.ts';
import { readChange, type FeedMessage } from '../../local/feed.ts';
import { listenToItems } from '../../local/mirror.ts';
import type { Session } from '../session.ts';
import { filterOf, subscribeForNow, type Received } from '../subscription.ts';

/** Observes the effects of edits on notifications, mirror and feed, all by the clock of this machine. */

export const SUBSCRIPTIONS = 'calendar-mirror-trial-';

/** A watch of the trial. */
export interface TrialWatch {
  readonly id: string;
  readonly spec: { readonly user: string; readonly resource: 'events' | 'acl'; readonly calendarId: string };
  /** The path of its mirrored items. */
  readonly collection: string;
}

type Data = Readonly<Record<string, unknown>>;
type Push = Extract<Notification, { reason: 'push' }>;

/** An item that an edit is expected to change. */
export interface Expected {
  readonly watch: TrialWatch;
  readonly itemId: string;
  /** Whether the item has the edit. It is undefined if it is deleted. */
  readonly reached: (item: Data | undefined) => boolean;
}

/** Milliseconds from sending an edit to each hop. */
export interface Hops {
  /** Undefined if no notification came. */
  readonly notification: number | undefined;
  readonly mirror: number;
  readonly feed: number;
}

export type Witness = Awaited<ReturnType<typeof startWitness>>;

/** How long a notification may arrive after its edit was mirrored and published. */
const LATE_MS = 5_000;

/** Starts to observe watches, whose documents need not exist yet. `end` deletes its subscriptions. */
export async function startWitness(
  { firestore, pubsub, config, newId }: Session,
  watches: readonly TrialWatch[],
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
) {
  const [mirrored, announced] = [createArrivals<Data>(timeoutMs), createArrivals<Data>(timeoutMs)];
  const notified = createArrivals<number>(LATE_MS);
  const pushes: Push[] = [];
  const changes: { readonly change: FeedMessage; readonly at: number }[] = [];
  let edits = 0;
  let unannounced = 0;

  const broken = Promise.withResolvers<never>();
  // Raced against each wait below; without one, an error waits for the next.
  broken.promise.catch(() => undefined);
  const onError = broken.reject;

  const onNotification = ({ attributes, data }: Received): void => {
    const parsed = parseNotification(attributes, data.toString());
    if (!parsed.ok || parsed.notification.reason !== 'push') return;
    const { notification } = parsed;
    pushes.push(notification);
    notified.arrived(notification.watchId, (notified.valueOf(notification.watchId) ?? 0) + 1);
  };
  const onChange = (message: Received): void => {
    // The topic may have messages about watches, too.
    if (message.attributes['change'] === undefined) return;
    const change = readChange(message);
    const isNew = changes.every(
      ({ change: { watchId, itemId, sequence } }) =>
        watchId !== change.watchId || itemId !== change.itemId || sequence < change.sequence,
    );
    changes.push({ change, at: Date.now() });
    const { user, resource, calendarId, itemId, after } = change;
    const key = itemKey({ user, resource, calendarId: calendarId ?? undefined }, itemId);
    if (isNew) announced.arrived(key, after ?? undefined);
  };

  const filter = filterOf({ watch: watches.map(({ id }) => id) });
  const isOurs = ({ attributes }: Received): boolean => watches.some(({ id }) => id === attributes['watch']);
  const subscribe = (topic: string, listener: (message: Received) => void) =>
    subscribeForNow(pubsub, topic, `${SUBSCRIPTIONS}${newId()}`, filter, {
      onMessage: (message) => {
        if (isOurs(message)) listener(message);
      },
      onError,
    });
  const ends: (() => unknown)[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(ends.splice(0).map((each) => each()));
  };
  try {
    ends.push((await subscribe(config.NOTIFICATIONS_TOPIC, onNotification)).end);
    ends.push((await subscribe(config.CHANGES_TOPIC, onChange)).end);
  } catch (error) {
    await end();
    throw error;
  }
  for (const { collection } of watches) {
    const onMirror: Parameters<typeof listenToItems>[1] = (found) => {
      for (const { kind, item } of found)
        mirrored.arrived(itemKey(item, item.itemId), kind === 'removed' ? undefined : item.data);
    };
    ends.push(listenToItems(firestore.collection(collection), onMirror, onError));
  }

  const latest = async (
    where: typeof mirrored,
    expected: readonly Expected[],
    what: string,
  ): Promise<number> => {
    const arrivals = expected.map(({ watch, itemId, reached }) =>
      where.until(itemKey(watch.spec, itemId), reached, what, signal),
    );
    return Math.max(...(await Promise.race([Promise.all(arrivals), broken.promise])));
  };

  return {
    /** Notifications of Google's and messages of the feed so far, in the order of arrival. */
    pushes: pushes as readonly Push[],
    messages: (watch: TrialWatch): readonly FeedMessage[] =>
      changes.flatMap(({ change }) => (change.watchId === watch.id ? [change] : [])),
    /** Returns the first change after that many messages, with its arrival (Unix ms). What is announced for the first time is none. */
    changeAfter: (count: number) => changes.slice(count).find(({ change }) => change.change !== 'snapshot'),
    changeCount: (): number => changes.length,
    /** Returns when the latest notification of a watch arrived, and when the latest version of an item was mirrored. */
    notifiedAt: (watch: TrialWatch): number | undefined => notified.arrivalOf(watch.id),
    mirroredAt: ({ spec }: TrialWatch, itemId: string): number | undefined =>
      mirrored.arrivalOf(itemKey(spec, itemId)),
    /** Returns how many edits were made, and how many of them no notification announced. */
    counts: () => ({ edits, unannounced }),

    /**
     * Makes an edit, and waits until mirror and feed have it. `look` is called with its result while they are awaited.
     * @throws Error if one of them does not have it in time, and the reason of the signal if that is aborted
     */
    edit: async <T>(
      make: () => Promise<T>,
      expect: (result: T) => readonly Expected[],
      look?: (result: T) => Promise<unknown>,
    ): Promise<{ readonly result: T; readonly hops: Hops }> => {
      const before = new Map(watches.map(({ id }) => [id, notified.valueOf(id) ?? 0]));
      const sentAt = Date.now();
      const result = await make();
      const expected = expect(result);
      const [mirror, feed] = await Promise.all([
        latest(mirrored, expected, 'in the mirror'),
        latest(announced, expected, 'in the feed'),
        look?.(result),
      ]);
      const id = expected[0]?.watch.id ?? '';
      const notification = await notified
        .until(id, (count = 0) => count > (before.get(id) ?? 0), undefined, signal)
        .catch(() => undefined);
      signal.throwIfAborted();
      edits += 1;
      if (notification === undefined) unannounced += 1;
      return {
        result,
        hops: {
          notification: notification === undefined ? undefined : Math.max(0, notification - sentAt),
          mirror: Math.max(0, mirror - sentAt),
          feed: Math.max(0, feed - sentAt),
        },
      };
    },
    end,
  };
}
