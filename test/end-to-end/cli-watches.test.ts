/** The commands about watches, run as a person runs them, on the cloud as it is deployed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchIdOf } from '../../functions/mirror/watch-id.ts';
import { startScheduler } from '../../infra/local/scheduler.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { eventually } from '../support/cloud.ts';
import { commandLine, results, type CommandLine } from '../support/command-line.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

let cloud: Pipeline;
let cli: CommandLine;
let scheduler: ReturnType<typeof startScheduler>;
let isScheduled = true;
let underWay: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  cloud = await startPipeline();
  cli = commandLine(cloud.env);
  const run = (): Promise<unknown> => (underWay = isScheduled ? cloud.renew() : Promise.resolve());
  scheduler = startScheduler({ everySeconds: 0.5, run, onError: () => {} });
});
afterAll(async () => {
  await scheduler.stop();
  await cloud[Symbol.asyncDispose]();
});

/** While it is in scope nobody calls renew. */
async function unscheduled(): Promise<Disposable> {
  isScheduled = false;
  await underWay;
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

/** A user's primary calendar with an event in it, watched and mirrored. */
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
  test('mirrors the events of the primary calendar, and says when they are there', async () => {
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

  test('of several resources is a watch each, and the same wish twice is one watch', async () => {
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

  test('takes over a watch of the same calendar that has another name, with what is wanted now', async () => {
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

  test('of a calendar that is not there ends with 1, and says what Google says', async () => {
    const user = cloud.newUser('cli');
    await insert(user);
    const { code, stdout, stderr } = await cli.run('watch', user, '--calendar', 'nobody@group.example.com');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /is gone \(notFound, .*: mend that, then run calendar-mirror renew/,
    );
  });

  test('under an id that another wish has is refused, and changes nothing', async () => {
    const user = cloud.newUser('cli');
    const id = watchIdOf(eventsOf(user));
    const other = { user: cloud.newUser('other'), resource: 'settings' } satisfies WatchSpec;
    await cloud.watch(id, other);
    const { code, stderr } = await cli.run('watch', user);
    expect({ code, stderr }).toEqual({ code: 1, stderr: oneLine });
    expect(stderr).toContain(`the id ${id} is taken`);
    expect(await field(id, 'spec')).toEqual(other);
  });

  test('that nobody serves ends with 1 when nothing moves; with --no-wait it does not wait for that', async () => {
    using _ = await unscheduled();
    const user = cloud.newUser('cli');
    const waited = await cli.run('watch', user, '--timeout', '1');
    expect(waited.code).toBe(1);
    expect(waited.stderr).toMatch(/waiting for renew.*nothing has moved for 1 s.*calendar-mirror status/s);
    const left = await cli.run('watch', user, '--no-wait', '--json');
    expect({ code: left.code, watches: results(left) }).toMatchObject({
      code: 0,
      watches: [{ state: 'pending' }],
    });
    // Only what people write is written.
    const document = await cloud.firestore.doc(`watches/${watchIdOf(eventsOf(user))}`).get();
    expect(Object.keys(document.data() ?? {}).toSorted()).toEqual(['nextDueAt', 'spec']);
  });
});

describe.concurrent('status', () => {
  test('tells state, channel, last sync and items of one watch', async () => {
    const { watch, user } = await watched();
    const { code, stdout, stderr } = await cli.run('status', watch);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^watch +${watch}\nuser +${user}\nresource +events\ncalendar +${user}\nstate +active\n`),
    );
    expect(stdout).toMatch(
      /\nchannel +[\w-]+, ends in 6 d \(.*Z\)\nlast sync +\d+ (?:s|min) ago \(.*Z\)\n.*\nitems +1\nchanges +1\n/s,
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

  test('of all is how many there are in each state, and which are in trouble', async () => {
    const user = cloud.newUser('cli');
    const broken = `broken-${user.split('@')[0] ?? ''}`;
    await cloud.firestore.doc(`watches/${broken}`).set({ spec: { user }, nextDueAt: new Date() });
    await eventually(async () => expect(await field(broken, 'status.reason')).toBe('invalidSpec'));
    const { code, stdout } = await cli.run('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^state +watches\n.*paused +\\d+\n.*In trouble\n.*${broken} .*paused \\(invalidSpec\\)`,
        's',
      ),
    );
    expect((await cli.run('status', broken)).stdout).toMatch(/\nwhy +spec\.resource: /);
    await cloud.firestore.doc(`watches/${broken}`).delete();
  });

  test('of a watch that is not there ends with 1, and says where to look', async () => {
    expect(await cli.run('status', 'never-was')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'there is no watch never-was: run calendar-mirror list\n',
    });
  });
});

describe.concurrent('sync', () => {
  test('finds what no notification told, and waits for it', async () => {
    const { watch, user } = await watched();
    using _ = cloud.losingNotifications(user);
    const event = await insert(user);
    const { code, stdout, stderr } = await cli.run('sync', watch);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`${watch} .* 2\n$`));
    expect(stderr).toContain(`${watch}: synced, 2 changes in all\n`);
    expect([...(await cloud.mirror(eventsOf(user))).keys()]).toContain(event);
  });

  test('in full lists everything', async () => {
    const { watch, user } = await watched();
    const before = cloud.calls(user).length;
    expect((await cli.run('sync', watch, '--full')).code).toBe(0);
    const lists = cloud
      .calls(user)
      .slice(before)
      .filter(({ method }) => method === 'calendar.events.list');
    expect(lists.map(({ query }) => query['syncToken'])).toContain(undefined);
  });

  test('that Google refuses ends with 1, and says so', async () => {
    const { watch, user } = await watched();
    const match = { method: 'calendar.events.list', user };
    using _ = cloud.fault({ on: 'request', match, effect: { do: 'fail', status: 403, reason: 'forbidden' } });
    const { code, stdout, stderr } = await cli.run('sync', watch);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(`the sync of ${watch} failed once \\(forbidden\\): .*calendar-mirror status ${watch}\n$`),
    );
  });

  test('with --no-wait only asks', async () => {
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
  test('--dry-run shows what renew would do, and does nothing', async () => {
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

  test('shows what would become of a channel that is due', async () => {
    using _ = await unscheduled();
    const { watch } = await watched();
    const channel = await field(watch, 'status.channel.id');
    await cloud.firestore.doc(`channels/${String(channel)}`).update({ nextDueAt: new Date(0) });
    const planned = results(await cli.run('renew', '--dry-run', '--json'));
    expect(planned).toContainEqual({ kind: 'channel', id: channel, plan: 'keeps it: it serves its watch' });
  });

  test('lets renew look at a watch at its next run', async () => {
    const { watch, user } = await watched();
    using _ = cloud.losingNotifications(user);
    const event = await insert(user);
    expect(await cli.run('renew', watch)).toMatchObject({ code: 0, stdout: `${watch}\n` });
    await eventually(async () => expect([...(await cloud.mirror(eventsOf(user))).keys()]).toContain(event));
  });
});

describe.concurrent('unwatch', () => {
  test('asks first, and does nothing where there is nobody to ask', async () => {
    const { watch } = await watched();
    const { code, stderr } = await cli.run('unwatch', watch);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'there is no terminal to ask on: add --yes if you mean it\n',
    });
    expect(await field(watch, 'spec.removed')).toBeUndefined();
  });

  test('stops the channel and keeps what was mirrored; watched again, it goes on', async () => {
    const { watch, user } = await watched();
    const { code, stderr } = await cli.run('unwatch', watch, '--yes');
    expect({ code, last: stderr.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: `${watch}: removed; what was mirrored stays`,
    });
    expect(cloud.live(user)).toEqual([]);
    expect((await cloud.mirror(eventsOf(user))).size).toBe(1);
    expect((await cli.run('sync', watch)).stderr).toMatch(
      /is not watched any more: run calendar-mirror watch/,
    );
    expect(results(await cli.run('watch', user, '--json'))).toMatchObject([
      { id: watch, state: 'active', removed: null },
    ]);
    await eventually(() => expect(cloud.live(user)).toHaveLength(1));
  });

  test('purges what was mirrored, also of a watch that was removed without', async () => {
    const { watch, user } = await watched();
    expect((await cli.run('unwatch', watch, '--keep', '--yes')).code).toBe(0);
    const outcome = await cli.run('unwatch', watch, '--purge', '--yes', '--json');
    expect(results(outcome)).toMatchObject([{ id: watch, state: 'removed', reason: 'purged' }]);
    expect((await cloud.mirror(eventsOf(user))).size).toBe(0);
    await eventually(() => expect(cloud.history(watch).at(-1)?.change).toBe('deleted'));
  });

  test('of a watch that is not there ends with 1', async () => {
    expect(await cli.run('unwatch', 'never-was', '--yes')).toMatchObject({
      code: 1,
      stderr: 'there is no watch never-was: run calendar-mirror list\n',
    });
  });
});
