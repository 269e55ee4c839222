import * as z from 'zod';

import { changeMessage, type Change } from '../feed/change.ts';
import type { Publish } from '../feed/publisher.ts';
import { itemPath } from '../mirror/ids.ts';
import type { PresentItem } from '../mirror/present.ts';
import type { Wish } from '../mirror/spec.ts';
import { fitChange } from '../sync/parts.ts';
import { Failure } from './failure.ts';
import { watchId } from './options.ts';
import { readAhead } from './read-ahead.ts';
import { checkTopic, topicName } from './replay-topic.ts';
import type { Open, Session } from './session.ts';
import { print, tell } from './terminal.ts';
import { mustFind } from './wait.ts';

/** `calendar-mirror replay`: what is mirrored now, as `snapshot` changes on a topic of a new consumer's. */

const Options = z.object({ topic: z.string(), force: z.boolean().default(false) });

/** Read while the page before it is under way to Pub/Sub. */
const PAGE = { items: 1_000, bytes: 4_000_000 };
/** Numbers move faster than anybody reads. */
const TELL_MS = 2_000;

interface Source {
  readonly id: string;
  readonly wish: Wish;
  /** The number that the watch has come to. */
  readonly known: number;
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
  return { id, wish, known: watch.sync.sequence };
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
 * Makes the check that each page has to pass. Numbers beyond the watch's own are of an earlier watch: a consumer that has them
 * would drop what this one announces next. The watch is read again when a page has a number beyond the last that is known.
 */
function numbersCheck(
  session: Session,
  { id, known }: Source,
): (page: readonly PresentItem[]) => Promise<void> {
  let sequence = known;
  return async (page) => {
    if (page.every((present) => present.sequence <= sequence)) return;
    // After the page was read: a number of its own stands in the watch since the very commit that brought the item.
    ({ sequence } = (await mustFind(session, id)).watch.sync);
    const foreign = page.find((present) => present.sequence > sequence);
    if (foreign === undefined) return;
    throw new Failure(
      `${foreign.itemId} has the number ${String(foreign.sequence)} of an earlier watch, and ${id} has come to ${String(sequence)}`,
      `run calendar-mirror unwatch ${id} --purge, and calendar-mirror watch again`,
    );
  };
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
  const publish = session.publisherTo(topic);
  const { collection } = source.wish;
  const all = await session.wishes.countItems(collection);
  tell(`${id}: ${String(all)} items to ${topic}`);
  let count = 0;
  let saidAt = session.now();
  const check = numbersCheck(session, source);
  for await (const items of readAhead(session.mirror.presentItems(collection, PAGE))) {
    await check(items);
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
