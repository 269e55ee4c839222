/** The week, an item and playing Google, in the console of a cloud on this machine. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import * as z from 'zod';
import { scheduledCloudTest } from '../../../support/cloud-test.ts';
import { localConsole } from '../../../support/console/local-console.ts';
import { eventually } from '../../../support/eventually.ts';
import { watchedEvents, PRIMARY } from '../../../support/watched-events.ts';

const test = scheduledCloudTest().extend('page', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
  const page = await localConsole(cloud);
  onCleanup(() => page[Symbol.asyncDispose]());
  return page;
});

type Page = Awaited<ReturnType<typeof localConsole>>;

const Week = z.looseObject({
  timeZone: z.string(),
  mirror: z.array(z.looseObject({ event: z.looseObject({ id: z.string() }), itemId: z.string() })),
  comparison: z.looseObject({ total: z.number(), equal: z.number(), differences: z.array(z.unknown()) }),
});
const Played = z.object({ did: z.string(), command: z.string(), value: z.unknown().optional() });

/** By default the week of the tests' events. */
const weekOf = async (page: Page, watch: string, query = 'from=2029-12-31') => {
  const { status, body } = await page.get(`/api/watches/${watch}/week?${query}`);
  expect(status).toBe(200);
  return Week.parse(body);
};

/** Waits until the sides are equal, with so many events. */
const untilEqual = (page: Page, watch: string, events: number) =>
  eventually(async () => {
    const week = await weekOf(page, watch);
    expect(week.comparison).toEqual({ total: events, equal: events, differences: [] });
    return week;
  });

/** Does something, and returns its answer. */
async function played(page: Page, route: string, body: object) {
  const answer = await page.post(`/api/play/${route}`, body);
  expect(answer).toMatchObject({ status: 200 });
  return Played.parse(answer.body);
}

const daily = {
  id: 'standup',
  summary: 'Stand-up',
  start: { dateTime: '2029-12-31T09:00:00+01:00', timeZone: 'Europe/Berlin' },
  end: { dateTime: '2029-12-31T09:15:00+01:00', timeZone: 'Europe/Berlin' },
  recurrence: ['RRULE:FREQ=DAILY;COUNT=30'],
};

describe('a week', () => {
  test('has the occurrences of recurring events as Google expands them', async ({ cloud, page }) => {
    const { user, watch, id } = await watchedEvents(cloud);
    await cloud.as(user).insert(PRIMARY, daily);
    await cloud.as(user).insert(PRIMARY, {
      summary: 'Release',
      start: { date: '2030-01-05' },
      end: { date: '2030-01-07' },
    });
    const week = await untilEqual(page, watch, 9);
    expect(week.mirror.map(({ itemId }) => itemId)).toEqual(
      expect.arrayContaining([id, 'standup', 'standup']),
    );
    // One that was moved is an item of its own.
    await cloud.as(user).patch(`${PRIMARY}/standup_20300102T080000Z`, {
      start: { dateTime: '2030-01-02T10:00:00+01:00' },
      end: { dateTime: '2030-01-02T10:15:00+01:00' },
    });
    await eventually(async () => {
      const { mirror, comparison } = await weekOf(page, watch);
      expect(comparison.differences).toEqual([]);
      expect(mirror.map(({ itemId }) => itemId)).toContain('standup_20300102T080000Z');
    });
  });

  test('names what the mirror has not yet heard of', async ({ cloud, page }) => {
    const { user, watch, id } = await watchedEvents(cloud);
    await cloud.firestore
      .doc(`users/${user}/calendars/${user}/events/${id}`)
      .update({ 'data.summary': 'changed by hand' });
    const { comparison } = await weekOf(page, watch);
    expect(comparison).toEqual({
      total: 1,
      equal: 0,
      differences: [
        {
          id,
          kind: 'differs',
          fields: [{ path: 'summary', before: 'one', after: 'changed by hand' }],
        },
      ],
    });
  });

  test.for([
    ['from=today', 400],
    ['from=2030-01-01&days=0', 400],
    ['from=2030-01-01&days=32', 400],
  ] as const)('is rejected for %s', async ([query, status], { cloud, page }) => {
    const { watch } = await watchedEvents(cloud);
    expect(await page.get(`/api/watches/${watch}/week?${query}`)).toMatchObject({ status });
  });

  test('is only of a watch of events', async ({ cloud, page }) => {
    const watch = await cloud.register({ user: cloud.newUser(), resource: 'settings' });
    expect(await page.get(`/api/watches/${watch}/week?from=2030-01-01`)).toEqual({
      status: 400,
      body: { error: `watch ${watch} mirrors settings: only a watch of events has a week` },
    });
    expect(await page.get('/api/watches/unknown/week?from=2030-01-01')).toMatchObject({ status: 404 });
  });
});

describe('an item', () => {
  test('has its document and its changes, and keeps them once it is deleted', async ({ cloud, page }) => {
    const { user, watch, id } = await watchedEvents(cloud);
    await cloud.as(user).patch(`${PRIMARY}/${id}`, { summary: 'two' });
    const path = `/api/watches/${watch}/items/${id}`;
    await eventually(async () => {
      expect(await page.get(path)).toMatchObject({
        body: {
          itemId: id,
          document: {
            path: `users/${user}/calendars/${user}/events/${id}`,
            data: { summary: 'two' },
            sequence: 2,
            mirroredAt: expect.any(Number),
            omitted: [],
            fields: { startsAt: '2030-01-01T10:00:00.000Z', originalStartsAt: null, watch },
          },
          changes: [{ entry: { sequence: 2 }, before: { summary: 'one' }, after: { summary: 'two' } }, {}],
        },
      });
    });
    await cloud.as(user).remove(`${PRIMARY}/${id}`);
    await eventually(async () => {
      expect(await page.get(path)).toMatchObject({
        body: { document: null, changes: [{ entry: { change: 'deleted' } }, {}, {}] },
      });
    });
  });

  test('that was never there has neither', async ({ cloud, page }) => {
    const { watch } = await watchedEvents(cloud);
    expect(await page.get(`/api/watches/${watch}/items/${encodeURIComponent('a/b')}`)).toEqual({
      status: 200,
      body: { itemId: 'a/b', document: null, changes: [] },
    });
    expect(await page.get('/api/watches/unknown/items/x')).toMatchObject({ status: 404 });
  });
});

describe('playing Google', () => {
  test('creates, moves and cancels events by calls that its commands repeat', async ({ cloud, page }) => {
    const { user, watch } = await watchedEvents(cloud);
    const path = `/calendars/${encodeURIComponent(user)}/events`;
    const body = {
      summary: 'It’s lunch',
      start: { date: '2030-01-02' },
      end: { date: '2030-01-03' },
    };
    const created = await played(page, 'calendar', { user, method: 'POST', path, body });
    const { id } = z.object({ id: z.string() }).parse(created.value);
    await untilEqual(page, watch, 2);
    // The command makes the same call once more.
    await promisify(execFile)('sh', ['-c', created.command]);
    await untilEqual(page, watch, 3);
    const moved = { start: { date: '2030-01-04' }, end: { date: '2030-01-05' } };
    await played(page, 'calendar', { user, method: 'PATCH', path: `${path}/${id}`, body: moved });
    await eventually(async () => {
      const { body: item } = await page.get(`/api/watches/${watch}/items/${id}`);
      expect(item).toMatchObject({ changes: [{ entry: { kinds: ['moved'] } }, {}] });
    });
    await played(page, 'calendar', { user, method: 'DELETE', path: `${path}/${id}` });
    await untilEqual(page, watch, 2);
  });

  test('answers as another guest', async ({ cloud, page }) => {
    const { user, watch, id } = await watchedEvents(cloud);
    const guest = cloud.newUser();
    // An account exists from its first call on.
    await cloud.as(guest).list('users/me/calendarList');
    await cloud.as(user).patch(`${PRIMARY}/${id}`, { attendees: [{ email: guest }] });
    const path = `/calendars/primary/events/${id}`;
    const query = new URLSearchParams({ user: guest, path }).toString();
    const own = await page.get(`/api/play/calendar?${query}`);
    expect(own).toMatchObject({ status: 200, body: { id } });
    const attendees = [{ email: guest, responseStatus: 'accepted' }];
    await played(page, 'calendar', { user: guest, method: 'PATCH', path, body: { attendees } });
    await eventually(async () => {
      const { body } = await page.get(`/api/watches/${watch}/items/${id}`);
      expect(body).toMatchObject({ document: { data: { attendees } } });
    });
  });

  test('says what Google says is wrong', async ({ cloud, page }) => {
    const { user, id } = await watchedEvents(cloud);
    const path = `/calendars/primary/events/${id}`;
    const stale = { user, method: 'PATCH', path, etag: '"1"', body: { summary: 'x' } };
    expect(await page.post('/api/play/calendar', stale)).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('412') },
    });
    for (const bad of ['/users/me/settings', '/calendars/x/acl', '/calendars/x/events?a=b', '/../reset']) {
      const answer = await page.post('/api/play/calendar', { user, method: 'POST', path: bad, body: {} });
      expect(answer).toMatchObject({ status: 400 });
    }
    expect(await page.post('/api/play/scenarios/unknown')).toMatchObject({ status: 404 });
  });

  test('makes a burst, edits one event a hundred times, and removes the burst', async ({ cloud, page }) => {
    const { user, watch, id } = await watchedEvents(cloud);
    const target = { user, calendarId: user };
    const days = ['2029-12-31', '2030-01-01', '2030-01-02', '2030-01-03', '2030-01-04'];
    const created = await played(page, 'burst', { what: 'create', ...target, days, timeZone: 'UTC' });
    expect(created.did).toBe('100 events created');
    await untilEqual(page, watch, 101);
    await played(page, 'burst', { what: 'edit', ...target, event: id });
    await eventually(async () => {
      const { body } = await page.get(`/api/watches/${watch}/items/${id}`);
      expect(body).toMatchObject({ document: { data: { location: 'Room 100' } } });
    });
    expect((await played(page, 'burst', { what: 'remove', ...target })).did).toBe('100 events cancelled');
    await untilEqual(page, watch, 1);
  });

  test('drops a notification, kills channels, expires tokens and moves the clock', async ({
    cloud,
    page,
  }) => {
    const { user, watch } = await watchedEvents(cloud);
    const target = { user, calendarId: user };
    await played(page, 'scenarios/lost-notification', { ...target, resource: 'events' });
    expect(await page.get('/api/play')).toMatchObject({
      body: { faults: 1, users: expect.arrayContaining([user]) },
    });
    expect((await played(page, 'clear', {})).command).toContain('-X DELETE');
    expect(cloud.calendar.faults.list()).toEqual([]);

    expect((await played(page, 'scenarios/token-expired', target)).did).toContain('expired');
    await cloud.as(user).insert(PRIMARY, daily);
    await untilEqual(page, watch, 8);

    await played(page, 'scenarios/dead-channel', target);
    expect(await page.get('/api/play')).toMatchObject({ body: { channels: { killed: 1 } } });
    await played(page, 'scenarios/clock-jump', { hours: 1 });
    expect(await page.get('/api/play')).toMatchObject({ body: { ahead: 3_600_000 } });
    cloud.calendar.clock.reset();
  });
});
