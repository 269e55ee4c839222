/** COVERAGE.md is true: each field and parameter is probed on a running emulator. */
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { servedMethods } from '../../../infra/build/coverage.ts';
import { loadDefinition } from '../../../infra/emulator/definition/definition.ts';
import { coverageOf } from '../../../infra/emulator/served/coverage.ts';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import { contextOf, fieldOf, valueOf, withField } from '../../support/emulator/samples.ts';
import type { CalendarEmulator } from '../../../infra/emulator/types.ts';

const ADA = 'ada@example.com';
const OTHER = 'other@example.com';
const Resource = z.looseObject({ id: z.string() });

const coverage = coverageOf(await loadDefinition(), await servedMethods());

let running: CalendarEmulator[] = [];

afterEach(async () => {
  await Promise.all(running.map((emulator) => emulator.close()));
  running = [];
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Send = (method: string, path: string, body?: unknown, user?: string) => Promise<Answer>;

/** The times of an event on a day of January 2030. */
const at = (day: number) => ({
  start: { dateTime: `2030-01-0${day}T09:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `2030-01-0${day}T10:00:00Z`, timeZone: 'UTC' },
});

/** Starts an emulator that gives the same ids every time, with an event, a series, and a calendar that another user sees. */
async function start(): Promise<{ send: Send; team: string }> {
  const emulator = await startCalendarEmulator({ channels: { maxAttempts: 1, syncBeforeResponse: 'never' } });
  running.push(emulator);
  const send: Send = async (method, path, body, user = ADA) => {
    const response = await fetch(`${emulator.url}/calendar/v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${user}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = (await response.text()).replaceAll(emulator.url, 'http://emulator');
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  await send('POST', 'calendars/primary/events', { id: 'event1', summary: 'Lunch', ...at(7) });
  const recurrence = ['RRULE:FREQ=DAILY;COUNT=3'];
  await send('POST', 'calendars/primary/events', { id: 'series1', summary: 'Daily', recurrence, ...at(1) });
  const { id: team } = Resource.parse((await send('POST', 'calendars', { summary: 'Team' })).body);
  const scope = { type: 'user', value: OTHER };
  await send('POST', `calendars/${team}/acl`, { role: 'reader', scope });
  await send('POST', 'calendars/primary/acl', { role: 'reader', scope });
  return { send, team };
}

/** What differs between two equal calls. */
const VOLATILE = new Set(['etag', 'created', 'updated', 'expiration', 'nextSyncToken']);

const stable = (answer: Answer, except?: string): unknown =>
  JSON.parse(
    JSON.stringify(answer, (key, value: unknown) =>
      VOLATILE.has(key) && key !== except ? undefined : value,
    ),
  );

/** How a body of each schema is sent, and read again. */
const ROUND_TRIPS: Record<string, (body: unknown, path: string) => Promise<Answer>> = {
  async AclRule(body) {
    const { send } = await start();
    const { id } = Resource.parse((await send('POST', 'calendars/primary/acl', body)).body);
    return send('GET', `calendars/primary/acl/${encodeURIComponent(id)}`);
  },
  async Calendar(body, path) {
    const { send } = await start();
    if (path.startsWith('Calendar.workingHours')) {
      expect(await send('PATCH', 'calendars/primary', body)).toMatchObject({ status: 200 });
      return send('GET', 'calendars/primary');
    }
    const { id } = Resource.parse((await send('POST', 'calendars', body)).body);
    return send('GET', `calendars/${id}`);
  },
  async CalendarListEntry(body) {
    const { send, team } = await start();
    const entry = { id: team, ...z.record(z.string(), z.unknown()).parse(body) };
    const rgb = 'backgroundColor' in entry || 'foregroundColor' in entry;
    const made = await send(
      'POST',
      `users/me/calendarList?colorRgbFormat=${rgb}`,
      { ...entry, id: team },
      OTHER,
    );
    expect(made).toMatchObject({ status: 200 });
    return send('GET', `users/me/calendarList/${team}`, undefined, OTHER);
  },
  async Event(body, path) {
    const { send } = await start();
    const imported = path.startsWith('Event.organizer.');
    // Clients that know labels do not write the color.
    const labels = path === 'Event.eventLabelId' ? 1 : 0;
    const made = await send(
      'POST',
      `calendars/primary/events${imported ? '/import' : ''}?conferenceDataVersion=1&eventLabelVersion=${labels}&supportsAttachments=true`,
      imported
        ? {
            iCalUID: 'imported@example.com',
            // The calendar's owner must have a part in it.
            attendees: [{ email: ADA }],
            ...z.record(z.string(), z.unknown()).parse(body),
          }
        : body,
    );
    return send('GET', `calendars/primary/events/${Resource.parse(made.body).id}`);
  },
};

/** Schemas whose fields are not stored: a served one makes a difference. */
const CALLS: Record<string, (body: unknown) => Promise<Answer>> = {
  Channel: async (body) => (await start()).send('POST', 'calendars/primary/events/watch', body),
  FreeBusyRequest: async (body) => (await start()).send('POST', 'freeBusy', body),
};

const fields = coverage.schemas.flatMap(({ name: schema, request }) =>
  request.map(({ name, type, state }) => ({ path: `${schema}.${name}`, schema, type, state })),
);

describe('a field of requests that is served', () => {
  const served = fields.filter(({ state }) => state === 'served');

  test.each(served.filter(({ schema, path }) => schema in ROUND_TRIPS && path !== 'CalendarListEntry.id'))(
    '$path is answered as it was written',
    async ({ path, schema, type }) => {
      const value = valueOf(path, type);
      const answer = await ROUND_TRIPS[schema]?.(withField(contextOf(path), path, value), path);
      expect(answer?.status).toBe(200);
      expect(fieldOf(answer?.body, path)).toEqual(value);
    },
  );

  test.each(served.filter(({ schema, path }) => schema in CALLS && path !== 'Channel.resourceId'))(
    '$path makes a difference',
    async ({ path, schema, type }) => {
      const call = CALLS[schema];
      const context = contextOf(path);
      const value = path === 'Channel.params.*' ? '60' : valueOf(path, type);
      const [without, given] = [await call?.(context), await call?.(withField(context, path, value))];
      expect(without?.status).toBe(200);
      const except = /expiration|params/.test(path) ? 'expiration' : undefined;
      expect(stable(given ?? { status: 0, body: 0 }, except)).not.toEqual(
        stable(without ?? { status: 0, body: 0 }, except),
      );
    },
  );

  test('fields of an event are answered as they were written in any combination', async () => {
    const { send } = await start();
    // Those that need no others around them.
    const independent = served.filter(
      ({ path, schema }) =>
        schema === 'Event' &&
        path !== 'Event.id' &&
        !path.startsWith('Event.organizer.') &&
        contextOf(path) === contextOf('Event.summary') &&
        path !== 'Event.colorId',
    );
    expect(independent.length).toBeGreaterThan(15);
    const field = fc.constantFrom(...independent).chain(({ path, type }) => {
      const sample = valueOf(path, type);
      const value = sample === 'sample' ? fc.string({ minLength: 1, maxLength: 40 }) : fc.constant(sample);
      return fc.record({ path: fc.constant(path), value });
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(field, { selector: ({ path }) => path }), async (chosen) => {
        const body = chosen.reduce(
          (made, { path, value }) => withField(made, path, value),
          contextOf('Event.summary'),
        );
        const made = await send('POST', 'calendars/primary/events?eventLabelVersion=1', body);
        const answer = await send('GET', `calendars/primary/events/${Resource.parse(made.body).id}`);
        const answered = chosen.map(({ path }) => ({ path, value: fieldOf(answer.body, path) }));
        expect(answered).toEqual(chosen);
      }),
      { numRuns: 50 },
    );
  });

  test('CalendarListEntry.id names the calendar to add', async () => {
    const { send, team } = await start();
    expect(await send('POST', 'users/me/calendarList', { id: team }, OTHER)).toMatchObject({ status: 200 });
    expect(await send('POST', 'users/me/calendarList', {}, OTHER)).toMatchObject({ status: 400 });
    expect(await send('POST', 'users/me/calendarList', { id: 'unknown' }, OTHER)).toMatchObject({
      status: 404,
    });
  });

  test('Channel.resourceId names the channel to stop', async () => {
    const { send } = await start();
    const opened = await send('POST', 'users/me/settings/watch', contextOf('Channel.id'));
    const { id, resourceId } = Resource.extend({ resourceId: z.string() }).parse(opened.body);
    expect(await send('POST', 'channels/stop', { id, resourceId: 'another' })).toMatchObject({ status: 404 });
    expect(await send('POST', 'channels/stop', { id, resourceId })).toMatchObject({ status: 204 });
  });

  test('is of a schema that is probed here', () => {
    const probed = new Set([...Object.keys(ROUND_TRIPS), ...Object.keys(CALLS)]);
    expect(fields.filter(({ schema }) => !probed.has(schema))).toEqual([]);
  });
});

test.each(fields.filter(({ state }) => state === 'ignored'))(
  'the field $path of requests is ignored: nothing differs',
  async ({ path, schema, type }) => {
    const probe = ROUND_TRIPS[schema] ?? CALLS[schema];
    const context = contextOf(path);
    const without = await probe?.(context, path);
    const given = await probe?.(withField(context, path, valueOf(path, type)), path);
    expect(without?.status).toBe(200);
    expect(stable(given ?? { status: 0, body: 0 })).toEqual(stable(without ?? { status: 0, body: 0 }));
  },
);

/** Bodies of the methods that need one. */
const BODIES: Record<string, unknown> = {
  'calendar.acl.insert': contextOf('AclRule.role'),
  'calendar.acl.patch': { role: 'writer' },
  'calendar.acl.update': { role: 'writer' },
  'calendar.calendarList.insert': { id: ADA },
  'calendar.calendarList.patch': { selected: true },
  'calendar.calendarList.update': { selected: true },
  'calendar.events.import': { ...contextOf('Event.summary'), iCalUID: 'imported@example.com' },
  'calendar.events.insert': contextOf('Event.summary'),
  'calendar.events.patch': { summary: 'Dinner' },
  'calendar.events.update': contextOf('Event.summary'),
};

/** What calls need besides their path and body. */
const QUERIES: Record<string, string> = {
  'calendar.events.move': `destination=${ADA}`,
  'calendar.events.quickAdd': 'text=Lunch on January 7, 2030 12pm-1pm',
};

/** Valid values of parameters that are ignored. */
const VALID: Record<string, string> = {
  eventTypes: 'default',
  minAccessRole: 'reader',
  orderBy: 'updated',
  sendUpdates: 'none',
  timeZone: 'Europe/Warsaw',
  positive: '1',
  'integer/int32': '1',
  boolean: 'true',
  'string/date-time': '2030-01-01T00:00:00Z',
  string: 'sample',
};

async function callMethod(id: string, http: string, query: string): Promise<Answer> {
  const { send } = await start();
  const [method = '', path = ''] = http.split(' /');
  const there = path
    .replace('{calendarId}', 'primary')
    .replace('{eventId}', id.endsWith('instances') ? 'series1' : 'event1')
    .replace('{ruleId}', `user:${OTHER}`)
    .replace('{setting}', 'timezone');
  const body = id.endsWith('.watch') ? contextOf('Channel.id') : BODIES[id];
  return send(method, `${there}?${query}`, body);
}

const parameters = coverage.methods.flatMap(({ id, http, parameters: own }) =>
  own.map((parameter) => ({ id, http, ...parameter })),
);

test.each(
  parameters.filter(({ state, type, name }) => state === 'served' && type === 'string' && !(name in VALID)),
)('the parameter $name of $id makes a difference', async ({ id, http, name }) => {
  const [without, given] = [await callMethod(id, http, ''), await callMethod(id, http, `${name}=sample`)];
  expect(stable(given)).not.toEqual(stable(without));
});

test.each(parameters.filter(({ state }) => state === 'ignored'))(
  'the parameter $name of $id is ignored: nothing differs',
  async ({ id, http, name, type }) => {
    const query = QUERIES[id] ?? '';
    const without = await callMethod(id, http, query);
    const given = await callMethod(id, http, `${query}&${name}=${VALID[name] ?? VALID[type]}`);
    expect(without.status).toBeLessThan(300);
    expect(stable(given)).toEqual(stable(without));
  },
);

test('a method that is refused is answered as stated', async () => {
  const refused = coverage.methods.filter(({ state }) => state === 'refused');
  for (const { id, http, why = '' } of refused) {
    // oxlint-disable-next-line no-await-in-loop -- there are none, or very few
    expect((await callMethod(id, http, '')).status).toBe(Number(why.slice(0, 3)));
  }
});

test('the running emulator has its coverage as JSON, with the routes that it has', async () => {
  const emulator = await startCalendarEmulator({
    routes: (all) => all.filter(({ id }) => id !== 'calendar.colors.get'),
  });
  running.push(emulator);
  const answered: unknown = await (await fetch(`${emulator.url}/emulator/coverage`)).json();
  const without = new Set(await servedMethods());
  without.delete('calendar.colors.get');
  expect(answered).toEqual(coverageOf(await loadDefinition(), without));
  expect(answered).toMatchObject({
    methods: expect.arrayContaining([
      expect.objectContaining({ id: 'calendar.colors.get', state: 'refused' }),
      expect.objectContaining({ id: 'calendar.events.list', state: 'served' }),
    ]),
  });
});
