/** Long lists, page by page, in as many invocations as it takes. Here each page but the last takes an invocation of its own. */
import { expect } from 'vitest';
import type { Api } from '../../infra/local/demo/api.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { collectionOf, type Pipeline } from '../support/pipeline.ts';

/** Small, as it is the number of pages that matters here: items take time. */
const PAGE = 50;
/** Two pages and a half. */
const COUNT = 2.5 * PAGE;

const test = cloudTest({
  // An empty page is not the end of a list; here many are between the others.
  calendar: { emptyPages: 0.3, pageLimit: PAGE },
  env: { sync: { SYNC_DEADLINE_SECONDS: '0' } },
});

const TIMES = {
  start: { dateTime: '2030-01-01T09:00:00Z', timeZone: 'UTC' },
  end: { dateTime: '2030-01-01T10:00:00Z', timeZone: 'UTC' },
};

/** Inserts events into a user's calendar at once. */
function seedEvents(cloud: Pipeline, user: string, count: number) {
  const events = Array.from({ length: count }, (_, index) => ({ id: `event${index}`, ...TIMES }));
  cloud.calendar.seed({ users: [{ email: user, calendars: [{ id: user, summary: user, events }] }] });
  return events;
}

/** Creates a watched calendar with more events than fit two pages. */
async function longCalendar(cloud: Pipeline) {
  const user = cloud.newUser();
  seedEvents(cloud, user, COUNT);
  const spec = { user, resource: 'events', calendarId: user } as const;
  const watch = await cloud.register(spec);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(COUNT));
  await eventually(() => expect(syncs(cloud, watch, 'synced')).toHaveLength(1));
  return { user, spec, watch, api: cloud.as(user), events: `calendars/${user}/events` };
}

/** Returns how the syncs of a watch that found something ended. */
const syncs = (cloud: Pipeline, watch: string, message: 'synced' | 'sync continues') =>
  cloud.logs.filter((entry) => entry.message === message && entry.fields['watch'] === watch);

test('a list of several pages is mirrored by several invocations, without gaps in the numbers (F1)', async ({
  cloud,
}) => {
  const { user, watch } = await longCalendar(cloud);
  await cloud.untilTrue();
  expect(syncs(cloud, watch, 'sync continues').length).toBeGreaterThanOrEqual(2);
  expect(syncs(cloud, watch, 'synced')[0]?.fields['reason']).toBe('continue');
  expect(cloud.history(watch).every(({ change }) => change === 'snapshot')).toBe(true);
  const lists = cloud.calls(user).filter(({ method }) => method === 'calendar.events.list');
  expect(lists.length).toBeGreaterThanOrEqual(3);
  const pages = new Set(lists.map(({ query }) => query['pageToken']));
  // One page may be listed twice: when renew has published the poll it updates the watch, which conflicts with the page's commit.
  expect(lists.length - pages.size).toBeLessThanOrEqual(1);
});

test('a full sync of several pages keeps the mirror filled, and deletes missing items at its end (F3, F4)', async ({
  cloud,
}) => {
  const { user, spec, watch, api, events } = await longCalendar(cloud);
  const gone = ['event3', 'event60', 'event120'];
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
  await api.patch(`${events}/event100`, { summary: 'edited' });
  await eventually(() => expect(cloud.history(watch)).toHaveLength(COUNT + 1 + gone.length));
  // The listener may learn of a deletion after the feed.
  await eventually(() => expect(sizes.at(-1)).toBe(COUNT - gone.length));
  stop();
  const [edited, ...deleted] = cloud.history(watch).slice(COUNT);
  expect(edited).toMatchObject({ itemId: 'event100', change: 'updated' });
  expect(deleted.map(({ itemId, change }) => `${itemId} ${change}`).toSorted()).toEqual(
    gone.map((id) => `${id} deleted`).toSorted(),
  );
  expect(Math.min(...sizes)).toBe(COUNT - gone.length);
  expect(await cloud.document(spec, 'event4')).toEqual(kept);
  await cloud.untilTrue();
});

test('an incremental sync of several pages during edits ends with the calendar’s state', async ({
  cloud,
}) => {
  const { user, watch, api, events } = await longCalendar(cloud);
  const edit = async (from: number, to: number) => {
    for (let index = from; index < to; index += 1)
      await api.patch(`${events}/event${index}`, { summary: `edit ${index}` });
  };
  {
    using _ = cloud.losingNotifications(user);
    await edit(0, 2 * PAGE + 4);
  }
  await edit(2 * PAGE, 2 * PAGE + 8);
  await cloud.untilTrue();
  expect(syncs(cloud, watch, 'synced').at(-1)?.fields['kind']).toBe('incremental');
  const laterPages = cloud.calls(user).filter(({ query }) => query['syncToken'] && query['pageToken']);
  expect(laterPages).not.toHaveLength(0);
});

test.for<[string, (api: Api, event: string) => Promise<unknown>]>([
  ['deleted', (api, event) => api.remove(event)],
  ['made a single event', (api, event) => api.patch(event, { recurrence: null })],
])(
  'a series that is %s deletes its exceptions, even if they are listed pages later',
  async ([, finish], { cloud }) => {
    const user = cloud.newUser();
    const [api, events] = [cloud.as(user), `calendars/${user}/events`];
    const { id } = await api.insert(events, { ...TIMES, recurrence: ['RRULE:FREQ=DAILY;COUNT=4'] });
    // Lists are in the order of insertion: a page of these is between the series and its exceptions.
    const between = seedEvents(cloud, user, PAGE + 2);
    const exceptions = [2, 3].map((day) => `${id}_2030010${day}T090000Z`);
    await api.patch(`${events}/${exceptions[0]}`, { summary: 'changed' });
    await api.remove(`${events}/${exceptions[1]}`);
    const spec = { user, resource: 'events', calendarId: user } as const;
    const watch = await cloud.register(spec);
    await eventually(() => expect(cloud.history(watch)).toHaveLength(between.length + 3));
    {
      using _ = cloud.losingNotifications(user);
      for (const event of between) await api.patch(`${events}/${event.id}`, { summary: 'edited' });
      await finish(api, `${events}/${id}`);
      await cloud.calendar.settle();
    }
    await cloud.renewNow(watch);
    await cloud.untilTrue();
    const mirror = await cloud.mirror(spec);
    expect(exceptions.filter((exception) => mirror.has(exception))).toEqual([]);
  },
);

test('a purge of several steps deletes everything and announces each item', async ({ cloud }) => {
  const { user, spec, watch } = await longCalendar(cloud);
  await cloud.watch(watch, { ...spec, removed: 'purge' });
  await cloud.renew();
  await eventually(async () => expect((await cloud.status(watch)).state).toBe('removed'));
  expect((await cloud.mirror(spec)).size).toBe(0);
  expect(cloud.live(user)).toEqual([]);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(2 * COUNT));
  await cloud.untilTrue();
});
