import { describe, expect, test } from 'vitest';
import { refusal } from '../../support/emulator/client.ts';
import { ADA, emulatedForEachTest, startEmulated } from '../../support/emulator/emulated.ts';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import type { Seed } from '../../../infra/emulator/seed/seed.ts';

const start = emulatedForEachTest();

const asAda = { authorization: `Bearer ${ADA}` };
const lunch = { summary: 'Lunch', start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };

describe('authentication', () => {
  const MISSING = {
    reason: 'required',
    message: 'Login Required.',
    outer: /^Request is missing required authentication credential\. Expected OAuth 2 access token/,
  };
  const INVALID = {
    reason: 'authError',
    message: 'Invalid Credentials',
    outer: /^Request had invalid authentication credentials\. Expected OAuth 2 access token/,
  };

  test.each<[string, Record<string, string>, typeof MISSING]>([
    ['no token', {}, MISSING],
    ['an empty token', { authorization: 'Bearer ' }, INVALID],
    ['another scheme', { authorization: 'Basic YWRhOmE=' }, INVALID],
    ['a token that is not an account', { authorization: 'Bearer xyz' }, INVALID],
  ])('with %s is answered 401 with a challenge', async (_name, headers, { reason, message, outer }) => {
    const { emulator } = await start();
    const answer = await fetch(`${emulator.url}/calendar/v3/users/me/settings`, { headers });
    expect(answer.status).toBe(401);
    const invalid = reason === 'authError' ? ', error="invalid_token"' : '';
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="https://accounts.google.com/"${invalid}`,
    );
    expect(await answer.json()).toEqual({
      error: {
        code: 401,
        message: expect.stringMatching(outer),
        errors: [{ domain: 'global', reason, message, locationType: 'header', location: 'Authorization' }],
        status: 'UNAUTHENTICATED',
      },
    });
  });

  test.each(['access_token', 'oauth_token'])('may be in the query, as %s', async (name) => {
    const { emulator } = await start();
    const answer = await fetch(`${emulator.url}/calendar/v3/users/me/settings?${name}=${ADA}`);
    expect(answer.status).toBe(200);
  });
});

describe('a request', () => {
  test.each([
    ['an unknown path', 'GET', '/calendar/v3/nothing', 404],
    ['a path outside the API', 'GET', '/drive/v3/files', 404],
    ['an unsupported HTTP method', 'DELETE', '/calendar/v3/colors', 404],
    ['another format than JSON', 'GET', '/calendar/v3/colors?alt=atom', 400],
    ['a malformed field selector', 'GET', '/calendar/v3/colors?fields=a(b', 400],
  ])('for %s is rejected in Google’s format', async (_name, method, path, status) => {
    const { emulator } = await start();
    const answer = await fetch(emulator.url + path, { method, headers: asAda });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code: status, errors: [{ domain: 'global' }] } });
  });

  test.each([
    [
      'that is not JSON',
      'application/json',
      '{"summary":',
      'Invalid JSON payload received. Unexpected token.\n{"summary":\n^',
    ],
    [
      'that is a form',
      'application/x-www-form-urlencoded',
      '{"summary":"Lunch"}',
      'This API does not support parsing form-encoded input.',
    ],
  ])('with a body %s is rejected', async (_name, type, body, message) => {
    const { emulator } = await start();
    const answer = await fetch(`${emulator.url}/calendar/v3/calendars`, {
      method: 'POST',
      headers: { ...asAda, 'content-type': type },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      error: {
        code: 400,
        message,
        errors: [{ domain: 'global', reason: 'parseError', message }],
        status: 'INVALID_ARGUMENT',
      },
    });
  });

  test('is answered with indented JSON by default', async () => {
    const { emulator } = await start();
    const read = async (query: string) =>
      (await fetch(`${emulator.url}/calendar/v3/users/me/settings${query}`, { headers: asAda })).text();
    expect(await read('')).toContain('\n "kind": "calendar#settings"');
    expect(await read('?prettyPrint=false')).not.toContain('\n');
  });

  test('for some fields is answered with those only', async () => {
    const { ada } = await start();
    const { data } = await ada.settings.list({ fields: 'kind,items/id' });
    expect(Object.keys(data).toSorted()).toEqual(['items', 'kind']);
    expect(data.items?.every((item) => Object.keys(item).join() === 'id')).toBe(true);
  });
});

describe('versions', () => {
  test('a version that the client has is answered 304 without a body', async () => {
    const { ada, emulator } = await start();
    const { data } = await ada.events.insert({ calendarId: 'primary', requestBody: lunch });
    const url = `${emulator.url}/calendar/v3/calendars/primary/events/${data.id}`;
    const answer = await fetch(url, { headers: { ...asAda, 'if-none-match': data.etag ?? '' } });
    expect(answer.status).toBe(304);
    expect(answer.headers.get('etag')).toBe(data.etag);
    expect(await answer.text()).toBe('');
  });

  test('a change of an outdated version is rejected without effect', async () => {
    const { ada } = await start();
    const { data } = await ada.events.insert({ calendarId: 'primary', requestBody: lunch });
    const eventId = data.id ?? '';
    const change = (etag: string) =>
      ada.events.patch(
        { calendarId: 'primary', eventId, requestBody: { summary: 'Dinner' } },
        { headers: { 'If-Match': etag } },
      );
    expect(await refusal(change('"another"'))).toMatchObject({ status: 412, reason: 'conditionNotMet' });
    expect((await ada.events.get({ calendarId: 'primary', eventId })).data.summary).toBe('Lunch');
    expect((await change(data.etag ?? '')).data.summary).toBe('Dinner');
  });
});

describe('quotas', () => {
  test('reject a user above the limit, and serve again a minute later', async () => {
    const { ada, emulator } = await start({ quotas: { perUserPerMinute: 2, status: 429 } });
    await ada.settings.list();
    await ada.settings.list();
    expect(await refusal(ada.settings.list())).toMatchObject({ status: 429, reason: 'rateLimitExceeded' });
    expect((await ada.settings.list({ quotaUser: 'other' })).status).toBe(200);
    emulator.clock.advance(60_000);
    expect((await ada.settings.list()).status).toBe(200);
  });

  test('are off by default', async () => {
    const { ada } = await start();
    const answers = await Promise.all(
      Array.from({ length: 700 }, () => ada.settings.get({ setting: 'locale' })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

test('the journal has method, user, query, status and reason of every request', async () => {
  const { ada, emulator } = await start();
  await ada.events.list({ calendarId: 'primary', maxResults: 5, eventTypes: ['default', 'focusTime'] });
  await refusal(ada.events.get({ calendarId: 'primary', eventId: 'nothing' }));
  expect(emulator.journal.requests()).toMatchObject([
    {
      method: 'calendar.events.list',
      user: ADA,
      path: '/calendar/v3/calendars/primary/events',
      query: { maxResults: '5', eventTypes: ['default', 'focusTime'] },
      status: 200,
    },
    { method: 'calendar.events.get', status: 404, reason: 'notFound' },
  ]);
});

test('reset restores the initial state, channels, faults, journal and clock', async () => {
  const { ada, channel, emulator } = await start({ initial: { users: [{ email: ADA }] } });
  await ada.calendars.insert({ requestBody: { summary: 'Team' } });
  const { data } = await ada.settings.list();
  await ada.settings.watch({ requestBody: channel({ id: 'again' }) });
  emulator.faults.add({ on: 'request', effect: { do: 'fail', status: 500 } });
  emulator.clock.advance(1e9);
  await emulator.reset();
  expect(emulator.journal.counts().requests).toEqual({});
  expect(emulator.channels.list()).toEqual([]);
  expect((await ada.calendarList.list()).data.items?.map((item) => item.id)).toEqual([ADA]);
  expect((await refusal(ada.settings.list({ syncToken: data.nextSyncToken ?? '' }))).status).toBe(410);
  expect((await ada.settings.watch({ requestBody: channel({ id: 'again' }) })).status).toBe(200);
});

test.each([
  ['{"initail":{}}', "TypeError: unknown option 'initail': use some of apiKeys, channels, clock, "],
  ['{"port":"9199"}', 'TypeError: port must be a whole number, not "9199"'],
  ['{"initial":{"users":[{"emial":"ada"}]}}', 'SeedError: users[0].email: Invalid input: '],
])('a program without types that starts it with %s is told what is wrong', async (options, message) => {
  const error: unknown = await startCalendarEmulator(JSON.parse(options)).catch((reason: unknown) => reason);
  expect(String(error)).toContain(message);
});

test('a seed that is added with a mistake says where it is, and adds nothing', async () => {
  const { emulator, ada } = await start();
  const seed: Seed = JSON.parse('{"users":[{"email":"carol@example.com"},{"email":7}]}');
  expect(() => emulator.seed(seed)).toThrow(
    'users[1].email: Invalid input: expected string, received number',
  );
  expect((await refusal(ada.calendars.get({ calendarId: 'carol@example.com' }))).status).toBe(404);
});

test('the error for a taken port names it', async () => {
  const { emulator } = await start();
  const port = Number(new URL(emulator.url).port);
  await expect(startEmulated({ port })).rejects.toThrow(
    `EADDRINUSE: address already in use 127.0.0.1:${port}`,
  );
});

test.each(['', '?prettyPrint=false'])('an answer says how many bytes it has%s', async (query) => {
  const { emulator } = await start();
  const answer = await fetch(`${emulator.url}/calendar/v3/calendars/primary/events${query}`, {
    method: 'POST',
    headers: { ...asAda, 'content-type': 'application/json' },
    body: JSON.stringify({ ...lunch, summary: 'Zmittag à 12 h – 🍲' }),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  expect(body.toString()).toContain('Zmittag à 12 h – 🍲');
  expect(answer.headers.get('content-length')).toBe(String(body.length));
});
