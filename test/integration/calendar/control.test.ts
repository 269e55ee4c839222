import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../../support/calendar/client.ts';
import { ADA, BOB, startEmulated } from '../../support/calendar/emulated.ts';
import type { Emulated } from '../../support/calendar/emulated.ts';

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

test('health tells where the emulator is and what time it has', async () => {
  expect(await control('GET', '/health')).toMatchObject({
    status: 200,
    body: { status: 'ok', url: emulated.emulator.url },
  });
});

test('the journal can be read, filtered and emptied', async () => {
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

test('control calls are no API requests: they are not journalled and meet no faults', async () => {
  emulated.emulator.faults.add({ on: 'request', effect: { do: 'fail', status: 500 } });
  expect((await control('GET', '/health')).status).toBe(200);
  expect(emulated.emulator.journal.requests()).toEqual([]);
});

test('faults can be added, one or several, listed and removed', async () => {
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

test('a setting, which the API cannot change, can be changed', async () => {
  await control('POST', '/settings', { user: ADA, id: 'locale', value: 'pl' });
  expect((await emulated.ada.settings.get({ setting: 'locale' })).data.value).toBe('pl');
});

test.each([
  ['all of them', undefined, [410, 410]],
  ['all of them, with an empty object', {}, [410, 410]],
  ['those of one collection', { resource: 'settings', user: ADA }, [410, 200]],
])('sync tokens can be made to expire: %s', async (_name, body, expected) => {
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

  test('can be listed, which the API cannot', async () => {
    expect((await control('GET', '/channels')).body).toMatchObject([
      { id: 'ada', user: ADA, state: 'live', collection: { resource: 'settings', user: ADA } },
      { id: 'bob', user: BOB, state: 'live' },
    ]);
    expect((await control('GET', `/channels?user=${BOB}`)).body).toMatchObject([{ id: 'bob' }]);
  });

  test('can be ended before their time, or silently', async () => {
    expect((await control('POST', '/expire-channels', { user: ADA })).body).toEqual({ expired: 1 });
    expect((await control('POST', '/kill-channels', { id: 'bob' })).body).toEqual({ killed: 1 });
    expect((await control('GET', '/channels')).body).toMatchObject([
      { state: 'expired' },
      { state: 'killed' },
    ]);
  });

  test('can be notified without a reason', async () => {
    const before = emulated.receiver.received.length;
    expect((await control('POST', '/notify', { id: 'ada' })).body).toEqual({ notified: 1 });
    expect(emulated.receiver.received.slice(before)).toMatchObject([{ channelId: 'ada', state: 'exists' }]);
  });
});

test('time can be put forward', async () => {
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

test('settling waits until every notification was attempted', async () => {
  await emulated.ada.settings.watch({ requestBody: emulated.channel({ id: 'settled' }) });
  expect(await control('POST', '/settle')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(emulated.receiver.received.some(({ channelId }) => channelId === 'settled')).toBe(true);
});

describe('what is wrong is said', () => {
  test.each([
    ['a route that does not exist', 'GET', '/nothing', undefined, 404, 'There is no GET /emulator/nothing.'],
    ['a body that is no JSON', 'POST', '/faults', '{', 400, 'The body is not JSON'],
    ['a fault without an effect', 'POST', '/faults', { on: 'request' }, 400, 'effect'],
    ['a clock that runs back', 'POST', '/clock', { advanceMs: -1 }, 400, 'advanceMs'],
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
    ['a seed without users', 'POST', '/seed', {}, 400, 'users'],
  ])('%s', async (_name, method, path, body, status, text) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(text);
  });
});
