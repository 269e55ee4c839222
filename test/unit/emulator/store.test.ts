import { beforeEach, describe, expect, test } from 'vitest';
import { createClock } from '../../../infra/emulator/state/clock.ts';
import { resourceRoutes } from '../../../infra/emulator/routes/index.ts';
import { applySeed } from '../../../infra/emulator/seed/seed.ts';
import { type Store, collectionKey, createStore } from '../../../infra/emulator/state/store.ts';

const ADA = 'ada@example.com';
const BOB = 'bob@example.com';
const TEAM = 'team@group.calendar.google.com';
const HOLIDAYS = 'de#holiday@group.v.calendar.google.com';
const timed = {
  start: { dateTime: '2030-01-01T09:00:00Z', timeZone: 'UTC' },
  end: { dateTime: '2030-01-01T10:00:00Z', timeZone: 'UTC' },
};

let store: Store;
let announced: string[];

beforeEach(() => {
  announced = [];
  store = createStore({
    clock: createClock(),
    onChange: ({ collection }) => announced.push(collectionKey(collection)),
  });
  applySeed(store, {
    users: [
      {
        email: ADA,
        timeZone: 'Europe/Zurich',
        settings: { locale: 'de' },
        calendars: [
          {
            id: TEAM,
            summary: 'Team',
            acl: [{ role: 'writer', scope: { type: 'user', value: BOB } }],
            events: [
              { id: 'series', ...timed, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] },
              {
                recurringEventId: 'series',
                originalStartTime: { dateTime: '2030-01-02T09:00:00Z' },
                status: 'cancelled',
              },
              { id: 'any_Id-from.Google', ...timed, attendees: [{ email: BOB }] },
            ],
          },
          {
            id: HOLIDAYS,
            summary: 'Holidays',
            acl: [{ role: 'reader', scope: { type: 'default' } }],
          },
          { id: 'quiet@group.calendar.google.com', summary: 'Quiet', pushable: false },
        ],
      },
      { email: BOB, lists: [{ id: TEAM, summaryOverride: 'Ada’s team' }] },
    ],
  });
  announced = [];
});

async function call(id: string, user: string, params: Record<string, string>, body?: object) {
  const route = resourceRoutes(store).find((candidate) => candidate.id === id);
  return await route?.handle({ user, params, query: new URLSearchParams(), body, headers: {}, baseUrl: '' });
}

describe('a seed', () => {
  test('fills calendars, exceptions, attendees’ copies, lists and settings', async () => {
    expect(
      store.calendars
        .get(TEAM)
        ?.events.entries()
        .map(({ id }) => id),
    ).toEqual(['series', 'series_20300102T090000Z', 'any_Id-from.Google']);
    expect(store.calendars.get(BOB)?.events.get('any_Id-from.Google')?.value.organizer.email).toBe(TEAM);
    expect(store.users.get(BOB)?.list.get(TEAM)?.value.summaryOverride).toBe('Ada’s team');
    expect(store.calendars.get(ADA)?.fields.timeZone).toBe('Europe/Zurich');
    expect(store.users.get(ADA)?.settings.get('locale')?.value).toBe('de');
  });

  test('can be applied to existing state', () => {
    const users = [{ email: ADA, calendars: [{ id: TEAM, summary: 'Squad' }] }];
    applySeed(store, { users });
    expect(store.calendars.get(TEAM)?.fields.summary).toBe('Squad');
    expect(store.calendars.get(TEAM)?.events.entries()).toHaveLength(3);
  });

  test('that breaks rules of the API is rejected with the path of each, and changes nothing', () => {
    const before = store.save();
    const events = [{ summary: 'No times' }, { ...timed, colorId: '99' }, timed];
    const users = [{ email: ADA, calendars: [{ summary: 'X', events }] }, { email: 'nobody' }];
    expect(() => applySeed(store, { users })).toThrowError(
      expect.objectContaining({
        mistakes: [
          { path: 'users[1].email', what: expect.stringContaining('(invalid)') },
          { path: 'users[0].calendars[0].events[0]', what: expect.stringContaining('(required)') },
          { path: 'users[0].calendars[0].events[1].colorId', what: expect.stringContaining('(invalid)') },
        ],
      }),
    );
    expect(store.save()).toEqual(before);
    expect(announced).toEqual([]);
  });
});

describe('a change is announced once', () => {
  test.each([
    [
      'when a series is deleted with its exceptions',
      'calendar.events.delete',
      { eventId: 'series' },
      undefined,
      [`events/${TEAM}`],
    ],
    [
      'for each calendar with a copy of an invitation',
      'calendar.events.patch',
      { eventId: 'any_Id-from.Google' },
      { summary: 'New' },
      [`events/${TEAM}`, `events/${BOB}`],
    ],
    [
      'when reminders change',
      'calendar.events.patch',
      { eventId: 'series' },
      { reminders: { useDefault: false } },
      [`events/${TEAM}`],
    ],
    [
      'for rules, and for the list of a user who loses access',
      'calendar.acl.delete',
      { ruleId: `user:${BOB}` },
      undefined,
      [`acl/${TEAM}`, `calendarList/${BOB}`],
    ],
    [
      'for rules only, when a role changes',
      'calendar.acl.patch',
      { ruleId: `user:${BOB}` },
      { role: 'reader' },
      [`acl/${TEAM}`],
    ],
    [
      'for no collection, when nothing changes',
      'calendar.acl.patch',
      { ruleId: `user:${BOB}` },
      { role: 'writer' },
      [],
    ],
    [
      'for no collection, when only the calendar changes',
      'calendar.calendars.patch',
      {},
      { summary: 'X' },
      [],
    ],
    [
      'for every list that a deleted calendar was on',
      'calendar.calendars.delete',
      {},
      undefined,
      [`calendarList/${ADA}`, `calendarList/${BOB}`],
    ],
  ])('%s', async (_, method, params, body, expected) => {
    await call(method, ADA, { calendarId: TEAM, ...params }, body);
    expect(announced).toEqual(expected);
  });

  test('for a setting whose value changes, and not for one whose value stays', () => {
    store.setSetting(ADA, 'locale', 'de');
    store.setSetting(ADA, 'locale', 'fr');
    expect(announced).toEqual([`settings/${ADA}`]);
  });
});

describe('a watch', () => {
  test('on primary refers to the calendar’s own id', () => {
    expect(store.watchTarget(ADA, 'events', 'primary')).toEqual({
      collection: { resource: 'events', calendarId: ADA },
      pushable: true,
      canonicalCalendarId: ADA,
    });
    expect(store.watchTarget(ADA, 'settings')).toEqual({
      collection: { resource: 'settings', user: ADA },
      pushable: true,
    });
  });

  test.each([[HOLIDAYS], ['quiet@group.calendar.google.com']])('is not pushable for %s', (id) => {
    expect(store.watchTarget(ADA, 'events', id).pushable).toBe(false);
  });

  test.each([
    ['a calendar that does not exist', 'events', 'nothing@example.com', 404],
    ['a calendar that is not shared', 'events', ADA, 404],
    ['the rules of a calendar that is not shared', 'acl', ADA, 404],
    ['the rules of a calendar that the user may only read', 'acl', HOLIDAYS, 403],
  ] as const)('of %s is rejected with the error of its list', (_, resource, id, status) => {
    expect(() => store.watchTarget(BOB, resource, id)).toThrowError(expect.objectContaining({ status }));
  });
});

test('a name that is not an email address is not an account', () => {
  expect(() => store.signIn('me')).toThrowError(expect.objectContaining({ status: 401 }));
});

test('a setting has at most 1024 characters', () => {
  expect(() => store.setSetting(ADA, 'locale', 'x'.repeat(1025))).toThrowError(
    expect.objectContaining({ status: 400 }),
  );
});

test('a reset leaves nothing', () => {
  store.reset();
  expect([store.users.size, store.calendars.size]).toEqual([0, 0]);
});
