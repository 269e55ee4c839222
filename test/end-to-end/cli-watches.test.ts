/** The commands about watches, as processes, on the deployed functions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchIdOf } from '../../functions/watches/watch-id.ts';
import { startScheduler } from '../../infra/local/scheduler.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { eventually } from '../support/eventually.ts';
import { commandLine, results, type CommandLine } from '../support/command-line.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

let cloud: Pipeline;
let cli: CommandLine;
let scheduler: ReturnType<typeof startScheduler>;
let isScheduled = true;
let pendingRun: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  cloud = await startPipeline();
  cli = commandLine(cloud.env);
  const run = (): Promise<unknown> => (pendingRun = isScheduled ? cloud.renew() : Promise.resolve());
  scheduler = startScheduler({ everySeconds: 0.5, run, onError: () => {} });
});
afterAll(async () => {
  await scheduler.stop();
  await cloud[Symbol.asyncDispose]();
});

/** Stops the calls of renew while it is in scope. */
async function unscheduled(): Promise<Disposable> {
  isScheduled = false;
  await pendingRun;
  return {
    [Symbol.dispose]: () => {
      isScheduled = true;
    },
  };
}

const AT = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };
const eventsOf = (user: string) => ({ user, resource: 'events', calendarId: user }) satisfies WatchSpec;
const insert = async (user: string): Promise<string> =>
  (await cloud.as(user).insert('calendars/primary/events', { summary: 'one', ...AT })).id;

/** Watches and mirrors the primary calendar, with one event, of a new user. */
async function watched() {
  const user = cloud.newUser('cli');
  const event = await insert(user);
  const watch = await cloud.register(eventsOf(user));
  await eventually(async () => expect((await cloud.mirror(eventsOf(user))).size).toBe(1));
  return { user, watch, event };
}

const oneLine = expect.stringMatching(/^[^\n]+\n$/);
const field = async (watch: string, name: string): Promise<unknown> =>
  (await cloud.firestore.doc(`watches/${watch}`).get()).get(name);

describe('watch', () => {
  test('mirrors the events of the primary calendar, and waits until they are mirrored', async () => {
    const user = cloud.newUser('cli');
    await insert(user);
    const { code, stdout, stderr } = await cli.run('watch', user);
    expect(code).toBe(0);
    const id = watchIdOf(eventsOf(user));
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^watch +user +resource +calendar +state +last sync +changes$/),
      expect.stringMatching(new RegExp(`^${id} +${user} +events +${user} +active +\\d+ (?:s|min) ago +1$`)),
    ]);
    expect(stderr).toContain(`${id}: active\n`);
    expect(await field(id, 'spec')).toEqual(eventsOf(user));
    expect((await cloud.mirror(eventsOf(user))).size).toBe(1);
  });

  test('creates one watch per resource, and one for the same spec twice', async () => {
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

  test('updates a watch of the same calendar that has another id', async () => {
    const user = cloud.newUser('cli');
    await cloud.watch(`by-hand-${user.split('@')[0] ?? ''}`, { ...eventsOf(user), calendarId: 'primary' });
    const id = `by-hand-${user.split('@')[0] ?? ''}`;
    await eventually(async () => expect(await field(id, 'status.state')).toBe('active'));
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

  test('fails with the reason of Google if the calendar does not exist', async () => {
    const user = cloud.newUser('cli');
    await insert(user);
    const { code, stdout, stderr } = await cli.run('watch', user, '--calendar', 'missing@group.example.com');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /is gone \(notFound, .*: fix that, then run calendar-mirror renew/,
    );
  });

  test('fails and changes nothing if another spec has its id', async () => {
    const user = cloud.newUser('cli');
    const id = watchIdOf(eventsOf(user));
    const other = { user: cloud.newUser('other'), resource: 'settings' } satisfies WatchSpec;
    await cloud.watch(id, other);
    const { code, stderr } = await cli.run('watch', user);
    expect({ code, stderr }).toEqual({ code: 1, stderr: oneLine });
    expect(stderr).toContain(`the watch id ${id} already belongs to`);
    expect(await field(id, 'spec')).toEqual(other);
  });

  test('fails without progress if renew is not called, and does not wait with --no-wait', async () => {
    using _ = await unscheduled();
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
});

describe.concurrent('status', () => {
  test('shows state, channel, last sync and items of one watch', async () => {
    const { watch, user } = await watched();
    const { code, stdout, stderr } = await cli.run('status', watch);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^watch +${watch}\nuser +${user}\nresource +events\ncalendar +${user}\nstate +active\n`),
    );
    expect(stdout).toMatch(
      /\nchannel +[\w-]+, ends in 6 d \(.* [+-]\d\d:\d\d\)\nlast sync +\d+ (?:s|min) ago \(.* [+-]\d\d:\d\d\)\n.*\nitems +1\nchanges +1\n/s,
    );
    const [json] = results(await cli.run('status', watch, '--json'));
    expect(json).toMatchObject({
      id: watch,
      state: 'active',
      items: 1,
      sequence: 1,
      removed: null,
      failures: 0,
    });
  });

  test('without a watch counts the states, and lists watches with problems', async () => {
    const user = cloud.newUser('cli');
    const broken = `broken-${user.split('@')[0] ?? ''}`;
    await cloud.firestore.doc(`watches/${broken}`).set({ spec: { user }, nextDueAt: new Date() });
    await eventually(async () => expect(await field(broken, 'status.reason')).toBe('invalidSpec'));
    const { code, stdout } = await cli.run('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^state +watches\n.*paused +\\d+\n.*Problems\n.*${broken} .*paused \\(invalidSpec\\)`, 's'),
    );
    expect((await cli.run('status', broken)).stdout).toMatch(/\nreason +spec\.resource: /);
    await cloud.firestore.doc(`watches/${broken}`).delete();
  });

  test('fails for a watch that does not exist, and says how to list them', async () => {
    expect(await cli.run('status', 'never-was')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'the watch never-was does not exist: run calendar-mirror list\n',
    });
  });
});

describe.concurrent('sync', () => {
  test('finds changes that were not notified, and waits for the sync', async () => {
    const { watch, user } = await watched();
    using _ = cloud.losingNotifications(user);
    const event = await insert(user);
    const { code, stdout, stderr } = await cli.run('sync', watch);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`${watch} .* 2\n$`));
    expect(stderr).toContain(`${watch}: synced, 2 changes in total\n`);
    expect([...(await cloud.mirror(eventsOf(user))).keys()]).toContain(event);
  });

  test('with --full lists everything', async () => {
    const { watch, user } = await watched();
    const before = cloud.calls(user).length;
    expect((await cli.run('sync', watch, '--full')).code).toBe(0);
    const lists = cloud
      .calls(user)
      .slice(before)
      .filter(({ method }) => method === 'calendar.events.list');
    expect(lists.map(({ query }) => query['syncToken'])).toContain(undefined);
  });

  test('fails with the reason if Google rejects it', async () => {
    const { watch, user } = await watched();
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

  test('with --no-wait only requests the sync', async () => {
    const { watch } = await watched();
    const { code, stdout, stderr } = await cli.run('sync', watch, '--no-wait');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: oneLine });
    await eventually(() => {
      const manual = cloud.logs.filter(
        ({ fields }) => fields['watch'] === watch && fields['reason'] === 'manual',
      );
      expect(manual).not.toEqual([]);
    });
  });
});

describe('renew', () => {
  test('--dry-run shows what renew would do with a watch, and changes nothing', async () => {
    using _ = await unscheduled();
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
    expect(await field(watch, 'status')).toBeUndefined();
  });

  test('--dry-run shows what renew would do with a channel that is due', async () => {
    using _ = await unscheduled();
    const { watch } = await watched();
    const channel = await field(watch, 'status.channel.id');
    await cloud.firestore.doc(`channels/${String(channel)}`).update({ nextDueAt: new Date(0) });
    const planned = results(await cli.run('renew', '--dry-run', '--json'));
    expect(planned).toContainEqual({
      kind: 'channel',
      id: channel,
      plan: 'keeps it, as it serves its watch',
    });
  });

  test('has a watch checked in the next run of renew', async () => {
    const { watch, user } = await watched();
    using _ = cloud.losingNotifications(user);
    const event = await insert(user);
    expect(await cli.run('renew', watch)).toMatchObject({ code: 0, stdout: `${watch}\n` });
    await eventually(async () => expect([...(await cloud.mirror(eventsOf(user))).keys()]).toContain(event));
  });
});

describe.concurrent('unwatch', () => {
  test('asks first, and changes nothing without a terminal', async () => {
    const { watch } = await watched();
    const { code, stderr } = await cli.run('unwatch', watch);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'cannot ask for confirmation without a terminal: add --yes to confirm\n',
    });
    expect(await field(watch, 'spec.removed')).toBeUndefined();
  });

  test('stops the channel and keeps the items; the watch can be created again', async () => {
    const { watch, user } = await watched();
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

  test('deletes the items, also those of a watch that was removed with --keep', async () => {
    const { watch, user } = await watched();
    expect((await cli.run('unwatch', watch, '--keep', '--yes')).code).toBe(0);
    const outcome = await cli.run('unwatch', watch, '--purge', '--yes', '--json');
    expect(results(outcome)).toMatchObject([{ id: watch, state: 'removed', reason: 'purged' }]);
    expect((await cloud.mirror(eventsOf(user))).size).toBe(0);
    await eventually(() => expect(cloud.history(watch).at(-1)?.change).toBe('deleted'));
  });

  test('fails for a watch that does not exist', async () => {
    expect(await cli.run('unwatch', 'never-was', '--yes')).toMatchObject({
      code: 1,
      stderr: 'the watch never-was does not exist: run calendar-mirror list\n',
    });
  });
});
