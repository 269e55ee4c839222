/** `calendar-mirror watch` creates and edits watches, and waits until they are mirrored. */
import { expect } from 'vitest';
import { watchIdOf } from '../../functions/watches/watch-id.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { results } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf, fieldOf, insertEvent } from '../support/watched-events.ts';

const test = scheduledCloudTest();

const oneLine = expect.stringMatching(/^[^\n]+\n$/);

test('mirrors the events of the primary calendar, and waits until they are mirrored', async ({
  cloud,
  cli,
}) => {
  const user = cloud.newUser('cli');
  await insertEvent(cloud, user);
  const { code, stdout, stderr } = await cli.run('watch', user);
  expect(code).toBe(0);
  const id = watchIdOf(eventsOf(user));
  expect(stdout.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^watch +user +resource +calendar +state +last sync +sequence$/),
    expect.stringMatching(new RegExp(`^${id} +${user} +events +${user} +active +\\d+ (?:s|min) ago +1$`)),
  ]);
  expect(stderr).toContain(`${id}: active\n`);
  expect(await fieldOf(cloud, id, 'spec')).toEqual(eventsOf(user));
  expect((await cloud.mirror(eventsOf(user))).size).toBe(1);
});

test('creates one watch per resource, and one for the same spec twice', async ({ cloud, cli }) => {
  const user = cloud.newUser('cli');
  const args = [
    'watch',
    user,
    '--resource',
    'events,acl',
    '--resource',
    'settings',
    '--calendar',
    user,
    '--json',
  ];
  const first = results(await cli.run(...args));
  expect(first.map(({ resource, state }) => [resource, state])).toEqual([
    ['events', 'active'],
    ['acl', 'active'],
    ['settings', 'active'],
  ]);
  const again = results(await cli.run('watch', user, '--resource', 'settings,events,acl', '--json'));
  expect(new Set(again.map(({ id }) => id))).toEqual(new Set(first.map(({ id }) => id)));
  const mine = results(await cli.run('list', '--json')).filter((each) => each['user'] === user);
  expect(mine).toHaveLength(3);
});

test('updates a watch of the same calendar that has another id', async ({ cloud, cli }) => {
  const user = cloud.newUser('cli');
  await cloud.watch(`by-hand-${user.split('@')[0] ?? ''}`, { ...eventsOf(user), calendarId: 'primary' });
  const id = `by-hand-${user.split('@')[0] ?? ''}`;
  await eventually(async () => expect(await fieldOf(cloud, id, 'status.state')).toBe('active'));
  const outcome = await cli.run(
    'watch',
    user,
    '--event-types',
    'default,focusTime',
    '--single-events',
    '--json',
  );
  expect(results(outcome)).toMatchObject([
    { id, state: 'active', eventTypes: ['default', 'focusTime'], singleEvents: true },
  ]);
  expect((await cloud.firestore.doc(`watches/${watchIdOf(eventsOf(user))}`).get()).exists).toBe(false);
});

test('a clock is written, shown, and removed by a request without one', async ({ cloud, cli }) => {
  const user = cloud.newUser('cli');
  const id = watchIdOf(eventsOf(user));
  const clock = { moments: ['-PT10M', 'start', 'end'], allDay: true };
  const given = ['--clock', '-PT10M,start', '--clock=end', '--clock-all-day'];
  expect(results(await cli.run('watch', user, ...given, '--json'))).toMatchObject([{ id, clock }]);
  expect(await fieldOf(cloud, id, 'spec.clock')).toEqual(clock);
  await eventually(async () =>
    expect(results(await cli.run('list', '--json')).find((each) => each['id'] === id)).toMatchObject({
      clockUntil: expect.stringMatching(/^\d{4}-.*Z$/),
    }),
  );
  expect((await cli.run('list')).stdout).toMatch(
    new RegExp(`sequence  clock *\n(?:.*\n)*${id} .* -PT10M, start, end \\(all-day events too\\) *\n`),
  );
  expect((await cli.run('status', id)).stdout).toMatch(
    /\nclock +-PT10M, start, end \(all-day events too\)\n(?:.*\n)*clock until +\S/,
  );
  expect(results(await cli.run('watch', user, '--json'))).toMatchObject([{ id, clock: null }]);
  expect(await fieldOf(cloud, id, 'spec')).toEqual(eventsOf(user));
});

test.for<[string[], RegExp]>([
  [['--clock', '5x'], /option '--clock <moments>' argument '5x' is invalid\. Choose from start, end, /],
  [['--clock-all-day'], /^--clock-all-day is only valid with --clock/],
  [['--clock', 'start', '--resource', 'acl'], /^--event-types, --single-events and --clock are only valid/],
  [['--clock', 'start', '--follow', '--resource', 'acl'], /clock: is only valid with events/],
])('%j is invalid usage', async ([args, problem], { cli }) => {
  const { code, stdout, stderr } = await cli.run('watch', 'ada@example.com', ...args);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(problem) });
});

test('fails with the reason of Google if the calendar does not exist', async ({ cloud, cli }) => {
  const user = cloud.newUser('cli');
  await insertEvent(cloud, user);
  const { code, stdout, stderr } = await cli.run('watch', user, '--calendar', 'missing@group.example.com');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
    /is gone \(notFound, .*: fix that, then run calendar-mirror renew/,
  );
});

test('fails and changes nothing if another spec has its id', async ({ cloud, cli }) => {
  const user = cloud.newUser('cli');
  const id = watchIdOf(eventsOf(user));
  const other = { user: cloud.newUser('other'), resource: 'settings' } satisfies WatchSpec;
  await cloud.watch(id, other);
  const { code, stderr } = await cli.run('watch', user);
  expect({ code, stderr }).toEqual({ code: 1, stderr: oneLine });
  expect(stderr).toContain(`the watch id ${id} already belongs to`);
  expect(await fieldOf(cloud, id, 'spec')).toEqual(other);
});

test('fails without progress if renew is not called, and does not wait with --no-wait', async ({
  cloud,
  cli,
  scheduler,
}) => {
  using _ = await scheduler.pause();
  const user = cloud.newUser('cli');
  const waited = await cli.run('watch', user, '--timeout', '1');
  expect(waited.code).toBe(1);
  expect(waited.stderr).toMatch(/waiting for renew.*no progress for 1 s.*calendar-mirror status/s);
  const left = await cli.run('watch', user, '--no-wait', '--json');
  expect({ code: left.code, watches: results(left) }).toMatchObject({
    code: 0,
    watches: [{ state: 'pending' }],
  });
  // Not the fields of the functions.
  const document = await cloud.firestore.doc(`watches/${watchIdOf(eventsOf(user))}`).get();
  expect(Object.keys(document.data() ?? {}).toSorted()).toEqual(['nextDueAt', 'spec']);
});
