/** Sequences never repeat, whatever happens to a watch's document and to its collection. */
import { FieldValue, Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Change } from '../../../../functions/feed/change.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

const ADA = 'ada@example.com';
const EPOCH = 1_000_000_000;
const start = { dateTime: '2026-12-01T10:00:00Z' };

let bench: Awaited<ReturnType<typeof startSyncBench>>;
beforeAll(async () => {
  bench = await startSyncBench();
});
afterAll(() => bench.close());

let made = 0;

/** Mirrors a calendar of three events under the sequences 1 to 3. */
async function mirrored() {
  made += 1;
  const calendarId = `epochs-${String(made)}@group.calendar.google.com`;
  const events = ['one', 'two', 'six'].map((id) => ({ id: `${id}0`, summary: id, start, end: start }));
  bench.calendar.seed({ users: [{ email: ADA, calendars: [{ id: calendarId, summary: 'test', events }] }] });
  const spec = { user: ADA, resource: 'events', calendarId };
  const watch = `first-${String(made)}`;
  const other = `other-${String(made)}`;
  const document = bench.firestore.doc(`watches/${watch}`);
  const collection = bench.firestore.collection(`users/${ADA}/calendars/${calendarId}/events`);
  const sync = (id = watch) => bench.handle({ reason: 'poll', watchId: id });
  const changesOf = (id = watch) => bench.changes.filter(({ watchId }) => watchId === id);
  const numbersOf = (id = watch) => changesOf(id).map(({ sequence }) => sequence);
  /** Removes a watch as renew and sync do. */
  const remove = async (id: string, removed: 'keep' | 'purge') => {
    await bench.firestore
      .doc(`watches/${id}`)
      .update({ 'spec.removed': removed, 'status.state': 'removing' });
    await sync(id);
    expect((await bench.firestore.doc(`watches/${id}`).get()).get('status.state')).toBe('removed');
  };
  await bench.writeSpec(watch, spec);
  await sync();
  expect(numbersOf()).toEqual([1, 2, 3]);
  const api = clientOf(bench.calendar.url, ADA);
  return {
    calendarId,
    spec,
    watch,
    other,
    document,
    collection,
    sync,
    changesOf,
    numbersOf,
    remove,
    edit: (eventId: string, summary: string) =>
      api.events.patch({ calendarId, eventId, requestBody: { summary } }),
    cancel: (eventId: string) => api.events.delete({ calendarId, eventId }),
  };
}

/** Returns the state of a consumer that ignores stale sequences per item and remembers deletions. */
function held(changes: readonly Change[]): ReadonlyMap<string, unknown> {
  const known = new Map<string, Change>();
  for (const change of changes) {
    if (change.sequence > (known.get(change.itemId)?.sequence ?? 0)) known.set(change.itemId, change);
  }
  return new Map([...known].flatMap(([id, { after }]) => (after === null ? [] : [[id, after['summary']]])));
}

const kinds = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ change, before }) => (before === null ? change : `${change} with before`));

test('a watch document that is overwritten continues in a new epoch with snapshots', async () => {
  const { spec, document, collection, sync, changesOf, numbersOf, edit } = await mirrored();
  await document.set({ spec, nextDueAt: Timestamp.fromMillis(0) });
  await sync();
  expect(numbersOf().slice(3)).toEqual([EPOCH + 1, EPOCH + 2, EPOCH + 3]);
  expect(kinds(changesOf().slice(3))).toEqual(['snapshot', 'snapshot', 'snapshot']);
  const numbers = (await collection.get()).docs.map((item) => Number(item.get('sequence')));
  expect(numbers.toSorted((a, b) => a - b)).toEqual([EPOCH + 1, EPOCH + 2, EPOCH + 3]);

  await edit('one0', 'edited');
  await sync();
  expect(changesOf().at(-1)).toMatchObject({ sequence: EPOCH + 4, change: 'updated', itemId: 'one0' });
});

test('a watch document that is deleted and created again continues in a new epoch each time', async () => {
  const { spec, document, sync, changesOf, numbersOf, cancel } = await mirrored();
  await document.delete();
  await cancel('two0');
  await document.set({ spec, nextDueAt: Timestamp.fromMillis(0) });
  await sync();
  expect(numbersOf().slice(3)).toEqual([EPOCH + 1, EPOCH + 2, EPOCH + 3]);
  expect(kinds(changesOf().slice(3))).toEqual(['snapshot', 'snapshot', 'deleted with before']);
  await document.set({ spec, nextDueAt: Timestamp.fromMillis(0) });
  await sync();
  expect(numbersOf().slice(6)).toEqual([2 * EPOCH + 1, 2 * EPOCH + 2]);
  expect(held(changesOf())).toEqual(
    new Map([
      ['one0', 'one'],
      ['six0', 'six'],
    ]),
  );
});

test('a watch id that is reused for another calendar repeats no sequence', async () => {
  const first = await mirrored();
  const second = await mirrored();
  await second.document.delete();
  await first.document.set({ spec: second.spec, nextDueAt: Timestamp.fromMillis(0) });
  await first.sync();
  expect(first.numbersOf().slice(3)).toEqual([EPOCH + 1, EPOCH + 2, EPOCH + 3]);
});

test('a watch that loses only its sync status continues in a new epoch', async () => {
  const { document, sync, numbersOf } = await mirrored();
  await document.update({ 'status.sync': FieldValue.delete() });
  await sync();
  expect(numbersOf().slice(3)).toEqual([EPOCH + 1, EPOCH + 2, EPOCH + 3]);
});

test.each(['keep', 'purge'] as const)(
  'a collection that passes to another watch and back (%s) has growing sequences per item',
  async (how) => {
    const { spec, watch, other, calendarId, collection, remove, sync, numbersOf, edit, cancel } =
      await mirrored();
    await remove(watch, how);
    await bench.writeSpec(other, spec);
    await edit('one0', 'edited');
    await cancel('two0');
    await sync(other);
    const [first = 0] = numbersOf(other);
    expect(first).toBe(EPOCH + 1);
    expect(numbersOf(other)).toEqual(numbersOf(other).map((_, index) => EPOCH + index + 1));
    await remove(other, 'keep');

    await bench.firestore.doc(`watches/${watch}`).update({ spec });
    await edit('six0', 'edited too');
    await sync(watch);
    const back = numbersOf(watch).filter((number) => number > EPOCH);
    expect(back).toEqual([2 * EPOCH + 1, 2 * EPOCH + 2]);

    const announced = bench.changes.filter((change) => change.calendarId === calendarId);
    expect(held(announced)).toEqual(
      new Map([
        ['one0', 'edited'],
        ['six0', 'edited too'],
      ]),
    );
    for (const [, changes] of Map.groupBy(announced, ({ itemId }) => itemId)) {
      const numbers = changes.map(({ sequence }) => sequence);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    }
    expect((await collection.get()).size).toBe(2);
  },
);

test('items mirrored before epochs were recorded are announced above their sequences', async () => {
  const { spec, watch, other, sync, remove, numbersOf } = await mirrored();
  await remove(watch, 'keep');
  const claims = await bench.firestore.collection('claims').get();
  await Promise.all(claims.docs.map(({ ref }) => ref.delete()));
  await bench.firestore.doc(`epochs/${watch}`).delete();
  await bench.writeSpec(other, spec);
  await sync(other);
  expect(numbersOf(other)).toEqual([EPOCH + 1, EPOCH + 2, EPOCH + 3]);
});
