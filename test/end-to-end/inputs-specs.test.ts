/** Invalid specs: each has its reason in the status, and none delays others. */
import { randomUUID } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { describe, expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf, insertEvent, mirroredIds, untilStatus, watchedEvents } from '../support/watched-events.ts';

const test = cloudTest();

describe('a spec', () => {
  test('that is invalid pauses its watch with the reason; once fixed, the watch is active', async ({
    cloud,
  }) => {
    const user = cloud.newUser();
    const watch = `invalid-${randomUUID()}`;
    const nextDueAt = Timestamp.fromMillis(0);
    await cloud.firestore.doc(`watches/${watch}`).set({ spec: { user, resource: 'tasks' }, nextDueAt });
    await cloud.renew();
    await untilStatus(cloud, watch, {
      state: 'paused',
      reason: 'invalidSpec',
      detail: expect.stringContaining('spec.resource'),
    });
    expect(cloud.live(user)).toEqual([]);
    await cloud.watch(watch, eventsOf(user));
    await cloud.renew();
    expect(await untilStatus(cloud, watch, { state: 'active' })).not.toHaveProperty('detail');
    expect(cloud.live(user)).toHaveLength(1);
    const id = await insertEvent(cloud, user, 'one');
    await eventually(async () => expect(await mirroredIds(cloud, eventsOf(user))).toEqual([id]));
  });

  test('that becomes invalid pauses its watch at the next notification, and keeps its items', async ({
    cloud,
  }) => {
    const { user, spec, watch, id } = await watchedEvents(cloud);
    const document = cloud.firestore.doc(`watches/${watch}`);
    await document.update({ 'spec.singleEvents': 'yes' });
    await insertEvent(cloud, user, 'two');
    await untilStatus(cloud, watch, {
      state: 'paused',
      reason: 'invalidSpec',
      detail: expect.stringContaining('spec.singleEvents'),
    });
    expect(await mirroredIds(cloud, spec)).toEqual([id]);
    await document.update({ spec });
    await cloud.renewNow(watch);
    await untilStatus(cloud, watch, { state: 'active' });
    await eventually(async () => expect(await mirroredIds(cloud, spec)).toHaveLength(2));
  });

  test('whose identity is edited pauses its watch; once it is set back, the watch recovers', async ({
    cloud,
  }) => {
    const { user, spec, watch, id } = await watchedEvents(cloud);
    await cloud.watch(watch, { user, resource: 'settings' });
    await cloud.renew();
    await untilStatus(cloud, watch, {
      state: 'paused',
      reason: 'specChanged',
      detail: expect.stringContaining(user),
    });
    expect(await mirroredIds(cloud, spec)).toEqual([id]);
    expect(await mirroredIds(cloud, { user, resource: 'settings' })).toEqual([]);
    const second = await insertEvent(cloud, user, 'two');
    await cloud.watch(watch, spec);
    await cloud.renew();
    await untilStatus(cloud, watch, { state: 'active' });
    await eventually(async () =>
      expect((await mirroredIds(cloud, spec)).toSorted()).toEqual([id, second].toSorted()),
    );
    await eventually(() => expect(cloud.history(watch).map(({ sequence }) => sequence)).toEqual([1, 2]));
  });

  test.for(['keep', 'purge'] as const)(
    'of a collection that is taken pauses its watch until the first is removed (%s)',
    async (removed, { cloud }) => {
      const { user, spec, watch, id } = await watchedEvents(cloud);
      const second = `second-${randomUUID()}`;
      await cloud.watch(second, { ...spec, calendarId: 'primary' });
      await cloud.renew();
      await untilStatus(cloud, second, {
        state: 'paused',
        reason: 'collectionTaken',
        detail: expect.stringContaining(watch),
      });
      expect(cloud.changes(second)).toEqual([]);
      await cloud.watch(watch, { ...spec, removed });
      await cloud.renew();
      await untilStatus(cloud, watch, { state: 'removed' });
      await cloud.renewNow(second);
      await untilStatus(cloud, second, { state: 'active' });
      const next = await insertEvent(cloud, user, 'two');
      await eventually(async () =>
        expect((await mirroredIds(cloud, spec)).toSorted()).toEqual([id, next].toSorted()),
      );
      await eventually(() => expect(cloud.changes(second).some(({ itemId }) => itemId === next)).toBe(true));
      expect(cloud.live(user)).toHaveLength(1);
    },
  );
});
