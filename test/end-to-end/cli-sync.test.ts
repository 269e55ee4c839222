/** `calendar-mirror sync` requests a sync now, and waits for it. */
import { expect } from 'vitest';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf, insertEvent, watchedEvents } from '../support/watched-events.ts';

const test = scheduledCloudTest();

const oneLine = expect.stringMatching(/^[^\n]+\n$/);

test.concurrent('finds changes that were not notified, and waits for the sync', async ({ cloud, cli }) => {
  const { watch, user } = await watchedEvents(cloud);
  using _ = cloud.losingNotifications(user);
  const event = await insertEvent(cloud, user);
  const { code, stdout, stderr } = await cli.run('sync', watch);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`${watch} .* 2\n$`));
  expect(stderr).toContain(`${watch}: synced, 2 changes in total\n`);
  expect([...(await cloud.mirror(eventsOf(user))).keys()]).toContain(event);
});

test.concurrent('with --full lists everything', async ({ cloud, cli }) => {
  const { watch, user } = await watchedEvents(cloud);
  const before = cloud.calls(user).length;
  expect((await cli.run('sync', watch, '--full')).code).toBe(0);
  const lists = cloud
    .calls(user)
    .slice(before)
    .filter(({ method }) => method === 'calendar.events.list');
  expect(lists.map(({ query }) => query['syncToken'])).toContain(undefined);
});

test.concurrent('fails with the reason if Google rejects it', async ({ cloud, cli }) => {
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

test.concurrent('with --no-wait only requests the sync', async ({ cloud, cli }) => {
  const { watch } = await watchedEvents(cloud);
  const manual = () =>
    cloud.logs.filter(({ fields }) => fields['watch'] === watch && fields['reason'] === 'manual').length;
  const before = manual();
  const { code, stdout, stderr } = await cli.run('sync', watch, '--no-wait');
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: oneLine });
  await eventually(() => expect(manual()).toBeGreaterThan(before));
});
