/** `calendar-mirror sync` and `renew` do now what notifications and the scheduler would cause later. */
import { describe, expect } from 'vitest';
import { watchIdOf } from '../../functions/watches/watch-id.ts';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { results } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf, fieldOf, insertEvent, watchedEvents } from '../support/watched-events.ts';

const test = scheduledCloudTest();

const oneLine = expect.stringMatching(/^[^\n]+\n$/);

describe.concurrent('sync', () => {
  test('finds changes that were not notified, and waits for the sync', async ({ cloud, cli }) => {
    const { watch, user } = await watchedEvents(cloud);
    using _ = cloud.losingNotifications(user);
    const event = await insertEvent(cloud, user);
    const { code, stdout, stderr } = await cli.run('sync', watch);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`${watch} .* 2\n$`));
    expect(stderr).toContain(`${watch}: synced, 2 changes in total\n`);
    expect([...(await cloud.mirror(eventsOf(user))).keys()]).toContain(event);
  });

  test('with --full lists everything', async ({ cloud, cli }) => {
    const { watch, user } = await watchedEvents(cloud);
    const before = cloud.calls(user).length;
    expect((await cli.run('sync', watch, '--full')).code).toBe(0);
    const lists = cloud
      .calls(user)
      .slice(before)
      .filter(({ method }) => method === 'calendar.events.list');
    expect(lists.map(({ query }) => query['syncToken'])).toContain(undefined);
  });

  test('fails with the reason if Google rejects it', async ({ cloud, cli }) => {
    const { watch, user } = await watchedEvents(cloud);
    const match = { method: 'calendar.events.list', user };
    using _ = cloud.fault({ on: 'request', match, effect: { do: 'fail', status: 403, reason: 'forbidden' } });
    const { code, stdout, stderr } = await cli.run('sync', watch);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(
        `the sync of ${watch} failed (?:once|\\d+ times) \\(forbidden\\): .*share the calendar.*calendar-mirror status ${watch}\n$`,
      ),
    );
  });

  test('with --no-wait only requests the sync', async ({ cloud, cli }) => {
    const { watch } = await watchedEvents(cloud);
    const manual = () =>
      cloud.logs.filter(({ fields }) => fields['watch'] === watch && fields['reason'] === 'manual').length;
    const before = manual();
    const { code, stdout, stderr } = await cli.run('sync', watch, '--no-wait');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: oneLine });
    await eventually(() => expect(manual()).toBeGreaterThan(before));
  });
});

describe('renew', () => {
  test('--dry-run shows what renew would do with a watch, and changes nothing', async ({
    cloud,
    cli,
    scheduler,
  }) => {
    using _ = await scheduler.pause();
    const user = cloud.newUser('cli');
    const watch = watchIdOf(eventsOf(user));
    await cloud.watch(watch, eventsOf(user));
    const { code, stdout } = await cli.run('renew', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`\nwatch +${watch} +claims users/${user}/calendars/${user}/events, then opens a channel`),
    );
    expect(results(await cli.run('renew', '--dry-run', watch, '--json'))).toMatchObject([
      { kind: 'watch', id: watch },
    ]);
    expect(await fieldOf(cloud, watch, 'status')).toBeUndefined();
  });

  test('--dry-run shows what renew would do with a channel that is due', async ({
    cloud,
    cli,
    scheduler,
  }) => {
    using _ = await scheduler.pause();
    const { watch } = await watchedEvents(cloud);
    const channel = await fieldOf(cloud, watch, 'status.channel.id');
    await cloud.firestore.doc(`channels/${String(channel)}`).update({ nextDueAt: new Date(0) });
    const planned = results(await cli.run('renew', '--dry-run', '--json'));
    expect(planned).toContainEqual({
      kind: 'channel',
      id: channel,
      plan: 'keeps it, as it serves its watch',
    });
  });

  test('has a watch checked in the next run of renew', async ({ cloud, cli }) => {
    const { watch, user } = await watchedEvents(cloud);
    using _ = cloud.losingNotifications(user);
    const event = await insertEvent(cloud, user);
    expect(await cli.run('renew', watch)).toMatchObject({ code: 0, stdout: `${watch}\n` });
    await eventually(async () => expect([...(await cloud.mirror(eventsOf(user))).keys()]).toContain(event));
  });
});
