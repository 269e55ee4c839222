/** The life of channels, for each resource: replaced with overlap, stopped when unwanted, and absent where Google has none. */
import { Timestamp } from '@google-cloud/firestore';
import { describe, expect } from 'vitest';
import type { Call, Route } from '../../infra/emulator/protocol/http.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { SUBJECTS, watchSubject } from '../support/subjects.ts';

/** By user: what happens before a call to stop a channel takes effect. */
const beforeStop = new Map<string, () => Promise<void>>();

function holdStops(route: Route): Route {
  if (route.id !== 'calendar.channels.stop') return route;
  const handle = async (call: Call) => {
    await beforeStop.get(call.user)?.();
    return route.handle(call);
  };
  return { ...route, handle };
}

const test = cloudTest({
  calendar: { routes: (routes) => routes.map(holdStops) },
});

/** Returns the calls about a user's channels, in the order of the responses. */
const channelCalls = (cloud: Pipeline, user: string) =>
  cloud
    .calls(user)
    .filter(({ method }) => method.endsWith('.watch') || method === 'calendar.channels.stop')
    .map(({ method, status }) => `${method.split('.').at(-1)} ${status}`);

describe.each(SUBJECTS)('$resource', (subject) => {
  test('a channel is replaced before it expires, without a gap (F11)', async ({ cloud }) => {
    const { user, watch, items, before } = await watchSubject(cloud, subject);
    const [first] = cloud.live(user);
    const liveAfterEachCall: number[] = [];
    const end = cloud.calendar.journal.subscribe((entry) => {
      if (entry.kind === 'request' && entry.user === user) liveAfterEachCall.push(cloud.live(user).length);
    });
    beforeStop.set(user, async () => {
      // Two channels are open now, and both announce this.
      expect(cloud.live(user)).toHaveLength(2);
      await subject.edit(cloud, user, items[0], 1);
      await cloud.calendar.settle();
    });
    await cloud.replaceNow(watch);
    end();

    expect(channelCalls(cloud, user)).toEqual(['watch 200', 'watch 200', 'stop 204']);
    expect(Math.min(...liveAfterEachCall)).toBe(1);
    const [second] = cloud.live(user);
    expect(second?.id).not.toBe(first?.id);
    expect((await cloud.status(watch)).channel?.id).toBe(second?.id);
    await cloud.processed(watch);
    await cloud.untilTrue();
    expect(cloud.history(watch).slice(before)).toMatchObject([{ itemId: items[0], change: 'updated' }]);
  });

  test('a channel stays while it cannot be replaced', async ({ cloud }) => {
    const { user, watch, items } = await watchSubject(cloud, subject);
    const [channel] = cloud.live(user);
    {
      const method = `calendar.${subject.resource}.watch`;
      using _ = cloud.fault({ on: 'request', match: { method, user }, effect: { do: 'fail', status: 500 } });
      await cloud.replaceNow(watch);
    }
    expect(channelCalls(cloud, user)).toEqual(['watch 200', 'watch 500']);
    expect(cloud.live(user)).toMatchObject([{ id: channel?.id }]);
    expect(await cloud.status(watch)).toMatchObject({ state: 'active', channel: { id: channel?.id } });
    await subject.edit(cloud, user, items[0], 1);
    await eventually(() => expect(cloud.history(watch).at(-1)).toMatchObject({ after: subject.edited(1) }));
  });

  test('a channel whose watch call got no response is stopped, and the watch polled until the next (F12)', async ({
    cloud,
  }) => {
    const user = cloud.newUser();
    const id = await subject.insert(cloud, user);
    const method = `calendar.${subject.resource}.watch`;
    cloud.calendar.faults.add({
      on: 'request',
      match: { method, user },
      times: 1,
      effect: { do: 'hangUp', when: 'after' },
    });
    const watch = await cloud.register(subject.spec(user));
    await cloud.processed(watch);
    await cloud.untilTrue();
    expect(await cloud.status(watch)).toMatchObject({ state: 'polling', reason: 'network' });
    const [lost] = cloud.live(user);

    // Its first message has told the resource id, without which it could not be stopped.
    const known = cloud.firestore.doc(`channels/${lost?.id ?? ''}`);
    await known.update({ nextDueAt: new Date() });
    await cloud.renew();
    expect(cloud.live(user)).toEqual([]);
    expect((await known.get()).exists).toBe(false);

    await subject.edit(cloud, user, id, 1);
    await cloud.renewNow(watch);
    await eventually(() => expect(cloud.history(watch).at(-1)).toMatchObject({ after: subject.edited(1) }));
  });

  test('a watch that Google cannot push is polled, with the reason in its status (F13)', async ({
    cloud,
  }) => {
    const user = cloud.newUser();
    const id = await subject.insert(cloud, user);
    const reason = 'pushNotSupportedForRequestedResource';
    const method = `calendar.${subject.resource}.watch`;
    cloud.fault({
      on: 'request',
      match: { method, user },
      effect: { do: 'fail', status: 400, reason },
    });
    const watch = await cloud.register(subject.spec(user));
    await cloud.processed(watch);
    await cloud.untilTrue();
    expect(await cloud.status(watch)).toMatchObject({ state: 'polling', reason });

    await subject.edit(cloud, user, id, 1);
    await cloud.renewNow(watch);
    await eventually(() =>
      expect(cloud.history(watch).at(-1)).toMatchObject({ itemId: id, after: subject.edited(1) }),
    );
    expect(await cloud.status(watch)).toMatchObject({ state: 'polling', reason });
    // What Google rejects now it also rejects in a minute.
    expect(channelCalls(cloud, user)).toEqual(['watch 400']);
  });
});

test('a calendar that Google never pushes is polled', async ({ cloud }) => {
  const user = cloud.newUser();
  const calendarId = 'en.german#holiday@group.v.calendar.google.com';
  const events = [
    { id: 'unity', summary: 'Unity', start: { date: '2030-10-03' }, end: { date: '2030-10-04' } },
  ];
  cloud.calendar.seed({
    users: [{ email: user, calendars: [{ id: calendarId, summary: 'Holidays', events }] }],
  });
  const spec = { user, resource: 'events', calendarId } as const;
  const watch = await cloud.register(spec);
  await cloud.untilTrue();
  expect((await cloud.mirror(spec)).has('unity')).toBe(true);
  expect(await cloud.status(watch)).toMatchObject({
    state: 'polling',
    reason: 'pushNotSupportedForRequestedResource',
  });
});

test('the watch of a deleted calendar is gone, gets no channel, and keeps its items (F13)', async ({
  cloud,
}) => {
  const user = cloud.newUser();
  const api = cloud.as(user);
  const { id: calendarId } = await api.insert('calendars', { summary: 'short-lived' });
  const times = { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };
  const { id } = await api.insert(`calendars/${calendarId}/events`, { summary: 'last', ...times });
  const spec = { user, resource: 'events', calendarId } as const;
  const watch = await cloud.register(spec);
  await cloud.processed(watch);
  await cloud.untilTrue();

  await api.remove(`calendars/${calendarId}`);
  await cloud.replaceNow(watch);
  await eventually(async () => {
    expect(await cloud.status(watch)).toMatchObject({ state: 'gone', reason: 'notFound' });
  });
  // However long ago that was.
  const failedAt = Timestamp.fromMillis(0);
  await cloud.firestore.doc(`watches/${watch}`).update({ 'status.watchCall.failedAt': failedAt });
  await cloud.renewNow(watch);
  expect(channelCalls(cloud, user)).toEqual(['watch 200', 'watch 404']);
  expect([...(await cloud.mirror(spec)).keys()]).toEqual([id]);
  expect(cloud.history(watch)).toHaveLength(1);
});

test('a channel is requested in milliseconds, for a week less at most a twentieth (F18)', async ({
  cloud,
}) => {
  const user = cloud.newUser();
  const watch = await cloud.register({ user, resource: 'settings' });
  const call = cloud.calls(user).find(({ method }) => method === 'calendar.settings.watch');
  const [channel] = cloud.live(user);
  const week = 7 * 24 * 3_600_000;
  const life = (channel?.expiresAt ?? 0) - (call?.time ?? 0);
  expect(life).toBeLessThanOrEqual(week);
  expect(life).toBeGreaterThan(0.94 * week);
  const expiresAt: unknown = (await cloud.firestore.doc(`watches/${watch}`).get()).get(
    'status.channel.expiresAt',
  );
  expect(expiresAt).toEqual(Timestamp.fromMillis(channel?.expiresAt ?? 0));
});
