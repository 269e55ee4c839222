/** Named scenarios: what a client sees of each, and what it takes to end them. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scenarioNames } from '../../../infra/emulator/scenarios/index.ts';
import { refusal } from '../../support/emulator/client.ts';
import { ADA, BOB, type Emulated, startEmulated } from '../../support/emulator/emulated.ts';

const TEAM = 'team@group.calendar.google.com';

let running: Emulated;

beforeEach(async () => {
  running = await startEmulated({
    initial: {
      users: [
        {
          email: ADA,
          calendars: [
            { id: TEAM, summary: 'Team', acl: [{ role: 'reader', scope: { type: 'user', value: BOB } }] },
          ],
        },
        { email: BOB, lists: [{ id: TEAM }] },
      ],
    },
  });
});
afterEach(() => running.stop());

async function control(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${running.emulator.url}/emulator${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

const list = (parameters: object = {}) => running.ada.events.list({ calendarId: 'primary', ...parameters });
const insert = (calendarId = 'primary') =>
  running.ada.events.insert({
    calendarId,
    requestBody: { start: { date: '2030-01-07' }, end: { date: '2030-01-08' } },
  });
const syncToken = async (): Promise<string> => (await list()).data.nextSyncToken ?? '';
const watch = (fields: object = {}) =>
  running.ada.events.watch({ calendarId: 'primary', requestBody: running.channel(fields) });
const fates = () => running.emulator.journal.notifications({ state: 'exists' }).map(({ fate }) => fate);

async function edited(): Promise<void> {
  await insert();
  await running.emulator.settle();
}

describe('over HTTP', () => {
  test('every scenario is listed with its parameters as a JSON Schema', async () => {
    const { body } = await control('GET', '/scenarios');
    expect(body).toEqual(
      scenarioNames().map((name) => ({
        name,
        description: expect.stringMatching(/^[A-Z].*\.$/),
        parameters: expect.objectContaining({ type: 'object', additionalProperties: false }),
      })),
    );
  });

  test('a scenario is played, says what it did, and is ended by removing its rules', async () => {
    const played = await control('POST', '/scenarios/unavailable', { times: 5 });
    expect(played).toEqual({
      status: 200,
      body: { scenario: 'unavailable', did: 'calls are answered 503 5 times', rules: [expect.any(String)] },
    });
    expect(await refusal(list())).toMatchObject({ status: 503 });
    const [{ id } = { id: '' }] = running.emulator.faults.list();
    await control('DELETE', `/faults?id=${id}`);
    expect((await list()).status).toBe(200);
  });

  test.each([
    ['an unknown parameter', '/scenarios/slow', { milliseconds: 5 }, 'milliseconds'],
    ['a wrong value', '/scenarios/quota', { status: 404 }, 'status'],
    ['an unknown user', '/scenarios/unavailable', { user: 'eve@example.com' }, 'eve@example.com'],
    ['an unknown calendar', '/scenarios/lost-notification', { calendarId: 'x' }, "calendar 'x' not found"],
    ['no time at all', '/scenarios/clock-jump', {}, 'give days'],
    ['a primary calendar', '/scenarios/calendar-deleted', { calendarId: ADA }, 'primary'],
    ['the data owner', '/scenarios/acl-lost', { calendarId: TEAM, user: ADA }, 'data owner'],
    [
      'a list of a calendar',
      '/scenarios/token-expired',
      { calendarId: TEAM, resource: 'settings' },
      'settings',
    ],
  ])('%s is rejected, and adds no rule', async (_, path, body, message) => {
    expect(await control('POST', path, body)).toEqual({
      status: 400,
      body: { error: expect.stringContaining(message) },
    });
    expect(running.emulator.faults.list()).toEqual([]);
  });

  test('an unknown scenario is answered 404 with those there are', async () => {
    expect(await control('POST', '/scenarios/apocalypse')).toMatchObject({
      status: 404,
      body: { known: expect.arrayContaining(['POST /emulator/scenarios/token-expired']) },
    });
  });
});

describe('tokens and access', () => {
  test('token-expired: an incremental list is answered 410, and the next one is not', async () => {
    const token = await syncToken();
    running.emulator.scenario('token-expired', { calendarId: ADA });
    expect(await refusal(list({ syncToken: token }))).toMatchObject({
      status: 410,
      reason: 'fullSyncRequired',
    });
    expect((await list({ syncToken: await syncToken() })).status).toBe(200);
  });

  test('token-expired: leaves other collections alone', async () => {
    const token = await syncToken();
    running.emulator.scenario('token-expired', { calendarId: TEAM });
    running.emulator.scenario('token-expired', { user: ADA, resource: 'calendarList' });
    expect((await list({ syncToken: token })).status).toBe(200);
    running.emulator.scenario('token-expired');
    expect(await refusal(list({ syncToken: token }))).toMatchObject({ status: 410 });
  });

  test.each([
    [400, 'invalid'],
    [410, 'fullSyncRequired'],
  ] as const)('page-token-expired: the second page is answered %i', async (status, reason) => {
    await insert();
    await insert();
    running.emulator.scenario('page-token-expired', { calendarId: ADA, status });
    const { data } = await list({ maxResults: 1 });
    const second = list({ maxResults: 1, pageToken: data.nextPageToken });
    expect(await refusal(second)).toMatchObject({ status, reason });
    expect((await list({ maxResults: 1, pageToken: data.nextPageToken })).status).toBe(200);
  });

  test('access-token-expired: the next call of the user is answered 401, once', async () => {
    running.emulator.scenario('access-token-expired', { user: ADA });
    expect((await running.bob.settings.list()).status).toBe(200);
    expect(await refusal(list())).toMatchObject({ status: 401, reason: 'authError' });
    expect((await list()).status).toBe(200);
  });

  test('revoked-consent: every call of the user is answered 401', async () => {
    const { rules } = running.emulator.scenario('revoked-consent', { user: ADA });
    for (const call of [list(), running.ada.settings.list()])
      expect(await refusal(call)).toMatchObject({ status: 401 });
    for (const rule of rules) running.emulator.faults.remove(rule);
    expect((await list()).status).toBe(200);
  });

  test('acl-lost: the calendar is answered 404 and leaves the list', async () => {
    const { data } = await running.bob.calendarList.list();
    expect(running.emulator.scenario('acl-lost', { user: BOB, calendarId: TEAM }).did).toContain(
      'role reader',
    );
    expect(await refusal(running.bob.events.list({ calendarId: TEAM }))).toMatchObject({ status: 404 });
    const changes = await running.bob.calendarList.list({ syncToken: data.nextSyncToken ?? '' });
    expect(changes.data.items).toMatchObject([{ id: TEAM, deleted: true }]);
  });

  test('acl-lost: rules for the domain and for everyone are removed too', async () => {
    for (const scope of [{ type: 'default' }, { type: 'domain', value: 'example.com' }])
      // oxlint-disable-next-line no-await-in-loop -- one rule after the other
      await running.ada.acl.insert({ calendarId: TEAM, requestBody: { role: 'reader', scope } });
    running.emulator.scenario('acl-lost', { user: BOB, calendarId: TEAM });
    expect(await refusal(running.bob.events.list({ calendarId: TEAM }))).toMatchObject({ status: 404 });
  });

  test('calendar-deleted: the calendar is answered 404', async () => {
    running.emulator.scenario('calendar-deleted', { calendarId: TEAM });
    expect(await refusal(running.ada.events.list({ calendarId: TEAM }))).toMatchObject({ status: 404 });
  });
});

describe('calls', () => {
  test.each([
    [{}, 403, 'userRateLimitExceeded'],
    [{ of: 'user', status: 429 }, 429, 'rateLimitExceeded'],
    [{ of: 'project' }, 403, 'rateLimitExceeded'],
    [{ of: 'project', status: 429 }, 429, 'rateLimitExceeded'],
  ] as const)('quota %j: answers %i %s, once', async (parameters, status, reason) => {
    running.emulator.scenario('quota', parameters);
    expect(await refusal(list())).toMatchObject({ status, reason });
    expect((await list()).status).toBe(200);
  });

  test('quota: sends Retry-After', async () => {
    running.emulator.scenario('quota', { retryAfterSeconds: 7 });
    const answer = await fetch(`${running.emulator.url}/calendar/v3/colors?access_token=${ADA}`);
    expect(answer.headers.get('retry-after')).toBe('7');
  });

  test('backend-error: answers 500, for one method of one calendar, however that is named', async () => {
    running.emulator.scenario('backend-error', { calendarId: ADA, method: 'calendar.events.list', times: 2 });
    expect((await insert()).status).toBe(200);
    expect((await running.ada.events.list({ calendarId: TEAM })).status).toBe(200);
    expect(await refusal(list())).toMatchObject({ status: 500, reason: 'backendError' });
    expect(await refusal(list({ calendarId: ADA }))).toMatchObject({ status: 500 });
    expect((await list()).status).toBe(200);
  });

  test.each(['before', 'after'] as const)('connection-lost %s the call takes effect', async (when) => {
    running.emulator.scenario('connection-lost', { when, method: 'calendar.events.insert' });
    await expect(insert()).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|UND_ERR|ERR_/) });
    expect((await list()).data.items).toHaveLength(when === 'after' ? 1 : 0);
  });

  test('slow: delays a call', async () => {
    running.emulator.scenario('slow', { ms: 30 });
    await list();
    const [{ ms } = { ms: 0 }] = running.emulator.journal.requests();
    expect(ms).toBeGreaterThanOrEqual(29);
  });

  test('watch-refused: a channel cannot be opened, and later it can', async () => {
    running.emulator.scenario('watch-refused', { reason: 'push.webhookUrlUnauthorized' });
    expect(await refusal(watch())).toMatchObject({ status: 401, reason: 'push.webhookUrlUnauthorized' });
    expect((await watch()).status).toBe(200);
  });

  test('empty-pages: pages without items precede the others, until the probability is 0', async () => {
    await insert();
    running.emulator.scenario('empty-pages');
    const { data } = await list();
    expect(data).toMatchObject({ items: [], nextPageToken: expect.any(String) });
    expect((await list({ pageToken: data.nextPageToken })).data.items).toHaveLength(1);
    running.emulator.scenario('empty-pages', { probability: 0 });
    expect((await list()).data.items).toHaveLength(1);
  });

  test('empty-pages: end with a reset', async () => {
    running.emulator.scenario('empty-pages');
    await running.emulator.reset();
    expect((await list()).data).not.toHaveProperty('nextPageToken');
  });
});

describe('notifications and channels', () => {
  beforeEach(async () => {
    await watch();
    await running.emulator.settle();
  });

  test('lost-notification: the notification of one change is never sent', async () => {
    running.emulator.scenario('lost-notification', { user: ADA, calendarId: 'primary' });
    await edited();
    await edited();
    expect(fates()).toEqual(['dropped', 'delivered']);
  });

  test('duplicate-notification: arrives twice with one number', async () => {
    running.emulator.scenario('duplicate-notification', { resource: 'events' });
    await edited();
    const sent = running.receiver.received.filter(({ state }) => state === 'exists');
    expect(sent).toHaveLength(2);
    expect(sent[0]?.number).toBe(sent[1]?.number);
  });

  test.each(['late-notification', 'reordered-notification'] as const)(
    '%s: the next one passes it',
    async (name) => {
      running.emulator.scenario(name, name === 'late-notification' ? { ms: 1_000 } : { maxMs: 5_000 });
      await insert();
      await insert();
      await running.emulator.settle();
      const numbers = running.receiver.received
        .filter(({ state }) => state === 'exists')
        .map(({ number }) => number);
      expect(numbers).toHaveLength(2);
      expect(numbers[0]).toBeGreaterThan(numbers[1] ?? 0);
    },
  );

  test('dead-channel: falls silent, and can still be stopped', async () => {
    expect(running.emulator.scenario('dead-channel', { calendarId: ADA })).toEqual({
      scenario: 'dead-channel',
      did: '1 channel went silent',
      rules: [],
    });
    await edited();
    expect(fates()).toEqual([]);
    const [{ id, resourceId } = { id: '', resourceId: '' }] = running.emulator.channels.list();
    expect((await running.ada.channels.stop({ requestBody: { id, resourceId } })).status).toBe(204);
  });

  test('channel-expired: has ended, as after its lifetime', async () => {
    expect(running.emulator.scenario('channel-expired', { user: BOB }).did).toBe('0 channels expired');
    running.emulator.scenario('channel-expired', { user: ADA, resource: 'events' });
    expect(running.emulator.channels.list()).toMatchObject([{ state: 'expired' }]);
  });

  test('clock-jump: a channel of a week is at its end', async () => {
    running.emulator.scenario('clock-jump', { days: 6, hours: 23 });
    expect(running.emulator.channels.list()).toMatchObject([{ state: 'live' }]);
    running.emulator.scenario('clock-jump', { hours: 1, seconds: 1 });
    expect(running.emulator.channels.list()).toMatchObject([{ state: 'expired' }]);
  });
});
