/** Every response of Google other than a list: the watch's status has the reason, until its cause ends. */
import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

let cloud: Pipeline;

beforeAll(async () => {
  cloud = await startPipeline();
});
afterAll(() => cloud[Symbol.asyncDispose]());

const AT = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };
const PRIMARY = 'calendars/primary/events';

const untilStatus = (watch: string, expected: object) =>
  eventually(async () => expect(await cloud.status(watch)).toMatchObject(expected));

/** Creates an active watch with one event. */
async function watched() {
  const user = cloud.newUser();
  const spec = { user, resource: 'events', calendarId: user } as const;
  const { id } = await cloud.as(user).insert(PRIMARY, { summary: 'one', ...AT });
  const watch = await cloud.register(spec);
  const ids = async (): Promise<string[]> => [...(await cloud.mirror(spec)).keys()].toSorted();
  await eventually(async () => expect(await ids()).toEqual([id]));
  await untilStatus(watch, { state: 'active' });
  const insert = async () => (await cloud.as(user).insert(PRIMARY, { summary: 'more', ...AT })).id;
  return { user, watch, id, ids, insert };
}

const failing = (user: string, status: number, reason?: string): Disposable =>
  cloud.fault({
    on: 'request',
    match: { method: 'calendar.events.list', user },
    effect: { do: 'fail', status, ...(reason && { reason }) },
  });

/** Returns how soon renew is to check a watch, in ms. */
async function dueIn(watch: string): Promise<number> {
  const nextDueAt: unknown = (await cloud.firestore.doc(`watches/${watch}`).get()).get('nextDueAt');
  if (!(nextDueAt instanceof Timestamp)) throw new Error('nextDueAt is no Timestamp');
  return nextDueAt.toMillis() - Date.now();
}

const HOUR = 3_600_000;

describe('when Google denies access', () => {
  test.each([
    [401, 'authError', 'paused'],
    [403, 'forbidden', 'paused'],
    [403, 'insufficientPermissions', 'paused'],
    [404, 'notFound', 'gone'],
  ])(
    'with %i %s, the watch is %s, keeps its items, and recovers when access returns',
    async (status, reason, state) => {
      const { user, watch, id, ids, insert } = await watched();
      const missed = await (async () => {
        using _ = failing(user, status, reason);
        const event = await insert();
        await untilStatus(watch, { state, reason, sync: { failures: 1, error: reason } });
        expect(await ids()).toEqual([id]);
        // Each check that fails is followed by a longer wait.
        await cloud.renewNow(watch);
        await untilStatus(watch, { state, reason, sync: { failures: 2 } });
        const wait = await dueIn(watch);
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

  test('a calendar that is created after its watch is mirrored from then on', async () => {
    const user = cloud.newUser();
    const calendarId = `late-${user}`;
    const spec = { user, resource: 'events', calendarId } as const;
    const watch = await cloud.register(spec);
    await untilStatus(watch, { state: 'gone', reason: 'notFound' });
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
    await untilStatus(watch, { state: 'polling', reason: 'notFound' });
    expect(await dueIn(watch)).toBeLessThan(5 * 60_000);
  });
});

describe('when Google is busy', () => {
  test.each([
    [429, 'rateLimitExceeded'],
    [403, 'userRateLimitExceeded'],
    [503, 'backendError'],
  ])(
    'with %i %s, the status has the reason, a retry is due, and no other watch waits',
    async (status, reason) => {
      const { user, watch, id, ids, insert } = await watched();
      const other = await watched();
      const missed = await (async () => {
        using _ = failing(user, status, reason);
        const event = await insert();
        const unharmed = await other.insert();
        await eventually(async () => expect(await other.ids()).toContain(unharmed));
        await untilStatus(watch, { state: 'active', reason, sync: { failures: 1, error: reason } });
        const wait = await dueIn(watch);
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThan(HOUR);
        // The call is retried first, so that a short failure has no effect.
        const refused = cloud.calls(user).filter((call) => call.status === status);
        expect(refused).toHaveLength(5);
        return event;
      })();
      await cloud.renewNow(watch);
      await eventually(async () => expect(await ids()).toEqual([id, missed].toSorted()));
      await untilStatus(watch, { state: 'active', sync: { failures: 0 } });
      expect(await cloud.status(watch)).not.toHaveProperty('reason');
      await cloud.untilTrue();
    },
  );

  test('for a moment only, the status does not change', async () => {
    const { user, watch, ids, insert } = await watched();
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

  test('and hangs up, the reason in the status is the network', async () => {
    const { user, watch, ids, insert } = await watched();
    const missed = await (async () => {
      const match = { method: 'calendar.events.list', user };
      using _ = cloud.fault({ on: 'request', match, effect: { do: 'hangUp', when: 'before' } });
      const event = await insert();
      await untilStatus(watch, { state: 'active', reason: 'network' });
      return event;
    })();
    await cloud.renewNow(watch);
    await eventually(async () => expect(await ids()).toContain(missed));
  });
});
