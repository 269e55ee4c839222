/** Items that are hard to store: odd ids, reserved keys, more than fits a document. */
import { describe, expect } from 'vitest';
import { encodeId } from '../../functions/firestore/paths.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { AT, createExtras, extraEvent as event } from '../support/extra-items.ts';
import { collectionOf, type Pipeline } from '../support/pipeline.ts';

const extras = createExtras();
const test = cloudTest({ calendar: { routes: extras.routes } });

const eventsOf = (user: string, calendarId = user) => ({ user, resource: 'events', calendarId }) as const;
const ids = async (cloud: Pipeline, ...given: Parameters<typeof eventsOf>): Promise<string[]> =>
  [...(await cloud.mirror(eventsOf(...given))).keys()].toSorted();

/** Lets Google list other items than before, and requests a sync. */
async function relist(
  cloud: Pipeline,
  user: string,
  watch: string,
  items: readonly unknown[],
): Promise<void> {
  extras.set(user, items);
  await cloud.renewNow(watch);
}

const ODD_IDS = [
  'a/b',
  '100%',
  '%2F',
  'a#b?c=d&e',
  'with spaces',
  'Zoë-日本-🎉',
  '.',
  '..',
  '__reserved__',
  '____',
  'x'.repeat(1024),
];

describe('ids', () => {
  test('of events may have any characters, and are unchanged in mirror and feed', async ({ cloud }) => {
    const user = cloud.newUser();
    extras.set(
      user,
      ODD_IDS.map((id) => event(id)),
    );
    const watch = await cloud.register(eventsOf(user));
    await eventually(async () => expect(await ids(cloud, user)).toEqual(ODD_IDS.toSorted()));
    await cloud.untilTrue();
    const collection = collectionOf(eventsOf(user));
    for (const id of ODD_IDS) {
      const snapshot = await cloud.firestore.doc(`${collection}/${encodeId(id)}`).get();
      expect(snapshot.get('data')).toEqual(event(id));
    }
    expect(
      cloud
        .history(watch)
        .map(({ itemId }) => itemId)
        .toSorted(),
    ).toEqual(ODD_IDS.toSorted());
    // Each is found again when it is deleted.
    await relist(
      cloud,
      user,
      watch,
      ODD_IDS.map((id) => ({ id, status: 'cancelled' })),
    );
    await eventually(async () => expect(await ids(cloud, user)).toEqual([]));
    extras.delete(user);
    await cloud.untilTrue();
  });

  test.for(['team/one@example.com', '100%', 'a b', 'de.german#holiday', 'Zoë-日本', '__x__'])(
    'of calendars may be %s',
    async (name, { cloud }) => {
      const user = cloud.newUser();
      const calendarId = `${name}${name === '__x__' ? '' : `-${user}`}`;
      cloud.calendar.seed({
        users: [
          { email: user, calendars: [{ id: calendarId, summary: 'odd', events: [{ id: 'early', ...AT }] }] },
        ],
      });
      const watch = await cloud.register(eventsOf(user, calendarId));
      await eventually(async () => expect(await ids(cloud, user, calendarId)).toEqual(['early']));
      const collection = `calendars/${encodeURIComponent(calendarId)}/events`;
      const { id } = await cloud.as(user).insert(collection, { summary: 'pushed', ...AT });
      await eventually(async () =>
        expect(await ids(cloud, user, calendarId)).toEqual(['early', id].toSorted()),
      );
      await cloud.untilTrue();
      expect(cloud.history(watch)[0]?.attributes).toMatchObject({ calendar: calendarId });
    },
  );

  test('of users may have special characters', async ({ cloud }) => {
    const user = `o'neil+100%#tag=${cloud.newUser()}`;
    await cloud.register({ user, resource: 'settings' });
    await eventually(async () =>
      expect((await cloud.mirror({ user, resource: 'settings' })).size).toBeGreaterThan(0),
    );
    await cloud.untilTrue();
  });

  test('that no document can have are skipped and named, and the other items mirrored', async ({ cloud }) => {
    const user = cloud.newUser();
    const long = 'x'.repeat(1501);
    extras.set(user, [
      event('before'),
      event(long),
      event('a\u{d800}b'),
      { summary: 'no id' },
      event('after'),
    ]);
    const watch = await cloud.register(eventsOf(user));
    await eventually(async () => expect(await ids(cloud, user)).toEqual(['after', 'before']));
    const { sync } = await cloud.status(watch);
    expect(sync?.['skippedItems']).toEqual([
      { item: 'x'.repeat(100), reason: expect.stringContaining('too long') },
      { item: 'a\u{fffd}b', reason: expect.stringContaining('not well-formed Unicode') },
      { item: '(no id)', reason: expect.stringContaining('no id') },
    ]);
    await eventually(() => expect(cloud.history(watch).map(({ sequence }) => sequence)).toEqual([1, 2]));
    extras.set(user, [event('before'), event('after')]);
    await cloud.untilTrue();
  });
});

const RESERVED = {
  '': 'empty',
  '%': 'per cent',
  '100%': 'more per cent',
  __name__: 'reserved',
  'a.b': 'dotted',
  'a/b[0]*~`': 'quoted',
  nested: [{ __id__: { '': 1 } }],
};

test('keys that Firestore reserves are unchanged in mirror and feed', async ({ cloud }) => {
  const user = cloud.newUser();
  const item = event('keys', { extendedProperties: { private: RESERVED }, ...RESERVED });
  extras.set(user, [item]);
  const watch = await cloud.register(eventsOf(user));
  await eventually(async () => expect((await cloud.mirror(eventsOf(user))).get('keys')?.data).toEqual(item));
  await cloud.untilTrue();
  expect(cloud.history(watch)[0]?.after).toEqual(item);
  // Unchanged items are recognised as unchanged, keys included; a change is announced once.
  const changed = { ...item, '': 'changed' };
  await relist(cloud, user, watch, [changed]);
  await eventually(() => expect(cloud.history(watch).at(-1)?.after).toEqual(changed));
  await cloud.processed(watch);
  expect(cloud.history(watch)).toHaveLength(2);
  await cloud.untilTrue();
});

describe('an item larger', () => {
  const MIB = 1_048_576;
  const large = (more: object = {}) =>
    event('large', { description: 'x'.repeat(MIB), summary: 'small', ...more });

  test('than a document is mirrored and announced without its largest field, which both name', async ({
    cloud,
  }) => {
    const user = cloud.newUser();
    extras.set(user, [event('one'), large(), event('two')]);
    const watch = await cloud.register(eventsOf(user));
    await eventually(async () => expect(await ids(cloud, user)).toEqual(['large', 'one', 'two']));
    const rest = event('large', { summary: 'small' });
    expect((await cloud.mirror(eventsOf(user))).get('large')).toMatchObject({
      data: rest,
      omitted: ['description'],
    });
    await eventually(() => expect(cloud.history(watch)).toHaveLength(3));
    const change = (): object | undefined =>
      cloud.history(watch).findLast(({ itemId }) => itemId === 'large');
    expect(change()).toMatchObject({ change: 'snapshot', after: rest, omitted: ['description'] });
    await cloud.untilTrue();
    // An edit of the rest is a change; once it is smaller, the item is whole again.
    await relist(cloud, user, watch, [large({ summary: 'edited' })]);
    await eventually(() =>
      expect(change()).toMatchObject({ change: 'updated', after: { summary: 'edited' } }),
    );
    const whole = event('large', { description: 'short', summary: 'edited' });
    await relist(cloud, user, watch, [event('one'), whole, event('two')]);
    await eventually(() => expect(change()).toMatchObject({ change: 'updated', after: whole }));
    expect((await cloud.mirror(eventsOf(user))).get('large')).toMatchObject({ data: whole, omitted: [] });
    expect(change()).not.toHaveProperty('omitted');
    await cloud.untilTrue();
  });

  test('than a document by the sum of its fields, or nested too deeply, is kept too', async ({ cloud }) => {
    const user = cloud.newUser();
    const half = { a: 'a'.repeat(600_000), b: 'ü'.repeat(300_001) };
    const deep = JSON.parse(`${'{"in":'.repeat(30)}1${'}'.repeat(30)}`) as unknown;
    extras.set(user, [event('sum', half), event('odd', { deep, matrix: [[1]], broken: '\u{d800}' })]);
    const watch = await cloud.register(eventsOf(user));
    await eventually(async () => expect(await ids(cloud, user)).toEqual(['odd', 'sum']));
    const mirror = await cloud.mirror(eventsOf(user));
    expect(mirror.get('sum')).toMatchObject({ data: event('sum', { a: half.a }), omitted: ['b'] });
    expect(mirror.get('odd')).toMatchObject({ data: event('odd'), omitted: ['broken', 'deep', 'matrix'] });
    await eventually(() => expect(cloud.history(watch)).toHaveLength(2));
    await cloud.untilTrue();
  });

  test('than an outbox entry is mirrored whole, and many such items take many commits', async ({ cloud }) => {
    const user = cloud.newUser();
    const items = Array.from({ length: 12 }, (_, index) =>
      event(`item-${index}`, { description: 'x'.repeat(990_000) }),
    );
    extras.set(user, items);
    const watch = await cloud.register(eventsOf(user));
    await eventually(async () => expect(await ids(cloud, user)).toHaveLength(items.length));
    const mirror = await cloud.mirror(eventsOf(user));
    expect([...mirror.values()].flatMap(({ omitted }) => omitted)).toEqual([]);
    await eventually(() => expect(cloud.history(watch)).toHaveLength(items.length));
    for (const { omitted } of cloud.history(watch)) expect(omitted).toEqual(['description']);
  });
});
