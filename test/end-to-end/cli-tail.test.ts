/** `calendar-mirror tail` prints changes as they are published, and leaves no subscription behind. */
import { expect } from 'vitest';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { commandLine, type CommandLine, type Running } from '../support/command-line.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { PRIMARY } from '../support/watched-events.ts';

// Neither UTC nor, in winter or summer, the zone of the events.
const test = cloudTest().extend('cli', { scope: 'file' }, ({ cloud }) =>
  commandLine({ ...cloud.env, TZ: 'Asia/Kathmandu' }),
);

const at = (hour: number) => ({ dateTime: `2030-01-01T${String(hour)}:00:00Z`, timeZone: 'UTC' });
const review = { summary: 'Review', start: at(10), end: at(11) };

async function watched(cloud: Pipeline) {
  const user = cloud.newUser('tail');
  const spec: WatchSpec = { user, resource: 'events', calendarId: user };
  const { id } = await cloud.as(user).insert(PRIMARY, review);
  const watch = await cloud.register(spec);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(1));
  // Its own messages have come, too.
  await eventually(() =>
    expect(cloud.feed.about.filter(({ watchId }) => watchId === watch).length).toBeGreaterThan(1),
  );
  return { user, spec, watch, event: `${PRIMARY}/${id}` };
}

async function following(cli: CommandLine, ...args: readonly string[]): Promise<Running> {
  const running = cli.begin('tail', ...args);
  const topic = args.includes('--clock') ? 'calendar-clock' : 'calendar-changes';
  await eventually(() => expect(running.stderr).toContain(`Listening to ${topic}. Press Ctrl-C to stop.`));
  return running;
}

/** Returns the current subscriptions of `tail`. */
async function subscriptions(cloud: Pipeline) {
  const [all] = await cloud.pubsub.getSubscriptions();
  return all.filter(({ name }) => name.includes('calendar-mirror-tail-'));
}

test('a change is one line that says what changed; Ctrl-C stops it and leaves no subscription', async ({
  cloud,
  cli,
}) => {
  const { user, event, watch } = await watched(cloud);
  const tail = await following(cli, '--user', user);
  const [subscription] = await subscriptions(cloud);
  const [metadata] = (await subscription?.getMetadata()) ?? [];
  // After a crash, the subscription expires within a day.
  expect(metadata).toMatchObject({ expirationPolicy: { ttl: { seconds: '86400' } } });
  await cloud.as(user).patch(event, { start: at(11), end: at(12) });
  await eventually(() => expect(tail.stdout).toHaveLength(1));
  const line = new RegExp(
    `^\\d\\d:\\d\\d:\\d\\d \\+05:45  ${user}  events  updated  “Review” moved from 15:45 to 16:45 \\+05:45  ${watch}/\\d+$`,
  );
  expect(tail.stdout[0]).toMatch(line);
  // npm forwards the signal that the terminal has sent already.
  tail.child.kill('SIGINT');
  tail.child.kill('SIGINT');
  expect(await tail.ended).toBe(0);
  expect(await subscriptions(cloud)).toEqual([]);
});

test('a message about a watch is a line, in words or as JSON, and none with --change', async ({
  cloud,
  cli,
}) => {
  const { user, spec, watch } = await watched(cloud);
  const [tail, json, changes] = await Promise.all([
    following(cli, '--user', user),
    following(cli, '--user', user, '--json'),
    following(cli, '--user', user, '--change', 'deleted', '--count', '1'),
  ]);
  await cloud.watch(watch, { ...spec, removed: 'purge' });
  await cloud.renew();
  await eventually(() => expect(tail.stdout).toHaveLength(3));
  const about = tail.stdout.filter((line) => line.endsWith(`  ${watch}`));
  expect(about.map((line) => line.split('  ').slice(1).join('  '))).toEqual([
    `${user}  events  removing  the watch is removing  ${watch}`,
    `${user}  events  removed  the watch is removed: purged  ${watch}`,
  ]);
  await eventually(() => expect(json.stdout).toHaveLength(3));
  const states = json.stdout.map((line): unknown => JSON.parse(line));
  expect(states).toContainEqual(expect.objectContaining({ watchId: watch, state: 'removed', sequence: 2 }));
  expect(await changes.ended).toBe(0);
  expect(changes.stdout).toHaveLength(1);
  for (const { child } of [tail, json]) child.kill('SIGINT');
  expect(await Promise.all([tail.ended, json.ended])).toEqual([0, 0]);
});

test('filters select changes of the feed as JSON, and --count ends the command', async ({ cloud, cli }) => {
  const [one, other] = [await watched(cloud), await watched(cloud)];
  const args = ['--json', '--count', '2', '--user', one.user, '--resource', 'events,acl'];
  const tail = await following(cli, ...args, '--change', 'created,deleted');
  await cloud.as(other.user).insert(PRIMARY, review);
  await cloud.as(one.user).patch(one.event, { summary: 'filtered out' });
  const { id } = await cloud.as(one.user).insert(PRIMARY, review);
  await eventually(() => expect(tail.stdout).toHaveLength(1));
  await cloud.as(one.user).remove(`${PRIMARY}/${id}`);
  expect(await tail.ended).toBe(0);
  expect(tail.stdout.map((line): unknown => JSON.parse(line))).toMatchObject([
    {
      watchId: one.watch,
      user: one.user,
      itemId: id,
      change: 'created',
      before: null,
      after: { summary: 'Review' },
    },
    { watchId: one.watch, user: one.user, itemId: id, change: 'deleted', after: null },
  ]);
  expect(await subscriptions(cloud)).toEqual([]);
});

test('with --kind, changes of these kinds are printed, and no messages about watches', async ({
  cloud,
  cli,
}) => {
  const { user, spec, watch, event } = await watched(cloud);
  const args = ['--user', user, '--kind', 'moved,cancelled', '--count', '3', '--json'];
  const tail = await following(cli, ...args);
  const [subscription] = await subscriptions(cloud);
  const [metadata] = (await subscription?.getMetadata()) ?? [];
  expect(metadata?.filter).toBe(
    `(attributes.user = "${user}") AND (attributes:kind_moved OR attributes:kind_cancelled)`,
  );
  const { id } = await cloud.as(user).insert(PRIMARY, review);
  await cloud.as(user).patch(event, { summary: 'Renamed' });
  await eventually(() => expect(cloud.history(watch)).toHaveLength(3));
  await cloud.as(user).patch(event, { start: at(11), end: at(12) });
  await eventually(() => expect(tail.stdout).toHaveLength(1));
  await cloud.as(user).remove(`${PRIMARY}/${id}`);
  await eventually(() => expect(tail.stdout).toHaveLength(2));
  await cloud.watch(watch, { ...spec, removed: 'purge' });
  await cloud.renew();
  expect(await tail.ended).toBe(0);
  expect(tail.stdout.map((line): unknown => JSON.parse(line))).toMatchObject([
    { watchId: watch, change: 'updated', kinds: ['moved'], after: { summary: 'Renamed' } },
    { watchId: watch, change: 'deleted', kinds: ['cancelled'], itemId: id },
    { watchId: watch, change: 'deleted', kinds: ['cancelled'], before: { summary: 'Renamed' } },
  ]);
});

const inSeconds = (seconds: number) => ({
  dateTime: new Date(Date.now() + seconds * 1000).toISOString(),
  timeZone: 'UTC',
});

test('with --clock, moments of events are printed, in words or as JSON', async ({ cloud, cli }) => {
  const [user, other] = [cloud.newUser('tail'), cloud.newUser('tail')];
  const words = await following(cli, '--clock', '--user', user);
  const json = await following(cli, '--clock', '--user', user, '--json', '--count', '2');
  // Due soon enough to be published by the sync that finds it.
  const event = { summary: 'Standup', start: inSeconds(60), end: inSeconds(900) };
  for (const each of [other, user]) {
    await cloud.as(each).insert(PRIMARY, event);
    const clock = ['-PT1S', 'start'];
    await cloud.register({ user: each, resource: 'events', calendarId: each, clock });
  }
  await eventually(() => expect(words.stdout).toHaveLength(2));
  const time = String.raw`\d\d:\d\d:\d\d \+05:45`;
  for (const [index, moment] of ['-PT1S', 'start'].entries())
    expect(words.stdout.toSorted()[index]).toMatch(
      new RegExp(`^${time}  ${user}  events  ${moment}  “Standup” starts at ${time}  \\S+/\\S+$`),
    );
  expect(await json.ended).toBe(0);
  const moments = json.stdout.map((each) => JSON.parse(each));
  expect(new Set(moments.map(({ moment }) => moment))).toEqual(new Set(['-PT1S', 'start']));
  for (const each of moments) expect(each).toMatchObject({ user, event: { summary: 'Standup' } });
  words.child.kill('SIGINT');
  expect(await words.ended).toBe(0);
  expect(await subscriptions(cloud)).toEqual([]);
});

test('--clock cannot be combined with filters of changes', async () => {
  const { code, stderr } = await commandLine({}).run('tail', '--clock', '--kind', 'moved');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^--clock cannot be combined with --resource, --change and --kind/);
});

test('a closed output ends it at the next change, and leaves no subscription', async ({ cloud, cli }) => {
  const { user } = await watched(cloud);
  const tail = await following(cli, '--user', user, '--json');
  tail.child.stdout?.destroy();
  await cloud.as(user).insert(PRIMARY, review);
  expect(await tail.ended).toBe(0);
  expect(await subscriptions(cloud)).toEqual([]);
});

test('a missing topic is an error in one line', async ({ cloud }) => {
  const elsewhere = commandLine({ ...cloud.env, CHANGES_TOPIC: 'no-such-topic' });
  const { code, stdout, stderr } = await elsewhere.run('tail');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^[^\n]*NOT_FOUND[^\n]*check --project[^\n]*\n$/);
});
