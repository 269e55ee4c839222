/** `calendar-mirror unwatch` removes watches, with or without their items. */
import { expect } from 'vitest';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { results } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf, fieldOf, watchedEvents } from '../support/watched-events.ts';

const test = scheduledCloudTest();

test.concurrent('asks first, and changes nothing without a terminal', async ({ cloud, cli }) => {
  const { watch } = await watchedEvents(cloud);
  const { code, stderr } = await cli.run('unwatch', watch);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'cannot ask for confirmation without a terminal: add --yes to confirm\n',
  });
  expect(await fieldOf(cloud, watch, 'spec.removed')).toBeUndefined();
});

test.concurrent('stops the channel and keeps the items; the watch can be created again', async ({
  cloud,
  cli,
}) => {
  const { watch, user } = await watchedEvents(cloud);
  const { code, stderr } = await cli.run('unwatch', watch, '--yes');
  expect({ code, last: stderr.trimEnd().split('\n').at(-1) }).toEqual({
    code: 0,
    last: `${watch}: removed, items kept`,
  });
  expect(cloud.live(user)).toEqual([]);
  expect((await cloud.mirror(eventsOf(user))).size).toBe(1);
  expect((await cli.run('sync', watch)).stderr).toMatch(/is removed: run calendar-mirror watch/);
  expect(results(await cli.run('watch', user, '--json'))).toMatchObject([
    { id: watch, state: 'active', removed: null },
  ]);
  await eventually(() => expect(cloud.live(user)).toHaveLength(1));
});

test.concurrent('deletes the items, also those of a watch that was removed with --keep', async ({
  cloud,
  cli,
}) => {
  const { watch, user } = await watchedEvents(cloud);
  expect((await cli.run('unwatch', watch, '--keep', '--yes')).code).toBe(0);
  const outcome = await cli.run('unwatch', watch, '--purge', '--yes', '--json');
  expect(results(outcome)).toMatchObject([{ id: watch, state: 'removed', reason: 'purged' }]);
  expect((await cloud.mirror(eventsOf(user))).size).toBe(0);
  await eventually(() => expect(cloud.history(watch).at(-1)?.change).toBe('deleted'));
});

test.concurrent('fails for a watch that does not exist', async ({ cli }) => {
  expect(await cli.run('unwatch', 'never-was', '--yes')).toMatchObject({
    code: 1,
    stderr: 'the watch never-was does not exist: run calendar-mirror list\n',
  });
});
