/** `calendar-mirror renew` shows what renew would do, and has watches checked in its next run. */
import { expect } from 'vitest';
import { watchIdOf } from '../../functions/watches/watch-id.ts';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { results } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf, fieldOf, insertEvent, watchedEvents } from '../support/watched-events.ts';

const test = scheduledCloudTest();

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

test('--dry-run shows what renew would do with a channel that is due', async ({ cloud, cli, scheduler }) => {
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
