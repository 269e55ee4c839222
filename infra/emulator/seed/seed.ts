import * as z from 'zod';
import { instanceId } from '../event/instances.ts';
import { EventDateTime } from '../state/event-fields.ts';
import { normaliseTime } from '../event/times.ts';
import { changeEvent, insertEvent } from '../event/write.ts';
import { canonicalAddress } from '../protocol/address.ts';
import { OAuthSeed } from '../oauth/records.ts';
import type { Route } from '../protocol/http.ts';
import { aclRoutes } from '../routes/acl.ts';
import { calendarListRoutes } from '../routes/calendar-list.ts';
import { CalendarBody, calendarRoutes } from '../routes/calendars.ts';
import { openCalendar } from '../state/access.ts';
import type { CalendarRecord } from '../state/records.ts';
import type { Store } from '../state/store.ts';

/** An event as `insert` takes it, or with `recurringEventId` and `originalStartTime` a change to one occurrence. */
const SeedEvent = z.looseObject({
  id: z.string().optional(),
  recurringEventId: z.string().optional(),
  originalStartTime: EventDateTime.optional(),
});

const SeedCalendar = CalendarBody.extend({
  /** The user's own address for the primary calendar. Generated if omitted. */
  id: z.string().min(1).optional(),
  summary: z.string().min(1),
  /** Whether notification channels can be opened. False by default for holiday calendars, otherwise true. */
  pushable: z.boolean().optional(),
  /** Rules in addition to the owner's, as acl.insert takes them. */
  acl: z
    .array(
      z.object({
        role: z.string(),
        scope: z.object({ type: z.string(), value: z.string().optional() }),
      }),
    )
    .optional(),
  events: z.array(SeedEvent).optional(),
});

/** What the emulator starts with: users, their calendars, events and rules, and other entries of their calendar lists. */
export const Seed = z.object({
  users: z.array(
    z.object({
      email: z.string().min(1),
      timeZone: z.string().optional(),
      /** Whether the user has the privilege Manage Calendars for the domain of the address: `calendars.transferOwnership`. */
      admin: z.boolean().optional(),
      settings: z.record(z.string(), z.string()).optional(),
      /** Calendars that the user owns. */
      calendars: z.array(SeedCalendar).optional(),
      /** Entries of the calendar list, as calendarList.insert takes them: other people's calendars, the user's colours. */
      lists: z.array(z.looseObject({ id: z.string().min(1) })).optional(),
    }),
  ),
  /** OAuth clients and service accounts that are checked strictly. */
  oauth: OAuthSeed.optional(),
});
export type Seed = z.infer<typeof Seed>;

/**
 * Applies the seed to the store by the API's own rules (except that any event id is valid). Existing calendars are updated.
 * @throws CalendarError for the first thing that the API would reject
 */
export function applySeed(store: Store, seed: Seed): void {
  store.together(() => {
    for (const user of seed.users) addUser(store, user);
    const owned = seed.users.flatMap(({ email, calendars = [] }) =>
      calendars.map((given) => ({ email, given, calendar: addCalendar(store, email, given) })),
    );
    for (const { email, given, calendar } of owned)
      for (const rule of given.acl ?? [])
        call(aclRoutes(store), 'calendar.acl.insert', email, { calendarId: calendar.id }, rule);
    // Events follow all users and rules, so that invitations find the attendees.
    for (const { email, given, calendar } of owned)
      for (const event of given.events ?? []) addEvent(store, email, calendar, event);
    for (const { email, lists = [] } of seed.users)
      for (const entry of lists)
        call(calendarListRoutes(store), 'calendar.calendarList.insert', email, {}, { ...entry });
  });
}

function addUser(store: Store, { email, timeZone, admin, settings = {} }: Seed['users'][number]): void {
  const user = store.signIn(email);
  if (admin !== undefined) user.admin = admin;
  if (timeZone !== undefined) {
    call(calendarRoutes(store), 'calendar.calendars.patch', email, { calendarId: 'primary' }, { timeZone });
    store.setSetting(email, 'timezone', timeZone);
  }
  for (const [id, value] of Object.entries(settings)) store.setSetting(email, id, value);
}

function addCalendar(store: Store, email: string, given: z.infer<typeof SeedCalendar>): CalendarRecord {
  const { id, pushable, acl: _acl, events: _events, ...fields } = given;
  const known = store.calendars.get(canonicalAddress(id ?? ''));
  const calendar =
    known ??
    store.addCalendar(
      email,
      { summary: fields.summary, timeZone: 'UTC' },
      { ...(id !== undefined && { id }), ...(pushable !== undefined && { pushable }) },
    );
  call(calendarRoutes(store), 'calendar.calendars.patch', email, { calendarId: calendar.id }, fields);
  return calendar;
}

function addEvent(
  store: Store,
  email: string,
  calendar: CalendarRecord,
  { recurringEventId, originalStartTime, ...event }: z.infer<typeof SeedEvent>,
): void {
  const query = new URLSearchParams({
    conferenceDataVersion: '1',
    eventLabelVersion: '1',
    supportsAttachments: 'true',
  });
  const access = openCalendar(store, canonicalAddress(email), calendar.id, 'owner');
  const context = { store, access, query, anyId: true };
  if (recurringEventId === undefined) insertEvent(context, event);
  else {
    const start = normaliseTime(originalStartTime, 'start', calendar.fields.timeZone);
    changeEvent(context, instanceId(recurringEventId, start), event, 'patch');
  }
}

/** Calls a method of the API in process. */
function call(
  routes: readonly Route[],
  id: string,
  user: string,
  params: Readonly<Record<string, string>>,
  body: object,
): void {
  const route = routes.find((candidate) => candidate.id === id);
  if (!route) throw new Error(`unknown method ${id}`);
  void route.handle({
    user: canonicalAddress(user),
    params,
    query: new URLSearchParams(),
    body,
    headers: {},
    baseUrl: '',
  });
}
