/** `calendar-mirror tail`: changes as they come, in words or as JSON, and nothing left behind. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { eventually } from '../support/cloud.ts';
import { commandLine, type CommandLine, type Running } from '../support/command-line.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { PRIMARY } from '../support/watched-events.ts';

let cloud: Pipeline;
let cli: CommandLine;

beforeAll(async () => {
  cloud = await startPipeline();
  cli = commandLine(cloud.env);
});
afterAll(() => cloud[Symbol.asyncDispose]());

const at = (hour: number) => ({ dateTime: `2030-01-01T${String(hour)}:00:00Z`, timeZone: 'UTC' });
const review = { summary: 'Review', start: at(10), end: at(11) };

async function watched() {
  const user = cloud.newUser('tail');
  const spec: WatchSpec = { user, resource: 'events', calendarId: user };
  const { id } = await cloud.as(user).insert(PRIMARY, review);
  const watch = await cloud.register(spec);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(1));
  return { user, watch, event: `${PRIMARY}/${id}` };
}

async function following(...args: readonly string[]): Promise<Running> {
  const running = cli.begin('tail', ...args);
  await eventually(() => expect(running.stderr).toContain('Following calendar-changes. Ctrl-C ends it.'));
  return running;
}

/** The subscriptions that tails have in this cloud now. */
async function subscriptions() {
  const [all] = await cloud.pubsub.getSubscriptions();
  return all.filter(({ name }) => name.includes('calendar-mirror-tail-'));
}

test('a change is a line that says what changed; Ctrl-C ends it and leaves no subscription', async () => {
  const { user, event } = await watched();
  const tail = await following('--user', user);
  const [subscription] = await subscriptions();
  const [metadata] = (await subscription?.getMetadata()) ?? [];
  // Whatever happens to this process, Pub/Sub forgets the subscription after a day.
  expect(metadata).toMatchObject({ expirationPolicy: { ttl: { seconds: '86400' } } });
  await cloud.as(user).patch(event, { start: at(11), end: at(12) });
  await eventually(() => expect(tail.stdout).toHaveLength(1));
  const line = new RegExp(
    `^\\d\\d:\\d\\d:\\d\\d  ${user}  events  updated  “Review” moved from 10:00 to 11:00$`,
  );
  expect(tail.stdout[0]).toMatch(line);
  // npm passes on what the terminal has sent already.
  tail.child.kill('SIGINT');
  tail.child.kill('SIGINT');
  expect(await tail.ended).toBe(0);
  expect(await subscriptions()).toEqual([]);
});

test('only what is asked for is shown, as it stands in the feed, and after so many changes it ends by itself', async () => {
  const [one, other] = [await watched(), await watched()];
  const args = ['--json', '--count', '2', '--user', one.user, '--resource', 'events,acl'];
  const tail = await following(...args, '--change', 'created,deleted');
  await cloud.as(other.user).insert(PRIMARY, review);
  await cloud.as(one.user).patch(one.event, { summary: 'not shown' });
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
  expect(await subscriptions()).toEqual([]);
});

test('when nobody reads any more it ends at the next change, and leaves no subscription', async () => {
  const { user } = await watched();
  const tail = await following('--user', user, '--json');
  tail.child.stdout?.destroy();
  await cloud.as(user).insert(PRIMARY, review);
  expect(await tail.ended).toBe(0);
  expect(await subscriptions()).toEqual([]);
});

test('a topic that is not there ends it with 1 and one line', async () => {
  const elsewhere = commandLine({ ...cloud.env, CHANGES_TOPIC: 'no-such-topic' });
  const { code, stdout, stderr } = await elsewhere.run('tail');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^[^\n]*NOT_FOUND[^\n]*check --project[^\n]*\n$/);
});
