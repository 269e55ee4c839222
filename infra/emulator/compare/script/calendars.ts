import { type Step, at, items } from '../step.ts';

const ROOM = {
  summary: 'Compare',
  description: 'Made by google-calendar-emulator compare',
  timeZone: 'Europe/Warsaw',
};

/** Calendars, the list of calendars, access rules, colours, settings and free/busy. */
export const calendarSteps: readonly Step[] = [
  { name: 'a calendar', call: ({ calendar }) => ({ method: 'GET', path: calendar }) },
  {
    name: 'a calendar that does not exist',
    call: () => ({ method: 'GET', path: '/calendars/no-such-calendar@group.calendar.google.com' }),
  },
  {
    name: 'a calendar without a title',
    call: () => ({ method: 'POST', path: '/calendars', body: { description: 'Nothing' } }),
  },
  {
    name: 'a calendar in a time zone that does not exist',
    call: ({ calendar }) => ({ method: 'PATCH', path: calendar, body: { timeZone: 'Europe/Nowhere' } }),
  },
  {
    name: 'a patched calendar',
    call: ({ calendar }) => ({ method: 'PATCH', path: calendar, body: { location: 'Room 1' } }),
    rules: ({ body }) => ({ 'keeps what is not named': at(body, 'description') === ROOM.description }),
  },
  {
    name: 'an updated calendar',
    call: ({ calendar }) => ({ method: 'PUT', path: calendar, body: { ...ROOM, description: 'Updated' } }),
    rules: ({ body }) => ({ 'drops what is not named': at(body, 'location') === undefined }),
  },
  {
    name: 'some fields of a calendar',
    call: ({ calendar }) => ({ method: 'GET', path: `${calendar}?fields=id,timeZone` }),
  },
  {
    name: 'a field that does not exist',
    call: ({ calendar }) => ({ method: 'GET', path: `${calendar}?fields=id,colour` }),
  },
  { name: 'another format', call: ({ calendar }) => ({ method: 'GET', path: `${calendar}?alt=media` }) },
  {
    name: 'the calendar in the list',
    call: ({ calendar }) => ({
      method: 'GET',
      path: `/users/me/calendarList${calendar.replace('/calendars', '')}`,
    }),
  },
  {
    name: 'a colour of the calendar in the list',
    call: ({ calendar }) => ({
      method: 'PATCH',
      path: `/users/me/calendarList${calendar.replace('/calendars', '')}`,
      body: { colorId: '7' },
    }),
    rules: ({ body }) => ({ background: at(body, 'backgroundColor') }),
  },
  {
    name: 'a colour that does not exist',
    call: ({ calendar }) => ({
      method: 'PATCH',
      path: `/users/me/calendarList${calendar.replace('/calendars', '')}`,
      body: { colorId: '99' },
    }),
  },
  {
    name: 'access rules',
    call: ({ calendar }) => ({ method: 'GET', path: `${calendar}/acl` }),
    rules: ({ body }) => ({ 'the owner is one': items(body).some((rule) => at(rule, 'role') === 'owner') }),
  },
  {
    name: 'an access rule that does not exist',
    call: ({ calendar }) => ({ method: 'GET', path: `${calendar}/acl/user:nobody@example.com` }),
  },
  {
    name: 'an access rule without a role',
    call: ({ calendar }) => ({
      method: 'POST',
      path: `${calendar}/acl?sendNotifications=false`,
      body: { scope: { type: 'user', value: 'nobody@example.com' } },
    }),
  },
  {
    name: 'colours',
    call: () => ({ method: 'GET', path: '/colors' }),
    rules: ({ body }) => ({
      'of calendars': Object.keys(at(body, 'calendar') ?? {}).length,
      'of events': Object.keys(at(body, 'event') ?? {}).length,
    }),
  },
  { name: 'a page of settings', call: () => ({ method: 'GET', path: '/users/me/settings?maxResults=1' }) },
  {
    name: 'a setting that does not exist',
    call: () => ({ method: 'GET', path: '/users/me/settings/noSuchSetting' }),
  },
];
