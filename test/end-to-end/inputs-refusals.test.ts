/** Every response of Google other than a list: the watch's status has the reason, until its cause ends. */
import { Timestamp } from '@google-cloud/firestore';
import { describe, expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import type { Pipeline } from '../support/pipeline.ts';
import {
  AT,
  fieldOf,
  insertEvent,
  mirroredIds,
  untilStatus,
  watchedEvents,
} from '../support/watched-events.ts';

const test = cloudTest();

/** Creates an active watch with one event. */
async function watched(cloud: Pipeline) {
  const { user, spec, id, watch } = await watchedEvents(cloud);
  const ids = async () => (await mirroredIds(cloud, spec)).toSorted();
  return { user, watch, id, ids, insert: () => insertEvent(cloud, user) };
}

const failing = (cloud: Pipeline, user: string, status: number, reason?: string): Disposable =>
  cloud.fault({
    on: 'request',
    match: { method: 'calendar.events.list', user },
    effect: { do: 'fail', status, ...(reason && { reason }) },
  });

/** Returns how soon renew is to check a watch, in ms. */
async function dueIn(cloud: Pipeline, watch: string): Promise<number> {
  const nextDueAt = await fieldOf(cloud, watch, 'nextDueAt');
  if (!(nextDueAt instanceof Timestamp)) throw new Error('nextDueAt is no Timestamp');
  return nextDueAt.toMillis() - Date.now();
}

const HOUR = 3_600_000;

describe('when Google denies access', () => {
  test.for<[number, string, string]>([
    [401, 'authError', 'paused'],
    [403, 'forbidden', 'paused'],
    [403, 'insufficientPermissions', 'paused'],
    [404, 'notFound', 'gone'],
  ])(
    'with %i %s, the watch is %s, keeps its items, and recovers when access returns',
    async ([status, reason, state], { cloud }) => {
      const { user, watch, id, ids, insert } = await watched(cloud);
      const missed = await (async () => {
        using _ = failing(cloud, user, status, reason);
        const event = await insert();
        await untilStatus(cloud, watch, { state, reason, sync: { failures: 1, error: reason } });
        expect(await ids()).toEqual([id]);
        // Each check that fails is followed by a longer wait.
        await cloud.renewNow(watch);
        await untilStatus(cloud, watch, { state, reason, sync: { failures: 2 } });
        const wait = await dueIn(cloud, watch);
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThan(8 * HOUR);
        return event;
      })();
      await cloud.renewNow(watch);
      await eventually(async () => expect(await ids()).toEqual([id, missed].toSorted()));
      // Sync requests a run of renew, which makes the watch active with a channel.
      await eventually(async () => {
        await cloud.renew();
        expect(await cloud.status(watch)).toMatchObject({ state: 'active', sync: { failures: 0 } });
      });
      expect(await cloud.status(watch)).not.toHaveProperty('reason');
      expect(cloud.live(user)).toHaveLength(1);
      const after = await insert();
      await eventually(async () => expect(await ids()).toEqual([id, missed, after].toSorted()));
      await cloud.untilTrue();
    },
  );

  test('a calendar that is created after its watch is mirrored from then on', async ({ cloud }) => {
    const user = cloud.newUser();
    const calendarId = `late-${user}`;
    const spec = { user, resource: 'events', calendarId } as const;
    const watch = await cloud.register(spec);
    await untilStatus(cloud, watch, { state: 'gone', reason: 'notFound' });
    cloud.calendar.seed({
      users: [
        { email: user, calendars: [{ id: calendarId, summary: 'late', events: [{ id: 'early', ...AT }] }] },
      ],
    });
    await cloud.renewNow(watch);
    await eventually(async () => expect([...(await cloud.mirror(spec)).keys()]).toEqual(['early']));
    await cloud.untilTrue();
    // The watch call was rejected as well, a moment ago, so the watch is polled until the next try.
    await cloud.renew();
    await untilStatus(cloud, watch, { state: 'polling', reason: 'notFound' });
    expect(await dueIn(cloud, watch)).toBeLessThan(5 * 60_000);
  });
});

describe('when Google is busy', () => {
  test.for<[number, string]>([
    [429, 'rateLimitExceeded'],
    [403, 'userRateLimitExceeded'],
    [503, 'backendError'],
  ])(
    'with %i %s, the status has the reason, a retry is due, and no other watch waits',
    async ([status, reason], { cloud }) => {
      const { user, watch, id, ids, insert } = await watched(cloud);
      const other = await watched(cloud);
      const missed = await (async () => {
        using _ = failing(cloud, user, status, reason);
        const event = await insert();
        const unharmed = await other.insert();
        await eventually(async () => expect(await other.ids()).toContain(unharmed));
        await untilStatus(cloud, watch, { state: 'active', reason, sync: { failures: 1, error: reason } });
        const wait = await dueIn(cloud, watch);
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThan(HOUR);
        // The call is retried first, so that a short failure has no effect.
        const refused = cloud.calls(user).filter((call) => call.status === status);
        expect(refused).toHaveLength(5);
        return event;
      })();
      await cloud.renewNow(watch);
      await eventually(async () => expect(await ids()).toEqual([id, missed].toSorted()));
      await untilStatus(cloud, watch, { state: 'active', sync: { failures: 0 } });
      expect(await cloud.status(watch)).not.toHaveProperty('reason');
      await cloud.untilTrue();
    },
  );

  test('for a moment only, the status does not change', async ({ cloud }) => {
    const { user, watch, ids, insert } = await watched(cloud);
    cloud.calendar.faults.add({
      on: 'request',
      match: { method: 'calendar.events.list', user },
      times: 2,
      effect: { do: 'fail', status: 503 },
    });
    const event = await insert();
    await eventually(async () => expect(await ids()).toContain(event));
    const status = await cloud.status(watch);
    expect(status).toMatchObject({ state: 'active', sync: { failures: 0 } });
    expect(status).not.toHaveProperty('reason');
  });

  test('and hangs up, the reason in the status is the network', async ({ cloud }) => {
    const { user, watch, ids, insert } = await watched(cloud);
    const missed = await (async () => {
      const match = { method: 'calendar.events.list', user };
      using _ = cloud.fault({ on: 'request', match, effect: { do: 'hangUp', when: 'before' } });
      const event = await insert();
      await untilStatus(cloud, watch, { state: 'active', reason: 'network' });
      return event;
    })();
    await cloud.renewNow(watch);
    await eventually(async () => expect(await ids()).toContain(missed));
  });
});
