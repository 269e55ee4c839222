/** Behaviour that only events have: series and occurrences, views, reminders, all-day events. */
import { Timestamp } from '@google-cloud/firestore';
import { expect } from 'vitest';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import type { Pipeline } from '../support/pipeline.ts';

const test = cloudTest();

const at = (day: number, hour = 9) => ({
  start: { dateTime: `2030-01-0${day}T0${hour}:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `2030-01-0${day}T0${hour}:30:00Z`, timeZone: 'UTC' },
});
const DAILY = { summary: 'daily', ...at(1), recurrence: ['RRULE:FREQ=DAILY;COUNT=4'] };

/** Creates a user whose primary calendar is watched. */
async function watched(
  cloud: Pipeline,
  view: Partial<WatchSpec> = {},
  prepare?: (user: string) => Promise<unknown>,
) {
  const user = cloud.newUser();
  const events = `calendars/${user}/events`;
  await prepare?.(user);
  const spec: WatchSpec = { user, resource: 'events', calendarId: user, ...view };
  const watch = await cloud.register(spec);
  await cloud.processed(watch);
  const api = cloud.as(user);
  /** Returns what was announced since, one word for each change. By number, as the feed may lag behind the mirror. */
  const last = (await cloud.status(watch)).sync?.sequence ?? 0;
  const told = (): string[] =>
    cloud
      .history(watch)
      .filter(({ sequence }) => sequence > last)
      .map(({ itemId, change }) => `${itemId} ${change}`);
  const mirror = () => cloud.mirror(spec);
  return { user, events, spec, watch, api, told, mirror };
}

test('a cancelled occurrence of an existing series stays in the mirror as cancelled', async ({ cloud }) => {
  const { events, api, told, mirror, spec } = await watched(cloud);
  const { id } = await api.insert(events, DAILY);
  const occurrence = `${id}_20300102T090000Z`;
  await eventually(() => expect(told()).toEqual([`${id} created`]));
  await api.remove(`${events}/${occurrence}`);
  await eventually(() => expect(told().at(-1)).toBe(`${occurrence} created`));
  expect((await mirror()).get(occurrence)?.data).toMatchObject({
    status: 'cancelled',
    recurringEventId: id,
  });
  expect(await cloud.document(spec, occurrence)).toMatchObject({ status: 'cancelled', recurringEventId: id });
  await cloud.untilTrue();
});

test('an occurrence that is changed and then cancelled is announced as updated, not deleted (F8)', async ({
  cloud,
}) => {
  const { events, api, told, mirror, spec } = await watched(cloud);
  const { id } = await api.insert(events, DAILY);
  const occurrence = `${id}_20300103T090000Z`;
  await api.patch(`${events}/${occurrence}`, { summary: 'special' });
  await eventually(() => expect(told()).toContain(`${occurrence} created`));
  await api.remove(`${events}/${occurrence}`);
  await eventually(() => expect(told().at(-1)).toBe(`${occurrence} updated`));
  // Google guarantees no more fields of it than these.
  expect((await mirror()).get(occurrence)?.data).toEqual({
    kind: 'calendar#event',
    etag: expect.any(String),
    id: occurrence,
    status: 'cancelled',
    recurringEventId: id,
    originalStartTime: expect.anything(),
  });
  expect(await cloud.document(spec, occurrence)).toMatchObject({ status: 'cancelled', startsAt: null });
  await cloud.untilTrue();
});

test('a deleted series deletes and announces its exceptions', async ({ cloud }) => {
  const { events, api, told, mirror } = await watched(cloud);
  const { id } = await api.insert(events, DAILY);
  const other = await api.insert(events, { summary: 'other', ...at(5) });
  const changed = `${id}_20300102T090000Z`;
  const cancelled = `${id}_20300103T090000Z`;
  await api.patch(`${events}/${changed}`, { summary: 'special' });
  await api.remove(`${events}/${cancelled}`);
  await eventually(async () => expect(await mirror()).toHaveProperty('size', 4));
  await api.remove(`${events}/${id}`);
  await eventually(async () => expect([...(await mirror()).keys()]).toEqual([other.id]));
  await cloud.untilTrue();
  expect(new Set(told().slice(-3))).toEqual(
    new Set([`${id} deleted`, `${changed} deleted`, `${cancelled} deleted`]),
  );
});

test('a series that moves is mirrored together with the effects on its exceptions', async ({ cloud }) => {
  const { events, api, mirror } = await watched(cloud);
  const { id } = await api.insert(events, DAILY);
  await api.patch(`${events}/${id}_20300104T090000Z`, { summary: 'special' });
  await eventually(async () => expect(await mirror()).toHaveProperty('size', 2));
  await api.patch(`${events}/${id}`, at(1, 7));
  await eventually(async () =>
    expect((await mirror()).get(id)?.data).toMatchObject({ start: { dateTime: '2030-01-01T07:00:00Z' } }),
  );
  await cloud.untilTrue();
});

test('a watch of single events mirrors occurrences, and deletes cancelled ones (F8)', async ({ cloud }) => {
  const { events, api, watch, mirror, told } = await watched(cloud, { singleEvents: true });
  const { id } = await api.insert(events, DAILY);
  const occurrences = [1, 2, 3, 4].map((day) => `${id}_2030010${day}T090000Z`);
  const [first = '', second = '', ...rest] = occurrences;
  await eventually(async () => expect([...(await mirror()).keys()]).toEqual(occurrences));
  await api.remove(`${events}/${first}`);
  await eventually(() => expect(told().at(-1)).toBe(`${first} deleted`));
  await api.patch(`${events}/${second}`, { summary: 'special' });
  await eventually(() => expect(told().at(-1)).toBe(`${second} updated`));
  expect([...(await mirror()).keys()]).toEqual([second, ...rest]);
  await cloud.untilTrue();

  await api.remove(`${events}/${id}`);
  await cloud.processed(watch);
  await eventually(async () => expect(await mirror()).toHaveProperty('size', 0));
  await cloud.untilTrue();
});

test('a watch of certain event types mirrors only these, and opens its channel only for these', async ({
  cloud,
}) => {
  const insert = async (user: string, eventType: string) =>
    (await cloud.as(user).insert(`calendars/${user}/events`, { summary: eventType, eventType, ...at(1) })).id;
  const { user, watch, mirror, told } = await watched(
    cloud,
    { eventTypes: ['focusTime', 'outOfOffice'] },
    (owner) => Promise.all(['default', 'focusTime', 'outOfOffice'].map((type) => insert(owner, type))),
  );
  const types = async () => new Set([...(await mirror()).values()].map(({ data }) => data['eventType']));
  await eventually(async () => expect(await types()).toEqual(new Set(['focusTime', 'outOfOffice'])));
  await insert(user, 'default');
  const focus = await insert(user, 'focusTime');
  await cloud.processed(watch);
  await eventually(() => expect(told()).toEqual([`${focus} created`]));
  await cloud.untilTrue();
  const call = cloud.calls(user).find(({ method }) => method === 'calendar.events.watch');
  expect(call?.query['eventTypes']).toEqual(['focusTime', 'outOfOffice']);
});

test('an edited spec replaces the channel and starts a full sync, which announces the differences (F7)', async ({
  cloud,
}) => {
  const { user, events, api, spec, watch, mirror } = await watched(cloud);
  const { id } = await api.insert(events, DAILY);
  await eventually(async () => expect(await mirror()).toHaveProperty('size', 1));
  const [before] = cloud.live(user);
  await cloud.watch(watch, { ...spec, singleEvents: true });
  await cloud.renew();
  await eventually(async () => expect(await mirror()).toHaveProperty('size', 4));
  expect((await mirror()).has(id)).toBe(false);
  await cloud.untilTrue();
  expect(cloud.live(user).map((channel) => channel.id)).not.toContain(before?.id);
  expect(cloud.live(user)).toHaveLength(1);
  // No sync token was sent with parameters that it was not issued for.
  expect(cloud.calls(user).filter(({ status }) => status >= 400)).toEqual([]);
});

test('an edit of reminders, which does not change the etag, is announced as updated (F19)', async ({
  cloud,
}) => {
  const { events, api, told, watch } = await watched(cloud);
  const { id } = await api.insert(events, { summary: 'remember', ...at(1) });
  await eventually(() => expect(told()).toEqual([`${id} created`]));
  const reminders = { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] };
  await api.patch(`${events}/${id}`, { reminders });
  await eventually(() => expect(told()).toEqual([`${id} created`, `${id} updated`]));
  const change = cloud.history(watch).at(-1);
  expect(change?.after).toMatchObject({ reminders });
  expect(change?.before?.['reminders']).toEqual({ useDefault: true });
  expect(change?.before?.['etag']).toBe(change?.after?.['etag']);
  await cloud.untilTrue();
});

test.for<[string, object, string]>([
  ['a whole day', { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } }, '2029-12-31T15:00:00Z'],
  ['a time', at(1), '2030-01-01T09:00:00Z'],
])(
  'the mirrored start of %s is its instant in the calendar’s time zone',
  async ([, times, instant], { cloud }) => {
    const { events, api, spec, mirror } = await watched(cloud, {}, (user) =>
      cloud.as(user).patch(`calendars/${user}`, { timeZone: 'Asia/Tokyo' }),
    );
    const { id } = await api.insert(events, { summary: 'when', ...times });
    await eventually(async () => expect((await mirror()).has(id)).toBe(true));
    expect(await cloud.document(spec, id)).toMatchObject({
      startsAt: Timestamp.fromDate(new Date(instant)),
      status: 'confirmed',
      eventType: 'default',
      recurringEventId: null,
    });
  },
);

test('an event that moves between two watched calendars is deleted in one and created in the other', async ({
  cloud,
}) => {
  const { user, events, api, told } = await watched(cloud);
  const { id: other } = await api.insert('calendars', { summary: 'other' });
  const there = { user, resource: 'events', calendarId: other } as const;
  await cloud.register(there);
  const { id } = await api.insert(events, { summary: 'nomad', ...at(1) });
  await eventually(() => expect(told()).toEqual([`${id} created`]));
  await api.insert(`${events}/${id}/move?destination=${encodeURIComponent(other)}`, {});
  await eventually(() => expect(told()).toEqual([`${id} created`, `${id} deleted`]));
  await eventually(async () => expect((await cloud.mirror(there)).has(id)).toBe(true));
  await cloud.untilTrue();
});
