/** Invalid specs: each has its reason in the status, and none delays others. */
import { randomUUID } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { askAbout, AT, eventsOf, PRIMARY } from '../support/watched-events.ts';

let cloud: Pipeline;
let about: ReturnType<typeof askAbout>;

beforeAll(async () => {
  cloud = await startPipeline();
  about = askAbout(cloud);
});
afterAll(() => cloud[Symbol.asyncDispose]());

describe('a spec', () => {
  test('that is invalid pauses its watch with the reason; once fixed, the watch is active', async () => {
    const user = cloud.newUser();
    const watch = `invalid-${randomUUID()}`;
    const nextDueAt = Timestamp.fromMillis(0);
    await cloud.firestore.doc(`watches/${watch}`).set({ spec: { user, resource: 'tasks' }, nextDueAt });
    await cloud.renew();
    await about.untilStatus(watch, {
      state: 'paused',
      reason: 'invalidSpec',
      detail: expect.stringContaining('spec.resource'),
    });
    expect(cloud.live(user)).toEqual([]);
    await cloud.watch(watch, eventsOf(user));
    await cloud.renew();
    expect(await about.untilStatus(watch, { state: 'active' })).not.toHaveProperty('detail');
    expect(cloud.live(user)).toHaveLength(1);
    const { id } = await cloud.as(user).insert(PRIMARY, { summary: 'one', ...AT });
    await eventually(async () => expect(await about.ids(eventsOf(user))).toEqual([id]));
  });

  test('that becomes invalid pauses its watch at the next notification, and keeps its items', async () => {
    const { user, spec, watch, id } = await about.watched();
    const document = cloud.firestore.doc(`watches/${watch}`);
    await document.update({ 'spec.singleEvents': 'yes' });
    await cloud.as(user).insert(PRIMARY, { summary: 'two', ...AT });
    await about.untilStatus(watch, {
      state: 'paused',
      reason: 'invalidSpec',
      detail: expect.stringContaining('spec.singleEvents'),
    });
    expect(await about.ids(spec)).toEqual([id]);
    await document.update({ spec });
    await cloud.renewNow(watch);
    await about.untilStatus(watch, { state: 'active' });
    await eventually(async () => expect(await about.ids(spec)).toHaveLength(2));
  });

  test('whose identity is edited pauses its watch; once it is set back, the watch recovers', async () => {
    const { user, spec, watch, id } = await about.watched();
    await cloud.watch(watch, { user, resource: 'settings' });
    await cloud.renew();
    await about.untilStatus(watch, {
      state: 'paused',
      reason: 'specChanged',
      detail: expect.stringContaining(user),
    });
    expect(await about.ids(spec)).toEqual([id]);
    expect(await about.ids({ user, resource: 'settings' })).toEqual([]);
    const { id: second } = await cloud.as(user).insert(PRIMARY, { summary: 'two', ...AT });
    await cloud.watch(watch, spec);
    await cloud.renew();
    await about.untilStatus(watch, { state: 'active' });
    await eventually(async () => expect((await about.ids(spec)).toSorted()).toEqual([id, second].toSorted()));
    await eventually(() => expect(cloud.history(watch).map(({ sequence }) => sequence)).toEqual([1, 2]));
  });

  test.each(['keep', 'purge'] as const)(
    'of a collection that is taken pauses its watch until the first is removed (%s)',
    async (removed) => {
      const { user, spec, watch, id } = await about.watched();
      const second = `second-${randomUUID()}`;
      await cloud.watch(second, { ...spec, calendarId: 'primary' });
      await cloud.renew();
      await about.untilStatus(second, {
        state: 'paused',
        reason: 'collectionTaken',
        detail: expect.stringContaining(watch),
      });
      expect(cloud.changes(second)).toEqual([]);
      await cloud.watch(watch, { ...spec, removed });
      await cloud.renew();
      await about.untilStatus(watch, { state: 'removed' });
      await cloud.renewNow(second);
      await about.untilStatus(second, { state: 'active' });
      const { id: next } = await cloud.as(user).insert(PRIMARY, { summary: 'two', ...AT });
      await eventually(async () => expect((await about.ids(spec)).toSorted()).toEqual([id, next].toSorted()));
      await eventually(() => expect(cloud.changes(second).some(({ itemId }) => itemId === next)).toBe(true));
      expect(cloud.live(user)).toHaveLength(1);
    },
  );
});
