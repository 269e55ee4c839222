import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PARAMETERS } from '../../../infra/emulator/api/parameters.ts';
import { coverageOf } from '../../../infra/emulator/served/coverage.ts';
import { loadDefinition, methodsOf } from '../../../infra/emulator/definition/definition.ts';
import { answeredFields, deviations } from '../../support/emulator/conformance.ts';
import { ADA, BOB, startEmulated } from '../../support/emulator/emulated.ts';
import type { ApiParameter } from '../../../infra/emulator/definition/definition.ts';
import type { ParameterType } from '../../../infra/emulator/api/parameters.ts';
import type { Call, Route } from '../../../infra/emulator/protocol/http.ts';
import type { Emulated } from '../../support/emulator/emulated.ts';

const api = await loadDefinition();
const methods = methodsOf(api);
const methodIds = [...methods.keys()];

/** The definition's type names, and the emulator's. */
const TYPES: Record<string, ParameterType> = {
  string: 'string',
  boolean: 'boolean',
  'integer/int32 from 1': 'positive',
  'integer/int32 from 0 to 1': 'version',
  'string/date-time': 'date-time',
};

const typeName = ({ type, format, minimum, maximum }: Omit<ApiParameter, 'location'>): string =>
  [
    format === undefined ? type : `${type}/${format}`,
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
  ].join(' ');

let emulated: Emulated;
let routes: readonly Route[] = [];
const answers: { id: string; body: unknown }[] = [];

/** Returns the same route, which records its answers. */
function observe(route: Route): Route {
  return {
    ...route,
    async handle(call: Call) {
      const answer = await route.handle(call);
      answers.push({ id: route.id, body: JSON.parse(JSON.stringify(answer.body ?? null)) ?? undefined });
      return answer;
    },
  };
}

beforeAll(async () => {
  emulated = await startEmulated({
    routes: (all) => {
      routes = all;
      return all.map(observe);
    },
  });
  await useEverything(emulated);
  await useTheRest(emulated);
});

afterAll(() => emulated.stop());

/** Calls every method at least once, with items that have every field. */
async function useEverything({ ada, bob, channel, emulator }: Emulated): Promise<void> {
  const team = (await ada.calendars.insert({ requestBody: { summary: 'Team', timeZone: 'Europe/Warsaw' } }))
    .data;
  const calendarId = team.id ?? '';
  await ada.calendars.get({ calendarId });
  await ada.calendars.patch({ calendarId, requestBody: { description: 'All of us' } });
  await ada.calendars.update({ calendarId, requestBody: { summary: 'Team', location: 'Here' } });

  // The types of Google's client are of an earlier revision.
  const workingHours = {
    workingHoursEnabled: true,
    availableTimes: [{ dayOfWeek: 'monday', periodStart: 540, periodEnd: 1020 }],
  };
  await ada.calendars.patch({ calendarId: 'primary', requestBody: { workingHours } as object });

  const rule = { role: 'writer', scope: { type: 'user', value: BOB } };
  const ruleId = (await ada.acl.insert({ calendarId, requestBody: rule })).data.id ?? '';
  await ada.acl.get({ calendarId, ruleId });
  await ada.acl.patch({ calendarId, ruleId, requestBody: { role: 'reader' } });
  await ada.acl.update({ calendarId, ruleId, requestBody: rule });
  await ada.acl.list({ calendarId, maxResults: 1 });

  await bob.calendarList.insert({ requestBody: { id: calendarId }, colorRgbFormat: false });
  await bob.calendarList.get({ calendarId });
  await bob.calendarList.patch({ calendarId, requestBody: { summaryOverride: 'Ours', selected: true } });
  await bob.calendarList.update({
    calendarId,
    colorRgbFormat: true,
    requestBody: {
      backgroundColor: '#0088aa',
      foregroundColor: '#ffffff',
      defaultReminders: [{ method: 'popup', minutes: 5 }],
      notificationSettings: { notifications: [{ type: 'eventCreation', method: 'email' }] },
    },
  });
  await bob.calendarList.list({ showHidden: true, showDeleted: true });

  const settings = (await ada.settings.list({ maxResults: 100 })).data;
  await ada.settings.get({ setting: settings.items?.[0]?.id ?? '' });
  await ada.colors.get();

  const plain = (
    await ada.events.insert({
      calendarId,
      conferenceDataVersion: 1,
      supportsAttachments: true,
      sendUpdates: 'none',
      requestBody: {
        summary: 'Planning',
        description: 'Everything at once',
        location: 'Room 1',
        colorId: '3',
        start: { dateTime: '2030-01-07T09:00:00+01:00', timeZone: 'Europe/Warsaw' },
        end: { dateTime: '2030-01-07T10:00:00+01:00', timeZone: 'Europe/Warsaw' },
        attendees: [{ email: BOB, optional: true, comment: 'Maybe', additionalGuests: 1 }],
        extendedProperties: { private: { a: '1' }, shared: { b: '2' } },
        reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 30 }] },
        source: { title: 'Wiki', url: 'https://example.com/' },
        attachments: [{ fileUrl: 'https://example.com/file', title: 'File', mimeType: 'text/plain' }],
        transparency: 'transparent',
        visibility: 'private',
        guestsCanModify: true,
        guestsCanInviteOthers: false,
        guestsCanSeeOtherGuests: false,
      },
    })
  ).data;
  const eventId = plain.id ?? '';
  await ada.events.insert({
    calendarId: 'primary',
    requestBody: {
      eventType: 'workingLocation',
      visibility: 'public',
      transparency: 'transparent',
      start: { date: '2030-01-07' },
      end: { date: '2030-01-08' },
      workingLocationProperties: { type: 'officeLocation', officeLocation: { label: 'HQ', deskId: '7' } },
    },
  });
  const series = (
    await ada.events.insert({
      calendarId,
      requestBody: {
        summary: 'Stand-up',
        start: { dateTime: '2030-01-07T09:00:00', timeZone: 'Europe/Warsaw' },
        end: { dateTime: '2030-01-07T09:15:00', timeZone: 'Europe/Warsaw' },
        recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
      },
    })
  ).data;
  const instances = (await ada.events.instances({ calendarId, eventId: series.id ?? '' })).data.items ?? [];
  await ada.events.patch({ calendarId, eventId: instances[1]?.id ?? '', requestBody: { summary: 'Late' } });
  await ada.events.delete({ calendarId, eventId: instances[2]?.id ?? '' });
  await bob.events.get({ calendarId, eventId });
  await ada.events.get({ calendarId, eventId, maxAttendees: 1, timeZone: 'UTC' });
  await ada.events.patch({ calendarId, eventId, requestBody: { summary: 'Replanning' } });
  await ada.events.update({ calendarId, eventId, requestBody: { ...plain, summary: 'Replanned' } });
  await ada.events.import({
    calendarId,
    requestBody: {
      iCalUID: 'imported@example.com',
      summary: 'Imported',
      start: { date: '2030-02-01' },
      end: { date: '2030-02-02' },
    },
  });
  const { nextSyncToken } = (await ada.events.list({ calendarId })).data;
  await ada.events.list({
    calendarId,
    singleEvents: true,
    orderBy: 'startTime',
    timeMin: '2030-01-01T00:00:00Z',
  });
  await ada.events.move({ calendarId, eventId, destination: 'primary' });
  await ada.events.delete({ calendarId, eventId: series.id ?? '' });
  await ada.events.list({ calendarId, syncToken: nextSyncToken ?? '' });
  await ada.events
    .list({ calendarId, showDeleted: true, updatedMin: new Date(0).toISOString() })
    .catch(() => undefined);
  await ada.events.quickAdd({ calendarId, text: 'Lunch tomorrow 12pm-1pm at Cafe' });
  await ada.freebusy.query({
    requestBody: {
      timeMin: '2030-01-01T00:00:00Z',
      timeMax: '2030-02-28T00:00:00Z',
      items: [{ id: calendarId }, { id: 'primary' }, { id: 'unknown@example.com' }],
    },
  });

  const opened = [
    await ada.events.watch({ calendarId, requestBody: channel({ token: 't' }) }),
    await ada.acl.watch({ calendarId, requestBody: channel() }),
    await ada.calendarList.watch({ requestBody: channel() }),
    await ada.settings.watch({ requestBody: channel() }),
  ];
  for (const { data } of opened) {
    await ada.channels.stop({ requestBody: { id: data.id ?? '', resourceId: data.resourceId ?? '' } });
  }

  await bob.calendarList.delete({ calendarId });
  await bob.calendarList.list({ showDeleted: true });
  await ada.acl.delete({ calendarId, ruleId });
  await ada.acl.list({ calendarId, showDeleted: true });
  emulator.seed({ users: [{ email: ADA, admin: true }] });
  await ada.calendars.transferOwnership({ calendarId, newDataOwner: ADA, useAdminAccess: true });
  await ada.calendars.clear({ calendarId: ADA });
  await ada.calendars.delete({ calendarId });
}

/** Has the fields that only the server sets answered, as far as the calls above do not. */
async function useTheRest({ ada, bob }: Emulated): Promise<void> {
  const requestBody = { summary: 'Room', description: 'For six', autoAcceptInvitations: true };
  const { data: room } = await ada.calendars.insert({ requestBody });
  const calendarId = room.id ?? '';
  await ada.calendarList.patch({
    calendarId,
    requestBody: { defaultReminders: [{ method: 'popup', minutes: 5 }] },
  });
  const recurrence = ['RRULE:FREQ=DAILY;COUNT=3'];
  const { data: days } = await ada.events.insert({
    calendarId,
    requestBody: { recurrence, start: { date: '2030-03-01' }, end: { date: '2030-03-02' } },
  });
  await ada.events.instances({ calendarId, eventId: days.id ?? '', maxResults: 1 });
  await ada.events.insert({
    calendarId,
    requestBody: { start: { date: '2030-04-01' }, end: { date: '2030-04-02' } },
  });
  await ada.events.list({ calendarId, maxResults: 1 });
  await ada.calendarList.list({ maxResults: 1 });
  await ada.settings.list({ maxResults: 1 });
  const { data: call } = await ada.events.insert({
    calendarId: ADA,
    conferenceDataVersion: 1,
    requestBody: {
      start: { dateTime: '2030-03-01T10:00:00Z' },
      end: { dateTime: '2030-03-01T11:00:00Z' },
      attendees: [{ email: ADA }, { email: BOB }],
      conferenceData: { createRequest: { requestId: 'one' } },
    },
  });
  await bob.events.get({ calendarId: BOB, eventId: call.id ?? '', maxAttendees: 1 });
}

test('every method of the API definition has a route, and every route a method', () => {
  const served = routes.map(({ id }) => id);
  expect(served.toSorted()).toEqual(methodIds.toSorted());
});

test('every route has the HTTP method, the path and the path parameters of the definition', () => {
  for (const { id, method, path } of routes) {
    expect({ id, http: method, path: path.replaceAll(/:(\w+)/g, '{$1}') }).toEqual({
      id,
      http: methods.get(id)?.httpMethod,
      path: `/${methods.get(id)?.path}`,
    });
  }
});

test('every method of the API definition succeeded here over HTTP, so that the checks below cover all', () => {
  const requests = emulated.emulator.journal.requests();
  const succeeded = new Set(
    requests.flatMap(({ method, status }) => (status >= 200 && status < 300 ? [method] : [])),
  );
  expect(methodIds.filter((id) => !succeeded.has(id))).toEqual([]);
  expect(succeeded.size).toBe(38);
});

describe('every response has only fields of its schema, each of the right type', () => {
  test.each(methodIds)('%s', (id) => {
    const found = answers.filter((answer) => answer.id === id);
    expect(found.flatMap(({ body }) => deviations(api, methods.get(id)?.response?.$ref, body))).toEqual([]);
  });
});

test.each(methodIds)('the query parameters of %s are those of the definition, each of its type', (id) => {
  const defined = Object.entries(methods.get(id)?.parameters ?? {})
    .filter(([, { location }]) => location === 'query')
    .map(([name, { enum: words, ...parameter }]) => [name, words?.toSorted() ?? TYPES[typeName(parameter)]]);
  const served = Object.entries(PARAMETERS[id] ?? {}).map(([name, type]) => [
    name,
    typeof type === 'string' ? type : type.toSorted(),
  ]);
  expect(Object.fromEntries(served)).toEqual(Object.fromEntries(defined));
});

test('only methods of the definition have parameters', () => {
  expect(Object.keys(PARAMETERS).filter((id) => !methods.has(id))).toEqual([]);
});

describe('a query parameter of the wrong type is rejected', () => {
  const wrong: Record<string, string> = {
    'integer/int32 from 1': '0',
    'integer/int32 from 0 to 1': '2',
    boolean: 'perhaps',
    'string/date-time': 'tomorrow',
  };
  const cases = [...methods.values()].flatMap(({ id, parameters = {} }) =>
    Object.entries(parameters)
      .map(([name, { location: place, enum: values, ...parameter }]) => ({
        name,
        place,
        bad: values ? 'unheard-of' : wrong[typeName(parameter)],
      }))
      .flatMap(({ name, place, bad }) => (place === 'query' && bad ? [[id, name, bad] as const] : [])),
  );

  test.each(cases)('%s %s=%s', async (id, name, bad) => {
    const { path = '', httpMethod = '' } = methods.get(id) ?? {};
    const there = path.replace('{calendarId}', 'primary').replaceAll(/\{\w+\}/g, 'any');
    const answer = await fetch(`${emulated.emulator.url}/calendar/v3/${there}?${name}=${bad}`, {
      method: httpMethod,
      headers: { authorization: `Bearer ${ADA}` },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { errors: [{ reason: 'invalid', location: name }] } });
  });
});

test('the fields of responses that COVERAGE.md calls served are those in the answers here', () => {
  const seen = new Set(
    answers.flatMap(({ id, body }) => answeredFields(api, methods.get(id)?.response?.$ref, body)),
  );
  const { schemas } = coverageOf(api, new Set(routes.map(({ id }) => id)));
  const stated = schemas.flatMap(({ name, request, response }) =>
    response.map((item) => ({
      path: `${name}.${item.name}`,
      state: item.state,
      // Fields that are answered as they were written have a test each, in coverage.test.ts.
      isWritable: request.some((field) => field.name === item.name && field.state === 'served'),
    })),
  );
  const missing = stated.filter(
    ({ state, path, isWritable }) => state === 'served' && !isWritable && !seen.has(path),
  );
  expect(missing).toEqual([]);
  expect(stated.filter(({ state, path }) => state === 'never' && seen.has(path))).toEqual([]);
});
