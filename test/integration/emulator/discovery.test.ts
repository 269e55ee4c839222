import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { loadDefinition } from '../../../infra/emulator/definition/definition.ts';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import type { CalendarEmulator } from '../../../infra/emulator/types.ts';

const Method = z.looseObject({ id: z.string(), path: z.string(), scopes: z.array(z.string()) });
const Document = z.looseObject({
  kind: z.literal('discovery#restDescription'),
  rootUrl: z.string(),
  mtlsRootUrl: z.string(),
  baseUrl: z.string(),
  basePath: z.string(),
  servicePath: z.string(),
  batchPath: z.string(),
  resources: z.record(z.string(), z.object({ methods: z.record(z.string(), Method) })),
});

let emulator: CalendarEmulator;

beforeAll(async () => {
  emulator = await startCalendarEmulator({
    // Only what has a route is in the document.
    routes: (all) => all.filter(({ id }) => !id.startsWith('calendar.acl.') && id !== 'calendar.colors.get'),
  });
});

afterAll(() => emulator.close());

const get = (path: string): Promise<Response> => fetch(emulator.url + path);

const REST = '/discovery/v1/apis/calendar/v3/rest';

describe.each([REST, '/$discovery/rest?version=v3', '/%24discovery/rest?version=v3', '/$discovery/rest'])(
  'the document at %s',
  (path) => {
    test('has the addresses of this server', async () => {
      const response = await get(path);
      expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
      expect(Document.parse(await response.json())).toMatchObject({
        rootUrl: `${emulator.url}/`,
        mtlsRootUrl: `${emulator.url}/`,
        baseUrl: `${emulator.url}/calendar/v3/`,
        basePath: '/calendar/v3/',
        servicePath: 'calendar/v3/',
        batchPath: 'batch/calendar/v3',
      });
    });

    test('has the methods that are served, and what else the definition says', async () => {
      const { resources, schemas, parameters, auth } = Document.parse(await (await get(path)).json());
      expect(Object.keys(resources).toSorted()).toEqual([
        'calendarList',
        'calendars',
        'channels',
        'events',
        'freebusy',
        'settings',
      ]);
      const definition = await loadDefinition();
      expect(resources['events']).toEqual(definition.resources['events']);
      expect({ schemas, parameters, auth }).toEqual({
        schemas: definition.schemas,
        parameters: definition.parameters,
        auth: definition.auth,
      });
    });
  },
);

test('a method can be called as the document says', async () => {
  const document = Document.parse(await (await get(REST)).json());
  const method = document.resources['calendars']?.methods['get'];
  const path = method?.path.replace('{calendarId}', 'primary') ?? '';
  const response = await fetch(document.baseUrl + path, {
    headers: { authorization: 'Bearer ada@example.com' },
  });
  expect(await response.json()).toMatchObject({ id: 'ada@example.com' });
});

test('the directory names the document', async () => {
  const directory = z
    .object({ items: z.array(z.looseObject({ id: z.string(), discoveryRestUrl: z.string() })) })
    .parse(await (await get('/discovery/v1/apis')).json());
  expect(directory.items).toMatchObject([
    {
      id: 'calendar:v3',
      name: 'calendar',
      version: 'v3',
      discoveryRestUrl: emulator.url + REST,
      preferred: true,
    },
  ]);
});

test('the addresses are those by which the client knows the server', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const call = request(emulator.url + REST, { headers: { host: 'calendar.test:8080' } }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => (text += part));
    response.on('end', () => resolve(text));
  });
  call.on('error', reject).end();
  expect(JSON.parse(await promise)).toMatchObject({ rootUrl: 'http://calendar.test:8080/' });
});

test.each([
  '/discovery/v1/apis/drive/v3/rest',
  '/discovery/v1/apis/calendar/v2/rest',
  '/$discovery/rest?version=v2',
])('%s is another API, and answered 404', async (path) => {
  const response = await get(path);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } });
});

test('discovery needs no credentials, can be read by pages of other origins, and is not journaled', async () => {
  const response = await fetch(emulator.url + REST, { headers: { origin: 'https://app.example' } });
  expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example');
  expect(emulator.journal.requests().filter(({ path }) => path === REST)).toEqual([]);
});
