/** Notifications that arrive early, twice or never, and invalid sync tokens: nothing is lost, for each resource. */
import { describe, expect } from 'vitest';
import type { Call, Route } from '../../infra/emulator/protocol/http.ts';
import { watchIdOf } from '../../functions/watches/watch-id.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { collectionOf } from '../support/pipeline.ts';
import { DELETABLE, isDeletable, SUBJECTS, watchSubject } from '../support/subjects.ts';

/** By user: what happens while a watch call is answered, with the channel open and the response not sent yet. */
const beforeAnswer = new Map<string, () => Promise<void>>();

/** The watch methods of the emulator, with a response that waits for the test. */
function holdAnswers(route: Route): Route {
  if (!route.id.endsWith('.watch')) return route;
  const handle = async (call: Call) => {
    const answer = await route.handle(call);
    await beforeAnswer.get(call.user)?.();
    return answer;
  };
  return { ...route, handle };
}

const test = cloudTest({
  calendar: { channels: { syncBeforeResponse: 'always' }, routes: (routes) => routes.map(holdAnswers) },
});

describe.each(SUBJECTS)('$resource', (subject) => {
  test('a notification that arrives before the watch call returns is kept (F9)', async ({ cloud }) => {
    const user = cloud.newUser();
    const spec = subject.spec(user);
    const id = await subject.insert(cloud, user);
    beforeAnswer.set(user, async () => {
      await subject.edit(cloud, user, id, 1);
      // The response of the watch call waits until the mirror shows what was announced meanwhile.
      await eventually(async () =>
        expect((await cloud.mirror(spec)).get(id)?.data).toMatchObject(subject.edited(1)),
      );
    });
    const watch = await cloud.register(spec);
    await cloud.untilTrue();
    const [channel] = cloud.live(user);
    expect((await cloud.status(watch)).channel?.id).toBe(channel?.id);
    const arrived = cloud.calendar.journal.notifications({ channelId: channel?.id ?? '', fate: 'delivered' });
    expect(arrived.map(({ state, status }) => [state, status])).toEqual([
      ['sync', 204],
      ['exists', 204],
    ]);
  });

  test('a notification that arrives five times announces its change once', async ({ cloud }) => {
    const { user, watch, items, before } = await watchSubject(cloud, subject);
    using _ = cloud.fault({
      on: 'notification',
      match: { user, state: 'exists' },
      effect: { do: 'duplicate', copies: 4 },
    });
    await subject.edit(cloud, user, items[0], 1);
    await cloud.processed(watch);
    await cloud.untilTrue();
    const [channel] = cloud.live(user);
    const filter = { channelId: channel?.id ?? '', state: 'exists', fate: 'delivered' } as const;
    expect(cloud.calendar.journal.notifications(filter)).toHaveLength(5);
    expect(cloud.history(watch).slice(before)).toMatchObject([{ itemId: items[0], change: 'updated' }]);
  });

  test('an edit whose notification is lost is found by a poll, and the channel is replaced', async ({
    cloud,
  }) => {
    const { user, spec, watch, items, before } = await watchSubject(cloud, subject);
    const [silent] = cloud.live(user);
    {
      using _ = cloud.losingNotifications(user);
      await subject.edit(cloud, user, items[0], 1);
      await cloud.calendar.settle();
    }
    const dropped = { channelId: silent?.id ?? '', fate: 'dropped' } as const;
    expect(cloud.calendar.journal.notifications(dropped)).toHaveLength(1);

    await cloud.renewNow(watch);
    await eventually(() => expect(cloud.history(watch)).toHaveLength(before + 1));
    // Sync makes the watch due at once, as a silent channel may be dead.
    await eventually(async () => {
      await cloud.renew();
      expect((await cloud.status(watch)).channel?.id).not.toBe(silent?.id);
    });
    const live = cloud.live(user).map(({ id }) => id);
    expect(live).toEqual([(await cloud.status(watch)).channel?.id]);

    await subject.edit(cloud, user, items[1], 2);
    await eventually(async () =>
      expect((await cloud.mirror(spec)).get(items[1])?.data).toMatchObject(subject.edited(2)),
    );
    await cloud.untilTrue();
  });

  test('an invalid sync token causes a full sync, which touches only what differs (F2, F5)', async ({
    cloud,
  }) => {
    const { user, spec, watch, items, before } = await watchSubject(cloud, subject);
    const kept = await subject.insert(cloud, user);
    await cloud.processed(watch);
    await eventually(() => expect(cloud.history(watch)).toHaveLength(before + 1));
    const untouched = await cloud.document(spec, kept);
    const sizes: number[] = [];
    const stop = cloud.firestore
      .collection(collectionOf(spec))
      .onSnapshot(({ size }) => void sizes.push(size));
    await eventually(() => expect(sizes).toHaveLength(1));

    {
      using _ = cloud.losingNotifications(user);
      // No incremental list will ever have this deletion.
      if (isDeletable(subject)) await subject.remove(cloud, user, items[0]);
      await cloud.calendar.settle();
    }
    cloud.calendar.store.expireSyncTokens(
      spec.calendarId === undefined
        ? { resource: subject.resource === 'settings' ? 'settings' : 'calendarList', user }
        : { resource: subject.resource === 'acl' ? 'acl' : 'events', calendarId: spec.calendarId },
    );
    await subject.edit(cloud, user, items[1], 1);

    const deletions = isDeletable(subject) ? [{ itemId: items[0], change: 'deleted', after: null }] : [];
    await eventually(() =>
      expect(cloud.history(watch).slice(before + 1)).toMatchObject([
        { itemId: items[1], change: 'updated', after: subject.edited(1) },
        ...deletions,
      ]),
    );
    // The listener may learn of a deletion after the feed.
    await eventually(() => expect(sizes.at(-1)).toBe((sizes[0] ?? 0) - deletions.length));
    stop();
    expect(cloud.calls(user).filter(({ status }) => status === 410)).not.toHaveLength(0);
    expect(await cloud.document(spec, kept)).toEqual(untouched);
    expect(Math.min(...sizes)).toBe((sizes[0] ?? 0) - deletions.length);
    await cloud.untilTrue();
  });
});

describe.each(DELETABLE)('$resource', (subject) => {
  test('an item that came and went unannounced is not a change, but the channel is replaced', async ({
    cloud,
  }) => {
    const { user, watch, before } = await watchSubject(cloud, subject);
    const silent = (await cloud.status(watch)).channel?.id;
    {
      using _ = cloud.losingNotifications(user);
      await subject.remove(cloud, user, await subject.insert(cloud, user));
      await cloud.calendar.settle();
    }
    await cloud.renewNow(watch);
    await eventually(async () => {
      await cloud.renew();
      expect((await cloud.status(watch)).channel?.id).not.toBe(silent);
    });
    expect(cloud.history(watch)).toHaveLength(before);
    await cloud.untilTrue();
  });
});

test('a channel is stored before the watch call', async ({ cloud }) => {
  const user = cloud.newUser();
  const known = () => cloud.firestore.collection('channels').where('user', '==', user).get();
  let during: unknown;
  beforeAnswer.set(user, async () => {
    during = (await known()).docs.map((each) => [each.id, each.get('state')]);
  });
  await cloud.register({ user, resource: 'settings' });
  const [channel] = cloud.live(user);
  expect(during).toEqual([[channel?.id, 'creating']]);
  expect((await known()).docs.map((each) => each.get('state'))).toEqual(['live']);
});

test('a channel that is unwanted when it opens is stopped, and never the watch’s own', async ({ cloud }) => {
  const user = cloud.newUser();
  const spec = { user, resource: 'settings' } as const;
  const watch = watchIdOf(spec);
  beforeAnswer.set(user, () => cloud.watch(watch, { ...spec, removed: 'keep' }));
  await cloud.register(spec);
  expect(cloud.calls(user).filter(({ method }) => method.endsWith('.watch'))).toHaveLength(1);
  expect(cloud.live(user)).toEqual([]);
  expect(await cloud.status(watch)).not.toHaveProperty('channel');
});
