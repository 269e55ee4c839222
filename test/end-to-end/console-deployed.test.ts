/** `calendar-mirror console` as against a deployed project: it has a project and credentials, and no local streams. */
import { describe, expect } from 'vitest';
import { addressOf, openConsole } from '../support/console/console-client.ts';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { PRIMARY, watchedEvents } from '../support/watched-events.ts';

const lunch = { summary: 'Lunch', start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };

/** Starts the command, opens it, and ends both with the test. */
const test = scheduledCloudTest().extend('open', ({ cli }, { onCleanup }) => {
  const ends: (() => unknown)[] = [];
  onCleanup(async () => {
    for (const end of ends) await end();
  });
  return async (...options: readonly string[]) => {
    const command = cli.begin('console', ...options);
    const page = openConsole(await addressOf(command));
    ends.push(
      () => page[Symbol.dispose](),
      async () => {
        command.child.kill('SIGINT');
        await command.ended;
      },
    );
    return { page, command };
  };
});

describe('the console of a deployed project', () => {
  test('shows its watches, and each change once it is on the feed', async ({ cloud, open }) => {
    const { user, watch } = await watchedEvents(cloud);
    const { page } = await open();
    const start = await page.message('a snapshot', ({ type }) => type === 'snapshot');
    expect(start).toMatchObject({
      about: { mode: 'deployed', project: cloud.projectId, writable: false, masked: true },
    });
    await cloud.as(user).insert(PRIMARY, lunch);
    const message = await page.message('the change', ({ type, entry }) => {
      const sentence =
        typeof entry === 'object' && entry !== null && 'sentence' in entry ? entry.sentence : '';
      return type === 'change' && String(sentence).includes('Lunch');
    });
    expect(message).toMatchObject({ entry: { watchId: watch, user, change: 'created' } });
  });

  test('rejects every action, and says how to allow them', async ({ cloud, open }) => {
    const { watch } = await watchedEvents(cloud);
    const { page } = await open();
    await page.message(
      'the watch',
      ({ type, changed, watches }) =>
        ['watches', 'snapshot'].includes(type) && JSON.stringify([changed, watches]).includes(watch),
    );
    for (const [action, body] of [
      ['sync', {}],
      ['renew', {}],
      ['unwatch', { items: 'purge' }],
    ] as const) {
      const answer = await page.post(`/api/watches/${watch}/${action}`, body);
      expect(answer).toMatchObject({
        status: 403,
        body: { error: expect.stringContaining('--allow-writes') },
      });
    }
    for (const [path, body] of [
      ['/api/dead-letters/replay', { ids: [] }],
      ['/api/dead-letters/purge', { ids: [] }],
      ['/api/replay', { watch, topic: 'new-consumer' }],
      ['/api/replay/cancel', {}],
    ] as const) {
      expect(await page.post(path, body)).toMatchObject({ status: 403 });
    }
    expect(await cloud.status(watch)).not.toHaveProperty('removed');
  });

  test('says what it cannot know without Cloud Monitoring', async ({ open }) => {
    const { page } = await open();
    const because = 'the emulators have no Cloud Monitoring';
    expect(await page.get('/api/subscriptions')).toMatchObject({
      status: 200,
      body: { notKnown: { because } },
    });
    expect(await page.get('/api/charts')).toMatchObject({
      status: 200,
      body: {
        charts: [
          { id: 'latency', title: 'From notification to mirror', notKnown: { because } },
          { id: 'changes', notKnown: null },
          { id: 'calls', notKnown: { because } },
          { id: 'channels', notKnown: null },
          { id: 'moments', notKnown: null },
        ],
      },
    });
  });

  test('compares a week with Google by the credentials of the watch', async ({ cloud, open }) => {
    const { watch, id } = await watchedEvents(cloud);
    const { page } = await open();
    const path = `/api/watches/${watch}/week?from=2029-12-31`;
    expect(await page.get(path)).toMatchObject({
      status: 200,
      body: {
        google: { ok: true, events: [{ id }] },
        mirror: [{ itemId: id }],
        comparison: { total: 1, equal: 1, differences: [] },
      },
    });
    using _ = cloud.fault({
      on: 'request',
      match: { method: 'calendar.events.list' },
      effect: { do: 'fail', status: 403, reason: 'forbidden' },
    });
    expect(await page.get(path)).toMatchObject({
      status: 200,
      body: {
        google: {
          ok: false,
          problem: expect.stringContaining('has no access to this calendar'),
          fix: expect.stringContaining('share the calendar'),
        },
        mirror: [{ itemId: id }],
        comparison: null,
      },
    });
  });

  test('does not play Google, even with --allow-writes', async ({ open }) => {
    const { page } = await open('--allow-writes');
    const refused = { status: 403, body: { error: expect.stringContaining('calendar-mirror dev') } };
    expect(await page.get('/api/play')).toMatchObject(refused);
    expect(await page.get('/api/play/calendar?user=a&path=b')).toMatchObject(refused);
    for (const route of ['calendar', 'burst', 'scenarios/clock-jump', 'clear'])
      expect(await page.post(`/api/play/${route}`)).toMatchObject(refused);
  });

  test('with --allow-writes runs actions, and names the command that does the same', async ({
    cloud,
    open,
  }) => {
    const { watch } = await watchedEvents(cloud);
    const { page } = await open('--allow-writes');
    await page.message(
      'the watch',
      ({ type, changed, watches }) =>
        ['watches', 'snapshot'].includes(type) && JSON.stringify([changed, watches]).includes(watch),
    );
    expect(await page.post(`/api/watches/${watch}/sync`, { full: true })).toEqual({
      status: 200,
      body: { command: `calendar-mirror sync ${watch} --full` },
    });
    expect(await page.post(`/api/watches/${watch}/unwatch`, { items: 'keep' })).toMatchObject({
      status: 200,
    });
    await page.message(
      'the removal',
      ({ changed }) =>
        JSON.stringify(changed ?? []).includes(`"id":"${watch}"`) &&
        JSON.stringify(changed).includes('"removed"'),
    );
    expect(await cloud.status(watch)).toMatchObject({ state: 'removed' });
  });
});
