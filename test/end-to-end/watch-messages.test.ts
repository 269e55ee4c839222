/** Messages about watches: each change of a state once, with its reason, and the end of each full sync. */
import { expect } from 'vitest';
import { inOrder } from '../../infra/local/verify-feed.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { failing } from '../support/failing-lists.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { eventsOf, insertEvent, untilStatus, watchedEvents } from '../support/watched-events.ts';

const test = cloudTest();

/** Returns the messages about a watch, each once, in order. */
const aboutOf = (cloud: Pipeline, watch: string) =>
  inOrder(cloud.feed.about.filter(({ watchId }) => watchId === watch));

/** Returns the types of the messages about a watch, without what is the same in all. */
const typesOf = (cloud: Pipeline, watch: string): readonly string[] =>
  aboutOf(cloud, watch).map(({ attributes }) => String(attributes['ce-type']).replace('calendar.watch.', ''));

const says = (cloud: Pipeline, watch: string, types: readonly string[]) =>
  eventually(() => expect(typesOf(cloud, watch)).toEqual(types));

/** Waits until renew knows that the message about a watch is published, which it then does not ask for any more. */
const untilNotPolled = (cloud: Pipeline, watch: string) =>
  eventually(async () => expect(await cloud.renewNow(watch)).toMatchObject({ polled: 0, failed: 0 }));

test('a new watch is announced as active and as synced, with what every message has', async ({ cloud }) => {
  const { user, watch } = await watchedEvents(cloud);
  await says(cloud, watch, ['active', 'synced']);
  const [active, synced] = aboutOf(cloud, watch);
  expect(active).toEqual({
    watchId: watch,
    user,
    resource: 'events',
    calendarId: user,
    state: 'active',
    sequence: 0,
    occurredAt: expect.stringMatching(/^20\d\d-.*Z$/),
    orderingKey: watch,
    attributes: expect.objectContaining({
      'ce-subject': `watches/${watch}`,
      'ce-source': `//calendar-mirror/watches/${watch}`,
      watch,
      user,
      resource: 'events',
      calendar: user,
      state: 'active',
    }),
  });
  expect(synced).toMatchObject({ state: 'active', sequence: 1, items: 1 });
  for (const { attributes } of aboutOf(cloud, watch)) {
    expect(attributes).not.toHaveProperty('change');
    expect(attributes).not.toHaveProperty('sequence');
  }
  // Neither an incremental sync nor a renewed channel is a change of state.
  await insertEvent(cloud, user);
  await cloud.replaceNow(watch);
  await cloud.processed(watch);
  await cloud.untilTrue();
  expect(typesOf(cloud, watch)).toEqual(['active', 'synced']);
});

test('a watch that Google cannot push is announced as polling with the reason, and later as active', async ({
  cloud,
}) => {
  const user = cloud.newUser();
  const watch = await (async () => {
    const match = { method: 'calendar.events.watch', user };
    const reason = 'pushNotSupportedForRequestedResource';
    using _ = cloud.fault({ on: 'request', match, effect: { do: 'fail', status: 400, reason } });
    const id = await cloud.register(eventsOf(user));
    await says(cloud, id, ['polling', 'synced']);
    expect(aboutOf(cloud, id)).toMatchObject([{ state: 'polling', reason }, { items: 0 }]);
    return id;
  })();
  await cloud.firestore
    .doc(`watches/${watch}`)
    .update({ 'status.watchCall.failures': 0, 'status.watchCall.failedAt': new Date(0) });
  await cloud.renewNow(watch);
  await says(cloud, watch, ['polling', 'synced', 'active']);
  expect(aboutOf(cloud, watch).at(-1)).not.toHaveProperty('reason');
});

test.for<[number, string, string]>([
  [403, 'forbidden', 'paused'],
  [404, 'notFound', 'gone'],
])(
  'after %i %s a watch is announced as %s with the reason, and its return',
  async ([status, reason, state], { cloud }) => {
    const { user, watch } = await watchedEvents(cloud);
    await says(cloud, watch, ['active', 'synced']);
    {
      using _ = failing(cloud, user, status, reason);
      await insertEvent(cloud, user);
      await says(cloud, watch, ['active', 'synced', state]);
      expect(aboutOf(cloud, watch).at(-1)).toMatchObject({ state, reason, sequence: 1 });
      // It fails again, which changes no state.
      await cloud.renewNow(watch);
      await untilStatus(cloud, watch, { sync: { failures: 2 } });
    }
    await cloud.renewNow(watch);
    await untilStatus(cloud, watch, { state: 'pending' });
    await cloud.renewNow(watch);
    // The calendar that was gone is listed in full.
    const back = state === 'gone' ? ['pending', 'synced', 'active'] : ['pending', 'active'];
    await says(cloud, watch, ['active', 'synced', state, ...back]);
    await cloud.untilTrue();
  },
);

test('a watch with an invalid spec is announced as paused, with what the spec names all the same', async ({
  cloud,
}) => {
  const { user, spec, watch } = await watchedEvents(cloud);
  await cloud.watch(watch, { ...spec, eventTypes: ['party'] });
  await cloud.renew();
  await says(cloud, watch, ['active', 'synced', 'paused']);
  const paused = aboutOf(cloud, watch).at(-1);
  expect(paused).toMatchObject({ reason: 'invalidSpec', user, resource: 'events', calendarId: user });
  await untilNotPolled(cloud, watch);
  await cloud.watch(watch, spec);
  await cloud.renew();
  await says(cloud, watch, ['active', 'synced', 'paused', 'pending', 'active']);
});

test.for(['keep', 'purge'] as const)(
  'a removal (%s) is announced as removing and, after the last change, as removed',
  async (how, { cloud }) => {
    const { spec, watch } = await watchedEvents(cloud);
    await cloud.watch(watch, { ...spec, removed: how });
    await cloud.renew();
    await says(cloud, watch, ['active', 'synced', 'removing', 'removed']);
    const [reason, sequence] = how === 'keep' ? ['kept', 1] : ['purged', 2];
    expect(aboutOf(cloud, watch).at(-1)).toMatchObject({ state: 'removed', reason, sequence });
    await cloud.untilTrue();
  },
);

test('a second watch of a collection is announced as paused, and as pending when the first is removed', async ({
  cloud,
}) => {
  const { spec, watch } = await watchedEvents(cloud);
  const second = `${watch}-again`;
  await cloud.watch(second, spec);
  await cloud.renew();
  await says(cloud, second, ['paused']);
  expect(aboutOf(cloud, second)).toMatchObject([{ reason: 'collectionTaken', sequence: 0 }]);
  await untilNotPolled(cloud, second);
  await cloud.watch(watch, { ...spec, removed: 'keep' });
  await cloud.renew();
  await untilStatus(cloud, watch, { state: 'removed' });
  await cloud.renewNow(second);
  await says(cloud, second, ['paused', 'pending', 'active', 'synced']);
  expect(aboutOf(cloud, second).at(-1)).toMatchObject({ sequence: 1_000_000_001, items: 1 });
});

test('a full sync after 410 is announced with the items that are left', async ({ cloud }) => {
  const { user, id, watch } = await watchedEvents(cloud);
  await says(cloud, watch, ['active', 'synced']);
  {
    using _ = cloud.losingNotifications(user);
    await cloud.as(user).remove(`calendars/${user}/events/${id}`);
    await cloud.calendar.settle();
  }
  cloud.calendar.store.expireSyncTokens({ resource: 'events', calendarId: user });
  for (const summary of ['two', 'three']) await insertEvent(cloud, user, summary);
  await eventually(() => expect(typesOf(cloud, watch)).toEqual(['active', 'synced', 'synced']));
  await cloud.processed(watch);
  await cloud.untilTrue();
  const [, , synced] = aboutOf(cloud, watch);
  const after = cloud.history(watch).filter(({ sequence }) => sequence <= (synced?.sequence ?? 0));
  const items = after.reduce((sum, { change }) => sum + (change === 'deleted' ? -1 : 1), 0);
  expect(synced).toMatchObject({ state: 'active', items });
});
