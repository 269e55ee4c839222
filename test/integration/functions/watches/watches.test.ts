/** `calendar-mirror/watches`: what programs write and read, on a real Firestore. */
import { randomBytes } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { afterAll, describe, expect, test } from 'vitest';
import { createFirestore } from '../../../../functions/firestore/client.ts';
import { createMirror } from '../../../../functions/mirror/index.ts';
import { parseSpec } from '../../../../functions/watches/spec.ts';
import { watchIdOf, watchIdsOf } from '../../../../functions/watches/watch-id.ts';
import { listWatches, putWatch, removeWatch, type WatchSpec } from '../../../../functions/watches/index.ts';

const firestore = createFirestore(`demo-${randomBytes(4).toString('hex')}`, '(default)');
const mirror = createMirror(firestore);
afterAll(() => firestore.terminate());

let users = 0;
function newSpec(more: Partial<WatchSpec> = {}): WatchSpec {
  users += 1;
  return { user: `ada${String(users)}@example.com`, resource: 'events', calendarId: 'team', ...more };
}
const documentOf = (id: string) => firestore.doc(`watches/${id}`);

async function claim(id: string, spec: WatchSpec): Promise<void> {
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new Error(parsed.problem);
  expect(await mirror.claim(id, parsed.value)).toBe('claimed');
}

describe('putWatch', () => {
  test('writes the spec with the canonical id of its calendar, due at once', async () => {
    const spec = newSpec({ calendarId: 'primary' });
    const id = await putWatch(firestore, spec);
    expect(id).toBe(watchIdOf(spec));
    expect((await documentOf(id).get()).data()).toEqual({
      spec: { ...spec, calendarId: spec.user },
      nextDueAt: expect.any(Timestamp),
    });
    const due = await mirror.dueWatches(Date.now() + 60_000, 1000);
    expect(due.map((each) => (each.ok ? each.watch.id : each.id))).toContain(id);
  });

  test('edits a watch by merge: its status stays, and a requested removal is withdrawn', async () => {
    const spec = newSpec();
    const id = await putWatch(firestore, spec);
    await claim(id, spec);
    const status = { state: 'active', sync: { sequence: 7, failures: 0, token: 'token' } };
    await documentOf(id).set({ status }, { merge: true });
    const before: unknown = (await documentOf(id).get()).get('status');
    expect(await removeWatch(firestore, id, 'keep')).toBe(true);
    expect((await documentOf(id).get()).get('spec')).toEqual({ ...spec, removed: 'keep' });
    expect(await putWatch(firestore, { ...spec, singleEvents: true })).toBe(id);
    const after = await documentOf(id).get();
    expect(after.get('spec')).toEqual({ ...spec, singleEvents: true });
    expect(after.get('status')).toEqual(before);
  });

  test.each([
    ['mirrors its collection', true],
    ['has not claimed it yet', false],
  ])('finds the watch that has the id of an earlier version and %s', async (_, claimed) => {
    const spec = newSpec();
    const [, former] = watchIdsOf(spec);
    await documentOf(former).set({ spec });
    if (claimed) await claim(former, spec);
    expect(await putWatch(firestore, spec)).toBe(former);
    expect((await documentOf(watchIdOf(spec)).get()).exists).toBe(false);
  });

  test('creates a watch if another collection has the id of an earlier version', async () => {
    const spec = newSpec();
    const [current, former] = watchIdsOf(spec);
    await documentOf(former).set({ spec: newSpec() });
    expect(await putWatch(firestore, spec)).toBe(current);
  });

  test('finds the watch with another id that mirrors the collection', async () => {
    const spec = newSpec();
    await putWatch(firestore, spec, { id: 'my-own' });
    await claim('my-own', spec);
    expect(await putWatch(firestore, spec)).toBe('my-own');
    await expect(putWatch(firestore, spec, { id: 'another' })).rejects.toMatchObject({
      name: 'WatchError',
      problem: 'collectionTaken',
      message: expect.stringContaining('is mirrored by the watch my-own: use that id or none'),
    });
  });

  test('makes a followed watch the caller’s own', async () => {
    const spec = newSpec();
    const id = watchIdOf(spec);
    await documentOf(id).set({ spec, followedBy: 'list' });
    await putWatch(firestore, spec);
    expect((await documentOf(id).get()).data()).toEqual({ spec, nextDueAt: expect.any(Timestamp) });
  });

  test.each([
    ['a resource that is none', { resource: 'tasks' }, {}, 'invalidSpec', /^invalid watch: spec\.resource: /],
    ['a removal', { removed: 'keep' }, {}, 'invalidSpec', /request removal with removeWatch$/],
    ['an id that is none', {}, { id: 'a/b' }, 'invalidId', /^invalid watch id "a\/b": use 1–100 letters/],
    [
      'an id of a watch of something else',
      {},
      { id: 'taken' },
      'idTaken',
      /^watches\/taken is a watch of users\//,
    ],
  ])('writes nothing for %s', async (_, more, options, problem, message) => {
    await documentOf('taken').set({ spec: newSpec() });
    const before = await firestore.collection('watches').count().get();
    // As a program without types may call it.
    const spec: WatchSpec = Object.assign(newSpec(), more);
    await expect(putWatch(firestore, spec, options)).rejects.toMatchObject({
      problem,
      message: expect.stringMatching(message),
    });
    expect((await firestore.collection('watches').count().get()).data()).toEqual(before.data());
  });

  test('reports the id of another collection’s watch, and writes where an id is given', async () => {
    const spec = newSpec();
    await documentOf(watchIdOf(spec)).set({ spec: newSpec() });
    await expect(putWatch(firestore, spec)).rejects.toMatchObject({
      problem: 'idTaken',
      message: expect.stringMatching(/: give an id of your own$/),
    });
    expect(await putWatch(firestore, spec, { id: 'free' })).toBe('free');
  });
});

test('removeWatch requests nothing without such a watch', async () => {
  expect(await removeWatch(firestore, 'nowhere', 'purge')).toBe(false);
  await expect(removeWatch(firestore, '..', 'keep')).rejects.toMatchObject({ problem: 'invalidId' });
});

test('listWatches lists every watch, including unreadable ones', async () => {
  const spec = newSpec();
  const id = await putWatch(firestore, spec);
  await documentOf('odd-status').set({ spec, status: { state: 'sleepy' } });
  await documentOf('odd-spec').set({ spec: { ...spec, resource: 'tasks' } });
  const listed = new Map((await listWatches(firestore)).map((each) => [each.id, each]));
  expect(listed.get(id)).toMatchObject({ ...spec, state: 'pending', sequence: 0, syncedAt: undefined });
  expect(listed.get('odd-status')).toMatchObject({
    state: 'unreadable',
    detail: expect.stringContaining('status'),
  });
  expect(listed.get('odd-spec')).toMatchObject({
    state: 'pending',
    detail: expect.stringContaining('resource'),
  });
});
