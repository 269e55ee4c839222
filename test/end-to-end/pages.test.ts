/** Long lists: page by page, in as many invocations as it takes. Here every page but the last is one of its own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/cloud.ts';
import { collectionOf, startPipeline, type Pipeline } from '../support/pipeline.ts';

let cloud: Pipeline;

beforeAll(async () => {
  cloud = await startPipeline({
    // An empty page is not the end of a list; here many come between the others.
    calendar: { emptyPages: 0.3 },
    env: { sync: { SYNC_DEADLINE_SECONDS: '0' } },
  });
});
afterAll(() => cloud[Symbol.asyncDispose]());

const COUNT = 620;
const start = { dateTime: '2030-01-01T09:00:00Z' };
const end = { dateTime: '2030-01-01T10:00:00Z' };

/** A watched calendar with more events than fit two pages. */
async function longCalendar() {
  const user = cloud.newUser();
  const events = Array.from({ length: COUNT }, (_, index) => ({ id: `event${index}`, start, end }));
  cloud.calendar.seed({ users: [{ email: user, calendars: [{ id: user, summary: user, events }] }] });
  const spec = { user, resource: 'events', calendarId: user } as const;
  const watch = await cloud.register(spec);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(COUNT));
  await eventually(() => expect(syncs(watch, 'synced')).toHaveLength(1));
  return { user, spec, watch, api: cloud.as(user), events: `calendars/${user}/events` };
}

/** How the syncs of a watch ended that found something. */
const syncs = (watch: string, message: 'synced' | 'sync continues') =>
  cloud.logs.filter((entry) => entry.message === message && entry.fields['watch'] === watch);

test('a list of several pages is mirrored by several invocations, with numbers without a gap', async () => {
  const { user, watch } = await longCalendar();
  await cloud.untilTrue();
  expect(syncs(watch, 'sync continues').length).toBeGreaterThanOrEqual(2);
  expect(syncs(watch, 'synced')[0]?.fields['reason']).toBe('continue');
  expect(cloud.history(watch).every(({ change }) => change === 'snapshot')).toBe(true);
  const lists = cloud.calls(user).filter(({ method }) => method === 'calendar.events.list');
  expect(lists.length).toBeGreaterThanOrEqual(3);
  expect(new Set(lists.map(({ query }) => query['pageToken'])).size).toBe(lists.length);
});

test('a full sync of several pages keeps the mirror filled, and deletes at its end what is gone', async () => {
  const { user, spec, watch, api, events } = await longCalendar();
  const gone = ['event3', 'event300', 'event600'];
  {
    using _ = cloud.losingNotifications(user);
    for (const id of gone) await api.remove(`${events}/${id}`);
    await cloud.calendar.settle();
  }
  const sizes: number[] = [];
  const stop = cloud.firestore.collection(collectionOf(spec)).onSnapshot(({ size }) => void sizes.push(size));
  await eventually(() => expect(sizes).toEqual([COUNT]));
  const kept = await cloud.document(spec, 'event4');
  cloud.calendar.store.expireSyncTokens({ resource: 'events', calendarId: user });
  await api.patch(`${events}/event500`, { summary: 'edited' });
  await eventually(() => expect(cloud.history(watch)).toHaveLength(COUNT + 1 + gone.length));
  stop();
  const [edited, ...deleted] = cloud.history(watch).slice(COUNT);
  expect(edited).toMatchObject({ itemId: 'event500', change: 'updated' });
  expect(deleted.map(({ itemId, change }) => `${itemId} ${change}`).toSorted()).toEqual(
    gone.map((id) => `${id} deleted`),
  );
  expect(Math.min(...sizes)).toBe(COUNT - gone.length);
  expect(await cloud.document(spec, 'event4')).toEqual(kept);
  await cloud.untilTrue();
});

test('an incremental sync of several pages, with edits under way, ends where the calendar is', async () => {
  const { user, watch, api, events } = await longCalendar();
  const edit = async (from: number, to: number) => {
    for (let index = from; index < to; index += 1)
      await api.patch(`${events}/event${index}`, { summary: `edit ${index}` });
  };
  {
    using _ = cloud.losingNotifications(user);
    await edit(0, 300);
  }
  await edit(200, 320);
  await cloud.untilTrue();
  expect(syncs(watch, 'synced').at(-1)?.fields['kind']).toBe('incremental');
  const laterPages = cloud.calls(user).filter(({ query }) => query['syncToken'] && query['pageToken']);
  expect(laterPages).not.toHaveLength(0);
});

test('a purge of more than one step deletes everything and announces each item', async () => {
  const { user, spec, watch } = await longCalendar();
  await cloud.watch(watch, { ...spec, removed: 'purge' });
  await cloud.renew();
  await eventually(async () => expect((await cloud.status(watch)).state).toBe('removed'));
  expect((await cloud.mirror(spec)).size).toBe(0);
  expect(cloud.live(user)).toEqual([]);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(2 * COUNT));
  await cloud.untilTrue();
});
