/** `calendar-mirror replay` of a collection that takes many pages, while its watch and another are edited and synced. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { changeMessage } from '../../../functions/feed/change.ts';
import { compareItems, listItems } from '../../../infra/local/verify-mirror.ts';
import { cloudTest } from '../../support/cloud-test.ts';
import { eventually } from '../../support/eventually.ts';
import { freshTopic, parsed } from '../../support/fresh-consumer.ts';
import { collectionOf, type Pipeline } from '../../support/pipeline.ts';
import { AT, PRIMARY, watchedEvents } from '../../support/watched-events.ts';

const MANY = 20_000;
/** Documents that the Firestore emulator takes at once. */
const COMMIT = 500;

const test = cloudTest();

const plantedId = (index: number): string => `planted${String(index).padStart(6, '0')}`;

/** Writes items into the mirror of a watch, with the sequences after its last, as syncs would over a year. */
async function plant(
  cloud: Pipeline,
  watch: string,
  collection: string,
): Promise<ReadonlyMap<string, number>> {
  const { sync } = await cloud.status(watch);
  const last = sync?.sequence ?? 0;
  const numbers = new Map<string, number>();
  const commits = Array.from({ length: MANY / COMMIT }, (_, part) => {
    const batch = cloud.firestore.batch();
    for (let index = part * COMMIT; index < (part + 1) * COMMIT; index += 1) {
      const [id, sequence] = [plantedId(index), last + index + 1];
      numbers.set(id, sequence);
      const data = { id, summary: `planted ${String(index)}`, status: 'confirmed', ...AT };
      const document = { data, etag: null, sequence, mirroredAt: new Date(), recurringEventId: null };
      batch.set(cloud.firestore.doc(`${collection}/${id}`), document);
    }
    return batch;
  });
  await Promise.all(commits.map((batch) => batch.commit()));
  await cloud.firestore.doc(`watches/${watch}`).update({ 'status.sync.sequence': last + MANY });
  return numbers;
}

/** Edits a user's calendar, and waits for the changes in the feed. */
async function editAndSync(
  cloud: Pipeline,
  { user, id, watch }: { user: string; id: string; watch: string },
  round: number,
) {
  const before = cloud.history(watch).length;
  await cloud.as(user).patch(`${PRIMARY}/${id}`, { summary: `edited ${String(round)}` });
  const { id: passing } = await cloud.as(user).insert(PRIMARY, { summary: 'passing', ...AT });
  await eventually(() => expect(cloud.history(watch).length).toBeGreaterThanOrEqual(before + 2));
  await cloud.as(user).remove(`${PRIMARY}/${passing}`);
  await eventually(() => expect(cloud.history(watch).length).toBeGreaterThanOrEqual(before + 3));
}

test('20,000 items are published completely, while syncs of this and another watch continue', async ({
  cloud,
  cli,
}) => {
  const [large, other] = [await watchedEvents(cloud), await watchedEvents(cloud)];
  const planted = await plant(cloud, large.watch, collectionOf(large.spec));
  await using fresh = await freshTopic(cloud.pubsub, 'large-consumer');

  const replay = cli.begin('replay', large.watch, '--topic', fresh.topic);
  let ended = false;
  const ending = replay.ended.finally(() => (ended = true));
  await eventually(() => expect(replay.stderr).toEqual([`${large.watch}: 20001 items to large-consumer`]));
  const edit = (round: number) =>
    Promise.all([large, other].map((watch) => editAndSync(cloud, watch, round)));
  // In the middle of the replay, however fast it is: it stands still meanwhile.
  replay.child.kill('SIGSTOP');
  await edit(1);
  expect(ended).toBe(false);
  replay.child.kill('SIGCONT');
  // More rounds would only add load.
  await edit(2);
  await edit(3);
  expect({ code: await ending, stderr: replay.stderr }).toMatchObject({ code: 0 });
  const printed = Number(/^(\d+) items published to large-consumer\.$/.exec(replay.stdout.join('\n'))?.[1]);
  expect(printed).toBeGreaterThan(MANY);
  await eventually(() => {
    expect(new Set(fresh.received.map(({ attributes }) => attributes['item'])).size).toBe(printed);
  });
  await eventually(() => expect(fresh.endings).toMatchObject([{ ended: { count: printed } }]));
  expect(fresh.errors).toEqual([]);

  // The syncs: no sequence is missing, only edited items changed, and the mirror equals the calendar.
  for (const { watch, spec } of [large, other]) {
    await cloud.processed(watch);
    const { sync } = await cloud.status(watch);
    const first = watch === large.watch ? MANY + 1 : 1;
    const numbers = cloud.history(watch).map(({ sequence }) => sequence);
    const later = Array.from({ length: (sync?.sequence ?? 0) - first }, (_, index) => first + index + 1);
    expect(numbers).toEqual([1, ...later]);
    const mirrored = [...(await cloud.mirror(spec)).values()];
    const real = mirrored.filter(({ itemId }) => !planted.has(itemId));
    expect(compareItems(await listItems(cloud.urls.calendar, spec), real)).toEqual([]);
    expect(mirrored.length - real.length).toBe(watch === large.watch ? MANY : 0);
  }

  // The replay: every item with its own sequence, and nothing else.
  const announced = new Map(cloud.history(large.watch).map((change) => [change.sequence, change]));
  const wrong = fresh.received.map(parsed).filter((change) => {
    const { itemId, sequence, after } = change;
    const live = announced.get(sequence);
    const isItsOwn = planted.has(itemId)
      ? planted.get(itemId) === sequence
      : live?.itemId === itemId && isDeepStrictEqual(live.after, after);
    return change.change !== 'snapshot' || !isItsOwn;
  });
  expect(wrong).toEqual([]);
  const mislabelled = fresh.received.filter((message) => {
    const change = parsed(message);
    const path = `${collectionOf(large.spec)}/${change.itemId}`;
    const { attributes, orderingKey } = changeMessage(change, path, fresh.endings[0]?.ended.replay);
    return message.orderingKey !== orderingKey || !isDeepStrictEqual(message.attributes, attributes);
  });
  expect(mislabelled).toEqual([]);
  const replayed = new Set(fresh.received.map(({ attributes }) => attributes['item']));
  expect([...planted.keys()].filter((id) => !replayed.has(id))).toEqual([]);
});
