/** Google is busy or away: the status has the reason, and the watch recovers by itself. */
import { describe, expect } from 'vitest';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { dueIn, failing, watchedLists } from '../support/failing-lists.ts';
import { untilStatus } from '../support/watched-events.ts';

const test = cloudTest();

const HOUR = 3_600_000;

describe('when Google is busy', () => {
  test.for<[number, string]>([
    [429, 'rateLimitExceeded'],
    [403, 'userRateLimitExceeded'],
    [503, 'backendError'],
  ])(
    'with %i %s, the status has the reason, a retry is due, and no other watch waits',
    async ([status, reason], { cloud }) => {
      const { user, watch, id, ids, insert } = await watchedLists(cloud);
      const other = await watchedLists(cloud);
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
    const { user, watch, ids, insert } = await watchedLists(cloud);
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
    const { user, watch, ids, insert } = await watchedLists(cloud);
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
