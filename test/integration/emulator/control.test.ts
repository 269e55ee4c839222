import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../../support/emulator/client.ts';
import { ADA, BOB, startEmulated } from '../../support/emulator/emulated.ts';
import type { Emulated } from '../../support/emulator/emulated.ts';

let emulated: Emulated;

beforeAll(async () => {
  emulated = await startEmulated();
});

beforeEach(async () => {
  await emulated.emulator.reset();
});

afterAll(() => emulated.stop());

async function control(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${emulated.emulator.url}/emulator${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

test('health returns the emulator’s URL and time', async () => {
  expect(await control('GET', '/health')).toMatchObject({
    status: 200,
    body: { status: 'ok', url: emulated.emulator.url },
  });
});

test('the journal can be read, filtered and cleared', async () => {
  await emulated.ada.settings.list();
  await emulated.bob.settings.list();
  const read = await control('GET', `/journal?kind=request&user=${BOB}`);
  expect(read.body).toMatchObject({
    counts: { requests: { 'calendar.settings.list': 2 } },
    requests: [{ user: BOB }],
  });
  expect(read.body).not.toHaveProperty('notifications');
  expect((await control('GET', '/journal?status=404')).body).toMatchObject({
    requests: [],
    notifications: [],
  });
  await control('DELETE', '/journal');
  expect((await control('GET', '/journal')).body).toMatchObject({ counts: { requests: {} }, requests: [] });
});

test('control requests are neither journaled nor subject to faults', async () => {
  emulated.emulator.faults.add({ on: 'request', effect: { do: 'fail', status: 500 } });
  expect((await control('GET', '/health')).status).toBe(200);
  expect(emulated.emulator.journal.requests()).toEqual([]);
});

test('faults can be added one by one or together, listed and removed', async () => {
  const rule = { on: 'request', effect: { do: 'fail', status: 503 } };
  const one = await control('POST', '/faults', rule);
  const several = await control('POST', '/faults', [rule, { on: 'notification', effect: { do: 'drop' } }]);
  expect(one.body).toEqual({ ids: [expect.any(String)] });
  expect(several.body).toEqual({ ids: [expect.any(String), expect.any(String)] });
  expect((await refusal(emulated.ada.settings.list())).status).toBe(503);
  expect((await control('GET', '/faults')).body).toMatchObject([
    { rule, acted: 1 },
    { acted: 1 },
    { acted: 0 },
  ]);
  const [{ id } = { id: '' }] = emulated.emulator.faults.list();
  expect((await control('DELETE', `/faults?id=${id}`)).status).toBe(200);
  expect((await control('DELETE', `/faults?id=${id}`)).status).toBe(404);
  await control('DELETE', '/faults');
  expect((await emulated.ada.settings.list()).status).toBe(200);
});

test('a setting can be changed', async () => {
  await control('POST', '/settings', { user: ADA, id: 'locale', value: 'pl' });
  expect((await emulated.ada.settings.get({ setting: 'locale' })).data.value).toBe('pl');
});

test('an event can be put in exactly as Google would return it, and counts as an edit', async () => {
  const event = { id: 'odd_R1', etag: '"1"', recurrence: ['RRULE:FREQ=YEARLY;BYMONTHDAY=2'], future: [null] };
  const { data } = await emulated.ada.events.list({ calendarId: ADA });
  await emulated.ada.events.watch({ calendarId: ADA, requestBody: emulated.channel({ id: 'events' }) });
  expect(await control('POST', '/events', { calendarId: ADA, event })).toEqual({
    status: 200,
    body: { kind: 'calendar#event', ...event },
  });
  await emulated.emulator.settle();
  const states = emulated.receiver.received.filter(({ channelId }) => channelId === 'events');
  expect(states.map(({ state }) => state).toSorted()).toEqual(['exists', 'sync']);
  const syncToken = data.nextSyncToken ?? '';
  expect((await emulated.ada.events.list({ calendarId: ADA, syncToken })).data.items).toMatchObject([event]);
  const url = `${emulated.emulator.url}/calendar/v3/calendars/${ADA}/events/odd_R1`;
  const get = () => fetch(url, { headers: { Authorization: `Bearer ${ADA}` } });
  expect((await get()).headers.get('etag')).toBe('"1"');
  // An etag that is not a valid header value is served all the same.
  await control('POST', '/events', { calendarId: ADA, event: { ...event, etag: '\u{1f382}\n' } });
  expect(await (await get()).json()).toEqual({ kind: 'calendar#event', ...event, etag: '\u{1f382}\n' });
});

test.each([
  ['all of them', undefined, [410, 410]],
  ['all of them with an empty object', {}, [410, 410]],
  ['those of one collection', { resource: 'settings', user: ADA }, [410, 200]],
])('sync tokens can be expired: %s', async (_name, body, expected) => {
  const statuses: number[] = [];
  const tokens = await Promise.all([emulated.ada.settings.list(), emulated.bob.settings.list()]);
  await control('POST', '/expire-sync-tokens', body);
  for (const [index, client] of [emulated.ada, emulated.bob].entries()) {
    const call = client.settings.list({ syncToken: tokens[index]?.data.nextSyncToken ?? '' });
    statuses.push(expected[index] === 200 ? (await call).status : (await refusal(call)).status);
  }
  expect(statuses).toEqual(expected);
});

describe('channels', () => {
  beforeEach(async () => {
    await emulated.ada.settings.watch({ requestBody: emulated.channel({ id: 'ada', token: 'secret' }) });
    await emulated.bob.settings.watch({ requestBody: emulated.channel({ id: 'bob' }) });
    await emulated.emulator.settle();
  });

  test('can be listed', async () => {
    expect((await control('GET', '/channels')).body).toMatchObject([
      { id: 'ada', user: ADA, state: 'live', collection: { resource: 'settings', user: ADA } },
      { id: 'bob', user: BOB, state: 'live' },
    ]);
    expect((await control('GET', `/channels?user=${BOB}`)).body).toMatchObject([{ id: 'bob' }]);
  });

  test('can be expired early or killed', async () => {
    expect((await control('POST', '/expire-channels', { user: ADA })).body).toEqual({ expired: 1 });
    expect((await control('POST', '/kill-channels', { id: 'bob' })).body).toEqual({ killed: 1 });
    expect((await control('GET', '/channels')).body).toMatchObject([
      { state: 'expired' },
      { state: 'killed' },
    ]);
  });

  test('can be notified without a change', async () => {
    const before = emulated.receiver.received.length;
    expect((await control('POST', '/notify', { id: 'ada' })).body).toEqual({ notified: 1 });
    expect(emulated.receiver.received.slice(before)).toMatchObject([{ channelId: 'ada', state: 'exists' }]);
  });
});

test('time can be advanced', async () => {
  const before = emulated.emulator.clock.now();
  await control('POST', '/clock', { advanceMs: 86_400_000 });
  expect(emulated.emulator.clock.now() - before).toBeGreaterThanOrEqual(86_400_000);
});

test('users can be added and everything reset', async () => {
  await control('POST', '/seed', { users: [{ email: 'new@example.com' }] });
  expect(emulated.emulator.store.users.has('new@example.com')).toBe(true);
  await control('POST', '/reset');
  expect(emulated.emulator.store.users.has('new@example.com')).toBe(false);
});

test('settle waits until every notification was attempted', async () => {
  await emulated.ada.settings.watch({ requestBody: emulated.channel({ id: 'settled' }) });
  expect(await control('POST', '/settle')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(emulated.receiver.received.some(({ channelId }) => channelId === 'settled')).toBe(true);
});

test('an unknown route is answered with every route of the README', async () => {
  const readme = readFileSync(new URL('../../../infra/emulator/README.md', import.meta.url), 'utf8');
  const documented = [...readme.matchAll(/^\| `((?:GET|POST|DELETE) \/emulator\/[^`]+)` /gm)].map(
    ([, route]) => route,
  );
  const { body } = await control('GET', '/nothing');
  const known = Array.from(Reflect.get(Object(body), 'known'), (route) =>
    String(route).replace(/(scenarios)\/.+/, '$1/<name>'),
  );
  expect(new Set(known)).toEqual(new Set(documented));
});

test('a browser gets from the root to the page, and a client of the API a 404', async () => {
  const { url } = emulated.emulator;
  const visit = (accept: string) => fetch(url, { headers: { accept }, redirect: 'manual' });
  const answer = await visit('text/html,application/xhtml+xml,*/*;q=0.8');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/emulator/']);
  expect((await visit('*/*')).status).toBe(404);
});

describe('an invalid control request is rejected with the reason', () => {
  test.each([
    ['an unknown route', 'GET', '/nothing', undefined, 404, 'unknown route: GET /emulator/nothing'],
    ['a body that is not JSON', 'POST', '/faults', '{', 400, 'the body is not valid JSON'],
    ['a fault without an effect', 'POST', '/faults', { on: 'request' }, 400, '[0].effect: Invalid input: '],
    ['a clock that would run backwards', 'POST', '/clock', { advanceMs: -1 }, 400, 'advanceMs'],
    ['a clock beyond all calendars', 'POST', '/clock', { advanceMs: 1e18 }, 400, 'beyond the year 9989'],
    ['a setting without a user', 'POST', '/settings', { id: 'locale', value: 'pl' }, 400, 'user'],
    [
      'a collection without its calendar',
      'POST',
      '/expire-sync-tokens',
      { resource: 'acl' },
      400,
      'calendarId',
    ],
    ['an unknown channel filter', 'POST', '/kill-channels', { channel: 'x' }, 400, 'channel'],
    [
      'an event in an unknown calendar',
      'POST',
      '/events',
      { calendarId: 'x', event: {} },
      404,
      "calendar 'x' not found",
    ],
    ['an event that is not an object', 'POST', '/events', { calendarId: ADA, event: [] }, 400, 'object'],
    ['a seed without users', 'POST', '/seed', {}, 400, 'users'],
  ])('%s', async (_name, method, path, body, status, text) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(text);
  });
});
