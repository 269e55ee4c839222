/** A watch that is unwanted ends, for each resource, and can be requested again. */
import { describe, expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { isDeletable, SUBJECTS, type Subject, watchSubject } from '../support/subjects.ts';

const test = cloudTest();

/** Creates a watch that was removed in one of the two ways. */
async function removed(cloud: Pipeline, subject: Subject, how: 'keep' | 'purge') {
  const { user, spec, watch, items } = await watchSubject(cloud, subject);
  const size = (await cloud.mirror(spec)).size;
  await cloud.watch(watch, { ...spec, removed: how });
  await cloud.renew();
  expect(cloud.live(user)).toEqual([]);
  await eventually(async () => expect((await cloud.status(watch)).state).toBe('removed'));
  await cloud.untilTrue();
  return { user, spec, watch, items, size };
}

describe.each(SUBJECTS)('$resource', (subject) => {
  test('a watch removed with its items kept gets no more notifications, and its items stay', async ({
    cloud,
  }) => {
    const { spec, watch, items, size } = await removed(cloud, subject, 'keep');
    const mirror = await cloud.mirror(spec);
    expect([...mirror.keys()]).toEqual(expect.arrayContaining([...items]));
    expect(cloud.history(watch)).toHaveLength(size);
  });

  test('kept items are compared when their watch is requested again, and only differences announced', async ({
    cloud,
  }) => {
    const { user, spec, watch, items, size } = await removed(cloud, subject, 'keep');
    if (isDeletable(subject)) await subject.remove(cloud, user, items[0]);
    await subject.edit(cloud, user, items[1], 1);
    const created = await subject.insert(cloud, user);

    await cloud.watch(watch, spec);
    await cloud.renew();
    await cloud.processed(watch);
    await cloud.untilTrue();
    expect(await cloud.status(watch)).toMatchObject({ state: 'active' });
    const since = cloud.history(watch).slice(size);
    expect(since.map(({ sequence }) => sequence)).toEqual(since.map((_, index) => size + index + 1));
    expect(new Set(since.map(({ itemId, change }) => `${itemId} ${change}`))).toEqual(
      new Set([
        `${items[1]} updated`,
        `${created} created`,
        ...(isDeletable(subject) ? [`${items[0]} deleted`] : []),
      ]),
    );
  });

  test('a watch removed with its items purged deletes and announces each of them', async ({ cloud }) => {
    const { spec, watch, size } = await removed(cloud, subject, 'purge');
    expect((await cloud.mirror(spec)).size).toBe(0);
    const deletions = cloud.history(watch).slice(size);
    expect(deletions).toHaveLength(size);
    expect(new Set(deletions.map(({ change }) => change))).toEqual(new Set(['deleted']));
    expect(new Set(deletions.map(({ itemId }) => itemId)).size).toBe(size);
  });

  test('purged items are announced again when their watch is requested again, with numbers that continue', async ({
    cloud,
  }) => {
    const { user, spec, watch, items, size } = await removed(cloud, subject, 'purge');
    await cloud.watch(watch, spec);
    await cloud.renew();
    await eventually(() => expect(cloud.history(watch)).toHaveLength(3 * size));
    expect(cloud.history(watch).at(-1)).toMatchObject({ sequence: 3 * size, change: 'snapshot' });
    await cloud.untilTrue();
    await subject.edit(cloud, user, items[0], 1);
    await eventually(() =>
      expect(cloud.history(watch).at(-1)).toMatchObject({ sequence: 3 * size + 1, change: 'updated' }),
    );
  });
});

test('a purge of a watch that lost its collection removes it, and touches no item', async ({ cloud }) => {
  const [subject] = SUBJECTS;
  if (subject === undefined) throw new Error('no subject can be deleted');
  const { user, spec, watch, size } = await removed(cloud, subject, 'keep');
  const other = `${watch}-again`;
  await cloud.watch(other, spec);
  await cloud.renew();
  await eventually(() =>
    expect(cloud.history(other).map(({ change }) => change)).toEqual(
      Array.from({ length: size }, () => 'snapshot'),
    ),
  );
  await cloud.watch(watch, { ...spec, removed: 'purge' });
  await cloud.renew();
  expect(await cloud.status(watch)).toMatchObject({ state: 'removed', reason: 'collectionTaken' });
  expect((await cloud.mirror(spec)).size).toBe(size);
  expect(cloud.live(user)).toHaveLength(1);
  expect(cloud.history(watch)).toHaveLength(size);
  await cloud.untilTrue();
});

test('a channel is stopped with the credentials that opened it, even after its watch got others', async ({
  cloud,
}) => {
  const user = cloud.newUser();
  const spec = { user, resource: 'settings' } as const;
  const watch = await cloud.register(spec);
  await cloud.processed(watch);
  expect(cloud.live(user)).toHaveLength(1);
  // No user has consented here: a call with these credentials cannot succeed.
  await cloud.watch(watch, { ...spec, auth: 'oauth', removed: 'keep' });
  expect(await cloud.renew()).toMatchObject({ stopped: 1 });
  expect(cloud.live(user)).toEqual([]);
});
