/** Many events that start at the same minute: how long renew and sync take until the last moment is published. */
import { Timestamp, type Firestore } from '@google-cloud/firestore';
import type { Message } from '@google-cloud/pubsub';
import { itemPath } from '../../functions/firestore/paths.ts';
import { positionOf } from '../../functions/watches/epochs.ts';
import { claimDocument } from '../../functions/watches/claims.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { until } from '../../infra/local/until.ts';
import { specOf } from '../support/sample-watch.ts';
import { startPipeline } from '../support/pipeline.ts';
import { figure, type Result, type Size } from './figures.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
/** As long before the moments as renew is called where it is late: half a minute remains at the earliest. */
const LEAD = 90 * SECOND;
/** What is left of the lead after the longest time until renew runs. */
const MARGIN_SECONDS = 30;
const WITHIN_MS = 300 * SECOND;

const at = (ms: number): Timestamp => Timestamp.fromMillis(ms);

/** A user with a calendar, and the events that a watch of it has mirrored. */
interface Load {
  readonly users: readonly string[];
  readonly events: number;
  /** When all events start, Unix ms. */
  readonly startsAt: number;
}

const watchOf = (index: number): string => `watch-${String(index)}`;
const eventsOf = (user: string) => ({ user, resource: 'events', calendarId: user }) as const;

/** Writes the mirrored events. */
async function writeEvents(firestore: Firestore, { users, events, startsAt }: Load): Promise<void> {
  const writer = firestore.bulkWriter();
  const past = at(Date.now() - HOUR);
  const endsAt = startsAt + HOUR;
  const [start, end] = [startsAt, endsAt].map((ms) => ({ dateTime: new Date(ms).toISOString() }));
  const updated = past.toDate().toISOString();
  for (const [index, user] of users.entries()) {
    const { collection } = specOf(eventsOf(user));
    for (let number = 1; number <= events; number += 1) {
      const id = `event${String(number)}`;
      void writer.set(firestore.doc(itemPath(collection, id)), {
        data: { id, summary: 'At nine', status: 'confirmed', updated, start, end },
        etag: `"${String(number)}"`,
        sequence: number,
        mirroredAt: past,
        user,
        calendarId: user,
        watch: watchOf(index),
        startsAt: at(startsAt),
        endsAt: at(endsAt),
        activeUntil: at(endsAt),
        originalStartsAt: null,
        status: 'confirmed',
        eventType: 'default',
        recurringEventId: null,
      });
    }
  }
  await writer.close();
}

/** Writes watches as sync and renew left them an hour ago, and due for their clocks: one moment of each event is due at `dueAt`. */
async function writeWatches(
  firestore: Firestore,
  { users, events, startsAt }: Load,
  dueAt: number,
): Promise<void> {
  const writer = firestore.bulkWriter();
  const now = Date.now();
  const past = at(now - HOUR);
  for (const [index, user] of users.entries()) {
    const spec = { ...eventsOf(user), clock: [`-PT${String((startsAt - dueAt) / SECOND)}S`] };
    const { collection, parametersKey, clock } = specOf(spec);
    const times = { startedAt: past, completedAt: past, fullStartedAt: past };
    const sync = { token: 't', parametersKey, timeZone: 'UTC', sequence: events, failures: 0, ...times };
    void writer.set(firestore.doc(`watches/${watchOf(index)}`), {
      spec,
      nextDueAt: at(dueAt - LEAD),
      status: {
        state: 'active',
        collection,
        checkAt: at(now + HOUR),
        clock: { key: clock?.key, until: past, nextAt: at(dueAt), sequence: events },
        // Nothing is left in the outbox.
        sync: { ...sync, publishedTo: positionOf(events) },
      },
    });
    void writer.set(claimDocument(firestore, collection), { watch: watchOf(index) });
  }
  await writer.close();
}

export async function measureClock(size: Size, tell: (line: string) => void): Promise<Result> {
  const [watches, events] = size === 'full' ? [1_000, 10] : [3, 2];
  const users = Array.from({ length: watches }, (_, index) => `user-${String(index)}@example.com`);
  const count = watches * events;
  const cloud = await startPipeline({
    calendar: { initial: { users: users.map((email) => ({ email })) }, quotas: {} },
  });
  try {
    const ids = new Set<string>();
    let late = 0;
    const [subscription] = await cloud.pubsub.topic(NAMES.clock).createSubscription('clock-bench');
    subscription.on('message', (message: Message) => {
      ids.add(message.attributes['ce-id'] ?? '');
      if (message.data.includes('"late":true')) late += 1;
      message.ack();
    });
    tell(`${String(count)} events of ${String(watches)} watches`);
    const now = Math.floor(Date.now() / SECOND) * SECOND;
    const load = { users, events, startsAt: now + HOUR };
    await writeEvents(cloud.firestore, load);
    const dueIn = Math.floor((Date.now() - now + LEAD) / SECOND) * SECOND;
    await writeWatches(cloud.firestore, load, now + dueIn);
    const startedAt = performance.now();
    const seconds = (): number => (performance.now() - startedAt) / 1000;
    await cloud.renew();
    const renewed = seconds();
    tell(`renew has run for ${renewed.toFixed(1)} s`);
    await until(() => ids.size >= count, { what: `${String(count)} moments`, withinMs: WITHIN_MS });
    const last = seconds();
    await subscription.close();
    return {
      figures: [
        figure('renew publishes the clocks that are due', 's', [renewed]),
        figure('from the call of renew to the last moment', 's', [last]),
        figure('watches in a second, renew and sync together', '/s', [watches / last]),
        figure('moments in a second', '/s', [count / last]),
      ],
      marks: [
        { what: 'moments published in time, of all', value: (ids.size - late) / count, least: 1 },
        { what: 'seconds from renew to the last moment', value: last, most: MARGIN_SECONDS, isGoal: true },
      ],
    };
  } finally {
    await cloud[Symbol.asyncDispose]();
  }
}
