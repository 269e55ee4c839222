import * as z from 'zod';

import { changeMessage, type Change } from '../feed/change.ts';
import { createPublisher, type Publish } from '../feed/publisher.ts';
import { itemPath } from '../mirror/ids.ts';
import type { PresentItem } from '../mirror/present.ts';
import type { Wish } from '../mirror/spec.ts';
import { fitChange } from '../sync/parts.ts';
import { Failure, WrongUse } from './failure.ts';
import { watchId } from './options.ts';
import type { Open, Session } from './session.ts';
import { print, tell } from './terminal.ts';
import { mustFind } from './wait.ts';

/** `calendar-mirror replay`: what is mirrored now, as `snapshot` changes on a topic of a new consumer's. */

const Options = z.object({ topic: z.string(), force: z.boolean().default(false) });

/** Items read, and then under way to Pub/Sub, at once: each may have most of a MiB. */
const AT_ONCE = 100;
const GIVE_UP_MS = 30_000;
/** Numbers move faster than anybody reads. */
const TELL_MS = 2_000;

const TOPIC = /^(?:projects\/([^/]+)\/topics\/)?((?!goog)[A-Za-z][\w.~+%-]{2,254})$/;

/** @throws {WrongUse} for what is no topic's name */
function topicName(given: string): string {
  if (TOPIC.test(given)) return given;
  throw new WrongUse(
    `${JSON.stringify(given)} is no topic's name (3 to 255 characters, a letter first)`,
    'see calendar-mirror replay --help',
  );
}

/** @throws {Failure} for a topic that is not there, or that has other readers than a new consumer */
async function checkTopic({ config, pubsub }: Session, topic: string, force: boolean): Promise<void> {
  const { name } = pubsub.topic(topic);
  if (name === pubsub.topic(config.NOTIFICATIONS_TOPIC).name) {
    throw new WrongUse(`${topic} is for notifications, not for changes`, 'name a topic of the new consumer');
  }
  if (name === pubsub.topic(config.CHANGES_TOPIC).name && !force) {
    throw new WrongUse(
      `${topic} has the live changes, and every consumer of them would get these too`,
      'name a topic of the new consumer, or give --force',
    );
  }
  const [exists] = await pubsub.topic(topic).exists();
  if (!exists) throw new Failure(`there is no topic ${topic}`, `run gcloud pubsub topics create ${topic}`);
}

interface Source {
  readonly id: string;
  readonly wish: Wish;
}

/** A watch that has mirrored something. @throws {Failure} where it has not, or where that cannot be told */
async function sourceOf(session: Session, id: string): Promise<Source> {
  const { watch } = await mustFind(session, id);
  if (!watch.spec.ok)
    throw new Failure(`${id} has no sensible spec (${watch.spec.problem})`, 'mend its spec');
  const { wish } = watch.spec;
  if (watch.collection === undefined) {
    throw new Failure(`nothing is mirrored for ${id} yet`, `run calendar-mirror status ${id}`);
  }
  if (watch.collection !== wish.collection) {
    throw new Failure(
      `the spec of ${id} is not that of what it mirrors, ${watch.collection}`,
      'mend its spec',
    );
  }
  return { id, wish };
}

/** The change that an item's last one is to somebody who has seen none. */
function snapshotOf({ id, wish }: Source, present: PresentItem): Change {
  const { itemId, item, omitted, sequence, mirroredAt } = present;
  return fitChange({
    watchId: id,
    ...wish.target,
    itemId,
    change: 'snapshot',
    sequence,
    before: null,
    after: item,
    occurredAt: new Date(mirroredAt).toISOString(),
    ...(omitted.length > 0 ? { omitted: [...omitted] } : {}),
  });
}

/**
 * Numbers beyond the watch's own are of an earlier watch. A consumer that has them would drop what this one announces next.
 * @throws {Failure} where there are any
 */
async function checkNumbers(session: Session, id: string, items: readonly PresentItem[]): Promise<void> {
  const { watch } = await mustFind(session, id);
  const foreign = items.find(({ sequence }) => sequence > watch.sync.sequence);
  if (foreign === undefined) return;
  throw new Failure(
    `${foreign.itemId} has the number ${String(foreign.sequence)} of an earlier watch, and ${id} has come to ${String(watch.sync.sequence)}`,
    `run calendar-mirror unwatch ${id} --purge, and calendar-mirror watch again`,
  );
}

async function publishPage(publish: Publish, source: Source, items: readonly PresentItem[]): Promise<void> {
  const published = items.map((present) =>
    publish(changeMessage(snapshotOf(source, present), itemPath(source.wish.collection, present.itemId))),
  );
  // All must have come to an end before a failure is passed on: then the connections are closed.
  const failed = (await Promise.allSettled(published)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

export async function run(open: Open, [given]: readonly string[], options: unknown): Promise<void> {
  const id = watchId(given);
  const { topic: named, force } = Options.parse(options);
  const topic = topicName(named);
  const session = await open();
  const source = await sourceOf(session, id);
  await checkTopic(session, topic, force);
  const publish = createPublisher(session.pubsub, topic, { batch: AT_ONCE, giveUpAfterMs: GIVE_UP_MS });
  const { collection } = source.wish;
  const all = await session.wishes.countItems(collection);
  tell(`${id}: ${String(all)} items to ${topic}`);
  let count = 0;
  let saidAt = session.now();
  for await (const items of session.mirror.presentItems(collection, AT_ONCE)) {
    await checkNumbers(session, id, items);
    await publishPage(publish, source, items);
    count += items.length;
    const now = session.now();
    if (now - saidAt < TELL_MS) continue;
    tell(`${id}: ${String(count)} of ${String(all)}`);
    saidAt = now;
  }
  if (session.json) session.printJson({ watch: id, topic, items: count });
  else print(`${String(count)} items published to ${topic}.`);
}
