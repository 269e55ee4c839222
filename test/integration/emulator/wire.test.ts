import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ADA, BOB, emulatedForEachTest } from '../../support/emulator/emulated.ts';
import type { CalendarEmulatorOptions } from '../../../infra/emulator/types.ts';

const API = '/calendar/v3';
const PRIMARY = `${API}/calendars/primary/events`;
const lunch = { id: 'lunch1', summary: 'Lunch', start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };

const startEmulator = emulatedForEachTest();

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly user?: string;
}

async function start(options: CalendarEmulatorOptions = {}) {
  const emulated = await startEmulator(options);
  const { url } = emulated.emulator;
  const send = (method: string, path: string, { headers = {}, body, user = ADA }: Sent = {}) =>
    fetch(url + path, {
      method,
      headers: { ...(user !== '' && { authorization: `Bearer ${user}` }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
  return { ...emulated, send };
}

const ErrorBody = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })) }) });
const Page = z.object({ nextSyncToken: z.string() });

const reasonOf = async (answer: Response): Promise<string | undefined> =>
  ErrorBody.parse(await answer.json()).error.errors[0]?.reason;

const override = (method: string) => ({ 'x-http-method-override': method });

async function withPublicCalendar(options: CalendarEmulatorOptions = {}) {
  const started = await start(options);
  const { ada } = started;
  const id = (await ada.calendars.insert({ requestBody: { summary: 'Town' } })).data.id ?? '';
  await ada.acl.insert({ calendarId: id, requestBody: { role: 'reader', scope: { type: 'default' } } });
  await ada.events.insert({ calendarId: id, requestBody: lunch });
  const get = (path: string, headers: Record<string, string> = {}) =>
    started.send('GET', API + path, { user: '', headers });
  return { ...started, path: `/calendars/${encodeURIComponent(id)}`, id, get };
}

describe('a compressed body', () => {
  test.each([
    ['gzip', gzipSync(JSON.stringify(lunch))],
    ['deflate', deflateSync(JSON.stringify(lunch))],
    ['deflate, gzip', gzipSync(deflateSync(JSON.stringify(lunch)))],
  ])('is read with the encoding %s', async (encoding, body) => {
    const { send } = await start();
    const answer = await send('POST', PRIMARY, { headers: { 'content-encoding': encoding }, body });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id: 'lunch1', summary: 'Lunch' });
  });

  test('that is empty is no body', async () => {
    const { send } = await start();
    const gzip = { 'content-encoding': 'gzip' };
    const clear = (body: Buffer<ArrayBuffer>) =>
      send('POST', `${API}/calendars/primary/clear`, { headers: gzip, body });
    expect((await clear(gzipSync(''))).status).toBe(204);
    expect((await clear(Buffer.alloc(0))).status).toBe(204);
  });

  test.each([
    ['gzip', Buffer.from('no gzip'), 400, 'badRequest'],
    ['zstd', Buffer.from('{}'), 400, 'badRequest'],
    ['gzip', gzipSync(Buffer.alloc(11 * 2 ** 20)), 413, 'requestTooLarge'],
  ])('in %s that cannot be read is rejected (%#)', async (encoding, body, status, reason) => {
    const { send } = await start();
    const answer = await send('POST', PRIMARY, { headers: { 'content-encoding': encoding }, body });
    expect([answer.status, await reasonOf(answer)]).toEqual([status, reason]);
  });
});

test('a body of more than 10 MiB is answered 413, and the server goes on', async () => {
  const { send } = await start();
  const answer = await send('POST', PRIMARY, { body: 'x'.repeat(10 * 2 ** 20 + 1) });
  expect([answer.status, await reasonOf(answer)]).toEqual([413, 'requestTooLarge']);
  expect((await send('GET', PRIMARY)).status).toBe(200);
});

describe('X-HTTP-Method-Override', () => {
  test.each(['PATCH', 'patch'])('%s turns a POST into a patch', async (method) => {
    const { send } = await start();
    await send('POST', PRIMARY, { body: JSON.stringify(lunch) });
    const body = JSON.stringify({ summary: 'Dinner' });
    const answer = await send('POST', `${PRIMARY}/lunch1`, { headers: override(method), body });
    expect(await answer.json()).toMatchObject({ summary: 'Dinner', start: lunch.start });
  });

  test('DELETE turns a POST into a deletion', async () => {
    const { send } = await start();
    await send('POST', PRIMARY, { body: JSON.stringify(lunch) });
    expect((await send('POST', `${PRIMARY}/lunch1`, { headers: override('DELETE') })).status).toBe(204);
  });

  test('GET takes the query from a form, beside that of the address', async () => {
    const { send, ada, emulator } = await start();
    await ada.events.insert({ calendarId: 'primary', requestBody: lunch });
    const headers = {
      ...override('GET'),
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    };
    const body = `q=Lunch&privateExtendedProperty=a%3D1&timeZone=Europe%2FBerlin&x=${'y'.repeat(3000)}`;
    const answer = await send('POST', `${PRIMARY}?maxResults=3`, { headers, body });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ kind: 'calendar#events', items: [] });
    expect(emulator.journal.requests().at(-1)).toMatchObject({
      method: 'calendar.events.list',
      httpMethod: 'GET',
      query: { maxResults: '3', q: 'Lunch', privateExtendedProperty: 'a=1' },
    });
  });

  test('of a GET is ignored', async () => {
    const { send } = await start();
    expect((await send('GET', `${API}/colors`, { headers: override('DELETE') })).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  const origin = 'https://app.example.com';

  test('may call every method: the preflight names methods and headers', async () => {
    const { send } = await start();
    const answer = await send('OPTIONS', `${PRIMARY}/lunch1`, {
      user: '',
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,if-match',
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,if-match');
  });

  test.each([
    ['an answer', ADA, `${API}/colors`, 200],
    ['a refusal', '', `${API}/users/me/settings`, 401],
    ['an unknown path', ADA, '/nothing', 404],
    ['a control route', '', '/emulator/health', 200],
  ])('may read %s', async (_name, user, path, status) => {
    const { send } = await start();
    const answer = await send('GET', path, { user, headers: { origin } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect(answer.headers.get('access-control-expose-headers')).toContain('ETag');
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  test('is not meant when there is no origin', async () => {
    const { send } = await start();
    const answer = await send('GET', `${API}/colors`);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('an API key', () => {
  test('reads a public calendar and its events', async () => {
    const { path, get, send, id } = await withPublicCalendar();
    expect(await (await get(`${path}/events?key=abc`)).json()).toMatchObject({
      accessRole: 'reader',
      items: [{ id: 'lunch1', summary: 'Lunch' }],
    });
    expect((await get(`${path}/events/lunch1`, { 'x-goog-api-key': 'abc' })).status).toBe(200);
    expect((await get(`${path}?key=abc`)).status).toBe(200);
    const body = JSON.stringify({
      timeMin: '2030-01-01T00:00:00Z',
      timeMax: '2030-01-02T00:00:00Z',
      items: [{ id }],
    });
    const busy = await send('POST', `${API}/freeBusy?key=abc`, { user: '', body });
    expect(await busy.json()).toMatchObject({ calendars: { [id]: { busy: [{}] } } });
  });

  test('has sync tokens of its own', async () => {
    const { path, get, ada, id } = await withPublicCalendar();
    const first = Page.parse(await (await get(`${path}/events?key=abc`)).json());
    await ada.events.delete({ calendarId: id, eventId: 'lunch1' });
    const next = await get(`${path}/events?key=abc&syncToken=${first.nextSyncToken}`);
    expect(await next.json()).toMatchObject({ items: [{ id: 'lunch1', status: 'cancelled' }] });
  });

  test.each([
    ['a private calendar', `/calendars/${ADA}/events?key=abc`, 404, 'notFound'],
    ['primary', '/calendars/primary/events?key=abc', 404, 'notFound'],
    ['a method that needs a user', '/users/me/calendarList?key=abc', 401, 'required'],
  ])('cannot read %s', async (_name, path, status, reason) => {
    const { get } = await withPublicCalendar();
    const answer = await get(path);
    expect([answer.status, await reasonOf(answer)]).toEqual([status, reason]);
  });

  test('cannot write, and makes no account', async () => {
    const { send, path, emulator } = await withPublicCalendar();
    const body = JSON.stringify({ ...lunch, id: 'other1' });
    const answer = await send('POST', `${API}${path}/events?key=abc`, { user: '', body });
    expect([answer.status, await reasonOf(answer)]).toEqual([401, 'required']);
    expect([...emulator.store.users.keys()]).toEqual([ADA]);
  });

  test('that is not one of the given keys is rejected', async () => {
    const { path, get } = await withPublicCalendar({ apiKeys: ['good'] });
    expect((await get(`${path}/events?key=good`)).status).toBe(200);
    const answer = await get(`${path}/events?key=bad`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' },
    });
  });
});

test('credentials in the address are not in the journal', async () => {
  const { send, emulator } = await start();
  await send('GET', `${API}/colors?access_token=${ADA}&key=secret&fields=kind`, { user: '' });
  await send('GET', `${API}/colors?oauth_token=secret`, { user: '' });
  expect(emulator.journal.requests().map(({ query }) => query)).toEqual([{ fields: 'kind' }, {}]);
});

describe('addresses compare without regard to case', () => {
  test('of users and calendars', async () => {
    const { send, emulator } = await start();
    await send('POST', PRIMARY, { body: JSON.stringify(lunch) });
    const answer = await send('GET', `${API}/calendars/ADA@Example.com/events/lunch1`, {
      user: 'Ada@EXAMPLE.com',
    });
    expect(await answer.json()).toMatchObject({ organizer: { email: ADA, self: true } });
    expect([...emulator.store.users.keys()]).toEqual([ADA]);
    expect([...emulator.store.calendars.keys()]).toEqual([ADA]);
  });

  test('of access rules, in their scope and in their id', async () => {
    const { send, ada } = await start();
    const rule = { role: 'reader', scope: { type: 'user', value: 'Bob@Example.COM' } };
    const body = JSON.stringify(rule);
    const made = await send('POST', `${API}/calendars/primary/acl`, { body });
    expect(await made.json()).toMatchObject({ id: `user:${BOB}`, scope: { value: BOB } });
    await ada.acl.patch({ calendarId: ADA, ruleId: 'user:BOB@example.com', requestBody: { role: 'writer' } });
    expect((await send('GET', `${API}/calendars/${ADA}/events`, { user: BOB })).status).toBe(200);
    const list = await send('POST', `${API}/users/me/calendarList`, {
      user: BOB,
      body: '{"id":"Ada@example.com"}',
    });
    expect(await list.json()).toMatchObject({ id: ADA, accessRole: 'writer' });
    expect((await send('DELETE', `${API}/users/me/calendarList/ADA@example.com`, { user: BOB })).status).toBe(
      204,
    );
  });

  test('of channels, faults, tokens and events that the control routes name', async () => {
    const { emulator, ada, channel } = await start();
    await ada.events.watch({ calendarId: 'ADA@example.com', requestBody: channel() });
    expect(emulator.channels.list({ user: 'Ada@Example.com' })).toHaveLength(1);
    expect(emulator.channels.list({ calendarId: 'Ada@Example.com' })).toHaveLength(1);
    emulator.putEvent('ADA@example.com', { id: 'x1', summary: 'x' });
    const { data } = await ada.events.list({ calendarId: ADA });
    emulator.store.expireSyncTokens({ resource: 'events', calendarId: 'ADA@example.com' });
    const list = ada.events.list({ calendarId: ADA, syncToken: data.nextSyncToken ?? '' });
    await expect(list).rejects.toMatchObject({ status: 410 });
    emulator.faults.add({
      on: 'request',
      match: { user: 'ADA@example.com', calendarId: 'ADA@example.com' },
      effect: { do: 'fail', status: 404 },
    });
    await expect(ada.events.list({ calendarId: ADA })).rejects.toMatchObject({ status: 404 });
  });

  test('of an organizer of an imported event', async () => {
    const { ada } = await start();
    const people = { organizer: { email: 'Carol@Example.com' }, attendees: [{ email: 'Ada@Example.com' }] };
    const event = { ...lunch, iCalUID: 'u1', ...people };
    const { data } = await ada.events.import({ calendarId: 'primary', requestBody: event });
    expect(data.organizer?.email).toBe('carol@example.com');
  });
});
