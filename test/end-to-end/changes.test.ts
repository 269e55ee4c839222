/** Changes in Google Calendar arrive in the mirror and the feed, for each of the four resources. */
import { describe, expect } from 'vitest';
import { readReceiveConfig } from '../../functions/config.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { notificationHeaders, sendNotification } from '../support/notification-request.ts';
import { collectionOf, type Pipeline } from '../support/pipeline.ts';
import { DELETABLE, SUBJECTS, watchSubject } from '../support/subjects.ts';

const test = cloudTest();

const latest = (cloud: Pipeline, watch: string) => cloud.history(watch).at(-1);
/** Returns the reasons of the syncs of a watch that found changes. */
const causes = (cloud: Pipeline, watch: string) =>
  cloud.logs
    .filter(({ message, fields }) => message === 'synced' && fields['watch'] === watch)
    .filter(({ fields }) => Number(fields['changes']) > 0)
    .map(({ fields }) => fields['reason']);

describe.each(SUBJECTS)('$resource', (subject) => {
  test('existing items are mirrored and announced as snapshots', async ({ cloud }) => {
    const { spec, watch, items } = await watchSubject(cloud, subject);
    const mirror = await cloud.mirror(spec);
    expect([...mirror.keys()]).toEqual(expect.arrayContaining([...items]));
    const history = cloud.history(watch);
    expect(history.map(({ sequence }) => sequence)).toEqual([...mirror.keys()].map((_, index) => index + 1));
    expect(new Set(history.map(({ change }) => change))).toEqual(new Set(['snapshot']));
    expect(await cloud.status(watch)).toMatchObject({
      state: 'active',
      channel: { id: cloud.live(spec.user)[0]?.id },
      sync: { token: expect.any(String), sequence: mirror.size },
    });
  });

  test('a new item is mirrored and announced as created after its notification (F16)', async ({ cloud }) => {
    const { user, spec, watch, before } = await watchSubject(cloud, subject);
    const id = await subject.insert(cloud, user);
    await eventually(() =>
      expect(latest(cloud, watch)).toMatchObject({
        itemId: id,
        change: 'created',
        sequence: before + 1,
        before: null,
        after: { id },
      }),
    );
    expect(latest(cloud, watch)?.attributes).toMatchObject({
      'ce-id': `${watch}/${before + 1}`,
      'ce-type': `calendar.${subject.resource}.created`,
      'ce-subject': `${collectionOf(spec)}/${id}`,
      watch,
      user,
      item: id,
    });
    await cloud.untilTrue();
    // Sync's log entry may still be on its way.
    await eventually(() => expect(causes(cloud, watch)).toEqual(['poll', 'push']));
  });

  test('an edited item is announced as updated, with its states before and after', async ({ cloud }) => {
    const { user, spec, watch, items, before } = await watchSubject(cloud, subject);
    const [id] = items;
    await subject.edit(cloud, user, id, 1);
    await eventually(() => expect(latest(cloud, watch)).toMatchObject({ after: subject.edited(1) }));
    await subject.edit(cloud, user, id, 2);
    await eventually(() => expect(latest(cloud, watch)).toMatchObject({ after: subject.edited(2) }));
    expect(latest(cloud, watch)).toMatchObject({
      itemId: id,
      change: 'updated',
      sequence: before + 2,
      before: subject.edited(1),
    });
    await cloud.untilTrue();
    expect((await cloud.mirror(spec)).get(id)?.data).toMatchObject(subject.edited(2));
    expect((await cloud.document(spec, id)).sequence).toBe(before + 2);
  });

  test('an item that changes many times ends in its last state, and its changes are in order', async ({
    cloud,
  }) => {
    const { user, spec, watch, items } = await watchSubject(cloud, subject);
    for (let number = 1; number <= 20; number += 1) await subject.edit(cloud, user, items[0], number);
    await cloud.processed(watch);
    await cloud.untilTrue();
    expect((await cloud.mirror(spec)).get(items[0])?.data).toMatchObject(subject.edited(20));
  });
});

test.for(DELETABLE)(
  'a deleted item of $resource ($tombstone) leaves the mirror and is announced with its last state',
  async (subject, { cloud }) => {
    const { user, spec, watch, items, before } = await watchSubject(cloud, subject);
    const [id, other] = items;
    await subject.remove(cloud, user, id);
    await eventually(() =>
      expect(latest(cloud, watch)).toMatchObject({
        itemId: id,
        change: 'deleted',
        sequence: before + 1,
        before: { id },
        after: null,
      }),
    );
    const mirror = await cloud.mirror(spec);
    expect(mirror.has(id)).toBe(false);
    expect(mirror.has(other)).toBe(true);
    await cloud.untilTrue();
  },
);

test('no function logs a token or the contents of an item', async ({ cloud }) => {
  const user = cloud.newUser();
  const spec = { user, resource: 'events', calendarId: user } as const;
  const times = { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };
  const events = `calendars/${user}/events`;
  const { id } = await cloud.as(user).insert(events, { summary: 'a surprise', ...times });
  const watch = await cloud.register(spec);
  await cloud.processed(watch);
  const [channel] = cloud.live(user);
  const { sync } = await cloud.status(watch);
  await cloud.as(user).patch(`${events}/${id}`, { summary: 'a secret' });
  await cloud.processed(watch);
  await sendNotification(cloud.urls.receive, notificationHeaders('not-its-channel', channel?.token ?? ''));
  {
    const match = { method: 'calendar.events.list', user };
    const effect = { do: 'fail', status: 400, message: 'a secret' } as const;
    using _ = cloud.fault({ on: 'request', match, effect });
    await cloud.renewNow(watch);
    await eventually(() => expect(cloud.logs.some(({ message }) => message === 'sync failed')).toBe(true));
  }
  const keys = readReceiveConfig(cloud.env).CHANNEL_TOKEN_KEYS.map(({ secret }) =>
    secret.export().toString('base64'),
  );
  const secrets = [channel?.token, sync?.token, ...keys, 'mac=', 'a surprise', 'a secret'];
  const logs = JSON.stringify(cloud.logs);
  expect(secrets.filter((secret) => secret === undefined || logs.includes(secret))).toEqual([]);
  expect(logs).toContain('notifications rejected');
});
