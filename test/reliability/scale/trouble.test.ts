/** Failures of one watch do not affect others: cost and delay of others are counted in syncs, not in seconds. */
import { expect } from 'vitest';
import { watchIdOf } from '../../../functions/watches/watch-id.ts';
import { cloudTest } from '../../support/cloud-test.ts';
import { eventually } from '../../support/eventually.ts';
import type { Pipeline } from '../../support/pipeline.ts';
import {
  countRepeatedNotifications,
  type RepeatedNotifications,
} from '../../support/repeated-notifications.ts';
import { SUBJECTS, type Subject } from '../../support/subjects.ts';

const test = cloudTest()
  /** On a slow machine a notification may be published again, which costs its watch one more sync. */
  .extend('repeated', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
    const repeated = await countRepeatedNotifications(cloud);
    onCleanup(() => repeated.end());
    return repeated;
  })
  .extend('healthy', { scope: 'file' }, ({ cloud }) => healthyWatches(cloud))
  /** What the healthy watches cost without failures. */
  .extend('alone', { scope: 'file' }, ({ cloud, healthy }) => costsOf(cloud, healthy.watched, []));
test.beforeAll(({ repeated, alone }) => void [repeated, alone]);

/** The earliest time, after a sync that found changes, at which renew polls the watch again. */
const FOLLOW_UP_MS = 60_000;

/** What can fail in a watch, and its status then. */
const TROUBLES = [
  { status: 410, reason: 'fullSyncRequired', method: 'calendar.events.list', state: 'active' },
  { status: 401, reason: 'authError', method: 'calendar.events.list', state: 'paused' },
  { status: 404, reason: 'notFound', method: 'calendar.events.list', state: 'gone' },
  { status: 429, reason: 'rateLimitExceeded', method: 'calendar.events.list', state: 'active' },
  {
    status: 400,
    reason: 'pushNotSupportedForRequestedResource',
    method: 'calendar.events.watch',
    state: 'polling',
  },
] as const;

interface Watched {
  readonly user: string;
  readonly subject: Subject;
  readonly watch: string;
  readonly item: string;
}

/** Creates an item and a watch of its collection, for renew to find. */
async function watchFor(cloud: Pipeline, user: string, subject: Subject): Promise<Watched> {
  const item = await subject.insert(cloud, user);
  const spec = subject.spec(user);
  const watch = watchIdOf(spec);
  await cloud.watch(watch, spec);
  return { user, subject, item, watch };
}

/** Lets renew find new watches, and waits until everything has settled. */
async function settled(cloud: Pipeline, watched: readonly Watched[]): Promise<readonly Watched[]> {
  await cloud.renew();
  await Promise.all(watched.map(({ watch }) => cloud.processed(watch)));
  await cloud.untilTrue();
  return watched;
}

const logged = (cloud: Pipeline, watch: string, message: string, reason: string) =>
  cloud.logs.filter(
    (entry) =>
      entry.message === message && entry.fields['watch'] === watch && entry.fields['reason'] === reason,
  );
const listsOf = (cloud: Pipeline, { user, subject }: Watched) =>
  cloud.calls(user).filter(({ method }) => method === `calendar.${subject.resource}.list`);

/** Returns what a watch has cost so far: its syncs by reason, and its list calls. */
const costs = (cloud: Pipeline, each: Watched) => ({
  pushed: logged(cloud, each.watch, 'synced', 'push').length,
  polled: logged(cloud, each.watch, 'synced', 'poll').length,
  lists: listsOf(cloud, each).length,
});
type Costs = ReturnType<typeof costs>;

const since = (before: Costs, now: Costs): Costs => ({
  pushed: now.pushed - before.pushed,
  polled: now.polled - before.polled,
  lists: now.lists - before.lists,
});

let edits = 0;

/** Edits the item of a watch, and waits until one more sync has mirrored and announced it. */
async function editAndWait(cloud: Pipeline, each: Watched, number: number): Promise<void> {
  const { pushed } = costs(cloud, each);
  await each.subject.edit(cloud, each.user, each.item, number);
  await eventually(() => {
    expect(costs(cloud, each).pushed).toBeGreaterThan(pushed);
    expect(cloud.history(each.watch).at(-1)).toMatchObject({
      itemId: each.item,
      change: 'updated',
      after: each.subject.edited(number),
    });
  });
}

/** Edits each healthy watch once, while failing watches are edited and checked as well. */
async function round(
  cloud: Pipeline,
  healthy: readonly Watched[],
  troubled: readonly Watched[],
): Promise<void> {
  const number = (edits += 1);
  await Promise.all([
    ...troubled.map(({ subject, user, item }) => subject.edit(cloud, user, item, number)),
    cloud.renewNow(...troubled.map(({ watch }) => watch)),
    ...healthy.map((each) => editAndWait(cloud, each, number)),
  ]);
}

const ROUNDS = 2;

/** Returns what each healthy watch costs while each is edited some times, and in how many syncs a poll of all is done. */
async function costsOf(cloud: Pipeline, healthy: readonly Watched[], troubled: readonly Watched[]) {
  const before = healthy.map((each) => costs(cloud, each));
  for (let number = 0; number < ROUNDS; number += 1) await round(cloud, healthy, troubled);
  const edited = healthy.map((each, index) => since(before[index] ?? costs(cloud, each), costs(cloud, each)));

  const all = [...healthy, ...troubled];
  const beforePoll = healthy.map((each) => costs(cloud, each));
  const summary = await cloud.renewNow(...all.map(({ watch }) => watch));
  expect(summary).toMatchObject({ polled: all.length, failed: 0, remaining: 0 });
  // How often a sync lists does not matter here: renew may write to the watch while its poll is under way.
  const polled = () =>
    healthy.map((each, index) => since(beforePoll[index] ?? costs(cloud, each), costs(cloud, each)).polled);
  await eventually(() => expect(Math.min(...polled())).toBeGreaterThan(0));
  return { edited, polled: polled() };
}

interface Healthy {
  readonly watched: readonly Watched[];
  /** Unix ms. */
  readonly startedAt: number;
}

/** Creates twenty watches: all that five users have. */
async function healthyWatches(cloud: Pipeline): Promise<Healthy> {
  const startedAt = Date.now();
  const users = Array.from({ length: 5 }, () => cloud.newUser());
  const pending = users.flatMap((user) => SUBJECTS.map((subject) => watchFor(cloud, user, subject)));
  return { watched: await settled(cloud, await Promise.all(pending)), startedAt };
}

/** Creates a watch with each kind of failure. The one that cannot be pushed never could; the others worked at first. */
async function troubledWatches(cloud: Pipeline): Promise<readonly Watched[]> {
  const [events] = SUBJECTS;
  if (events === undefined) throw new Error('there are no subjects');
  const users = TROUBLES.map(() => cloud.newUser('troubled'));
  const begin = (method: string): void => {
    for (const [index, { status, reason, ...trouble }] of TROUBLES.entries()) {
      if (trouble.method !== method) continue;
      const match = { method, user: users[index] };
      cloud.fault({ on: 'request', match, effect: { do: 'fail', status, reason } });
    }
  };
  begin('calendar.events.watch');
  const watched = await settled(cloud, await Promise.all(users.map((user) => watchFor(cloud, user, events))));
  begin('calendar.events.list');
  return watched;
}

/** Checks that each edit cost each watch one sync and one list call, and a repeated notification at most one more. */
async function expectOneSyncPerEdit(
  { watched, startedAt }: Healthy,
  edited: readonly Costs[],
  repeated: RepeatedNotifications,
): Promise<void> {
  const followUps = Math.floor((Date.now() - startedAt) / FOLLOW_UP_MS);
  for (const [index, { watch }] of watched.entries()) {
    const { pushed = 0, polled = 0, lists } = edited[index] ?? {};
    expect(lists).toBe(pushed + polled);
    expect(polled).toBeLessThanOrEqual(followUps);
    expect(pushed).toBeGreaterThanOrEqual(ROUNDS);
    await eventually(() => expect(pushed - ROUNDS).toBeLessThanOrEqual(repeated.of(watch)));
  }
}

test('an edit costs one sync and one list call, only of its own collection, whatever else is watched (F15)', async ({
  healthy,
  alone,
  repeated,
}) => {
  await expectOneSyncPerEdit(healthy, alone.edited, repeated);
  expect(alone.polled).toEqual(healthy.watched.map(() => 1));
});

test('five watches with five kinds of failures leave twenty healthy ones as fast as without them', async ({
  cloud,
  healthy,
  alone,
  repeated,
}) => {
  const troubled = await troubledWatches(cloud);
  const untilTroubled = () =>
    eventually(async () => {
      const told = await Promise.all(troubled.map(({ watch }) => cloud.status(watch)));
      expect(told).toMatchObject(TROUBLES.map(({ state, reason }) => ({ state, reason })));
    });
  await cloud.renewNow(...troubled.map(({ watch }) => watch));
  await untilTroubled();
  const beside = await costsOf(cloud, healthy.watched, troubled);
  expect(beside.polled).toEqual(alone.polled);
  await expectOneSyncPerEdit(healthy, beside.edited, repeated);
  await untilTroubled();
  // Responding to Pub/Sub with an error would have slowed down all watches.
  expect(cloud.logs.filter(({ severity }) => severity === 'ERROR')).toEqual([]);

  cloud.calendar.faults.clear();
  await cloud.renewNow(...troubled.map(({ watch }) => watch));
  await cloud.untilTrue();
});
