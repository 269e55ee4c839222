/** The parameters that every method accepts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import type { CalendarEmulator } from '../../../infra/emulator/types.ts';

let emulator: CalendarEmulator;

beforeAll(async () => {
  emulator = await startCalendarEmulator({ quotas: { perUserPerMinute: 40, status: 403 } });
});

afterAll(() => emulator.close());

const COLORS = '/calendar/v3/colors';
const headers = { authorization: 'Bearer ada@example.com' };

const get = (query: string, path = COLORS): Promise<Response> =>
  fetch(`${emulator.url}${path}?${query}`, { headers });

test.each([
  ['alt=json'],
  ['alt=JSON'],
  ['alt='],
  ['alt=json&alt=media'],
  ['$.xgafv=1'],
  ['$.xgafv=2'],
  ['$.xgafv=3&$.xgafv=1'],
  ['upload_protocol=raw&uploadType=media&unheardOf=1'],
  ['prettyPrint=perhaps'],
  ['callback='],
])('%s changes nothing', async (query) => {
  const response = await get(query);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(await (await get('')).text());
});

test.each([
  ['alt=media', 'Unsupported alt type "media" for non byte stream request.'],
  ['alt=Media', 'Unsupported alt type "media" for non byte stream request.'],
  ['alt=proto', `Invalid value "proto" for query parameter 'alt'`],
  ['alt=Atom&alt=json', `Invalid value "Atom" for query parameter 'alt'`],
  ['$.xgafv=0', "Invalid query parameters. Invalid value '0' for system query parameter : $.xgafv"],
  ['$.xgafv=', "Invalid query parameters. Invalid value '' for system query parameter : $.xgafv"],
  [
    'callback=a(b)',
    "Invalid JSONP callback name: 'a(b)'; only alphabet, number, '_', '$', '.', '[' and ']' are allowed.",
  ],
])('%s is rejected, with or without credentials', async (query, message) => {
  const anonymous = await fetch(`${emulator.url}${COLORS}?${query}`);
  for (const response of [await get(query), anonymous]) {
    expect(response.status).toBe(400);
    // oxlint-disable-next-line no-await-in-loop -- two answers
    expect(await response.json()).toEqual({
      error: {
        code: 400,
        message,
        errors: [{ domain: 'global', reason: 'badRequest', message }],
        status: 'INVALID_ARGUMENT',
      },
    });
  }
});

describe('prettyPrint', () => {
  test.each(['false', '0', 'false&prettyPrint=true'])('%s is compact', async (value) => {
    expect(await (await get(`prettyPrint=${value}`)).text()).not.toContain('\n');
  });

  test('does not apply to errors', async () => {
    expect(await (await get('prettyPrint=false', '/calendar/v3/nowhere')).text()).toContain('\n');
  });
});

describe('callback', () => {
  test('makes a success a script', async () => {
    const response = await get('callback=app.on[0]&prettyPrint=false&fields=kind');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=UTF-8');
    expect(await response.text()).toBe('// API callback\napp.on[0]({"kind":"calendar#colors"}\n);');
  });

  test('makes an error a script that a page can load', async () => {
    const response = await get('callback=cb', '/calendar/v3/calendars/nobody@example.com');
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/^\/\/ API callback\ncb\(\{[^]*"notFound"[^]*\}\n\);$/);
  });

  test('has no effect on other methods than GET', async () => {
    const response = await fetch(`${emulator.url}/calendar/v3/calendars?callback=cb`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ summary: 'Team' }),
    });
    expect(await response.json()).toMatchObject({ summary: 'Team' });
  });
});

test('an unknown field is rejected before a change has an effect', async () => {
  const response = await fetch(`${emulator.url}/calendar/v3/calendars?fields=id,colour`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ summary: 'Never' }),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: {
      message: 'Invalid field selection colour',
      errors: [{ reason: 'invalidParameter', locationType: 'parameter', location: 'fields' }],
    },
  });
  expect([...emulator.store.calendars.values()].filter(({ fields }) => fields.summary === 'Never')).toEqual(
    [],
  );
});

test.each(['quotaUser', 'userIp'])('%s is charged instead of the user', async (name) => {
  const statuses = await Promise.all(
    Array.from({ length: 41 }, async () => (await get(`${name}=${name}-shared`)).status),
  );
  expect(statuses.filter((status) => status === 403)).toHaveLength(1);
});

test('quotaUser replaces userIp, and has at most 40 characters', async () => {
  expect((await get(`quotaUser=${'q'.repeat(40)}&userIp=quotaUser-shared`)).status).toBe(200);
  expect((await get(`quotaUser=${'q'.repeat(41)}`)).status).toBe(400);
});
