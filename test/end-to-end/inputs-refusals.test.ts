/** Google denies access: the watch's status has the reason, until access returns. */
import { describe, expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { dueIn, failing, watchedLists } from '../support/failing-lists.ts';
import { AT, untilStatus } from '../support/watched-events.ts';

const test = cloudTest();

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
      const { user, watch, id, ids, insert } = await watchedLists(cloud);
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
