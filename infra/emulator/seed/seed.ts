import * as z from 'zod';
import { instanceId } from '../event/instances.ts';
import { EventDateTime } from '../state/event-fields.ts';
import { normaliseTime } from '../event/times.ts';
import { changeEvent, insertEvent } from '../event/write.ts';
import { canonicalAddress, isAddress } from '../protocol/address.ts';
import { OAuthSeed } from '../oauth/records.ts';
import { invalid } from '../protocol/api-errors.ts';
import { CalendarError, type Route } from '../protocol/http.ts';
import { aclRoutes } from '../routes/acl.ts';
import { calendarListRoutes } from '../routes/calendar-list.ts';
import { CalendarBody, calendarRoutes } from '../routes/calendars.ts';
import { openCalendar } from '../state/access.ts';
import type { CalendarRecord } from '../state/records.ts';
import { createStore, type Store } from '../state/store.ts';
import { SeedError, type SeedMistake } from './seed-error.ts';

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
      z.strictObject({
        role: z.string(),
        scope: z.strictObject({ type: z.string(), value: z.string().optional() }),
      }),
    )
    .optional(),
  events: z.array(SeedEvent).optional(),
}).strict();

/** What the emulator starts with: users, their calendars, events and rules, and other entries of their calendar lists. */
export const Seed = z.strictObject({
  users: z.array(
    z.strictObject({
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
 * Returns a seed that a program gave.
 * @throws SeedError with everything that does not match the schema
 */
export function parseSeed(value: unknown): Seed {
  const parsed = Seed.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SeedError(
    parsed.error.issues.map(({ path, message }) => ({ path: z.core.toDotPath(path), what: message })),
  );
}

/**
 * Applies the seed to the store by the API's own rules (except that any event id is valid). Existing calendars are updated.
 * @throws SeedError with everything that the API would reject; a store that was not empty is then as before
 */
export function applySeed(store: Store, seed: Seed): void {
  if (store.users.size > 0) {
    const trial = createStore({ clock: store.clock });
    trial.restore(store.save());
    apply(trial, seed);
  }
  apply(store, seed);
}

function apply(store: Store, seed: Seed): void {
  const mistakes: SeedMistake[] = repetitions(seed);
  /** Does one thing. What the API rejects is noted, so that the next thing can be tried. */
  function attempt<T>(path: string, given: object, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof CalendarError)) throw error;
      mistakes.push(mistakeOf(path, given, error));
      return undefined;
    }
  }

  store.together(() => {
    const users = seed.users.map((user, index) => ({ user, path: `users[${index}]` }));
    for (const { user, path } of users) attempt(path, user, () => addUser(store, user));
    const owned = users.flatMap(({ user: { email, calendars = [] }, path: userPath }) =>
      calendars.flatMap((given, index) => {
        const path = `${userPath}.calendars[${index}]`;
        const calendar = attempt(path, given, () => addCalendar(store, email, given));
        return calendar === undefined ? [] : [{ email, given, calendar, path }];
      }),
    );
    for (const { email, given, calendar, path } of owned)
      for (const [index, rule] of (given.acl ?? []).entries())
        attempt(`${path}.acl[${index}]`, rule, () =>
          call(aclRoutes(store), 'calendar.acl.insert', email, { calendarId: calendar.id }, rule),
        );
    // Events follow all users and rules, so that invitations find the attendees.
    for (const { email, given, calendar, path } of owned)
      for (const [index, event] of (given.events ?? []).entries())
        attempt(`${path}.events[${index}]`, event, () => addEvent(store, email, calendar, event));
    for (const { user, path } of users)
      for (const [index, entry] of (user.lists ?? []).entries())
        attempt(`${path}.lists[${index}]`, entry, () =>
          call(calendarListRoutes(store), 'calendar.calendarList.insert', user.email, {}, { ...entry }),
        );
  });
  if (mistakes.length > 0) throw new SeedError(mistakes);
}

/** Returns the users and the calendars that are there twice: the second would silently change the first. */
function repetitions({ users }: Seed): SeedMistake[] {
  const seen = new Map<string, string>();
  const check = (kind: string, address: string, path: string): SeedMistake[] => {
    const key = `${kind} ${canonicalAddress(address)}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, path);
    return first === undefined ? [] : [{ path, what: `is the same as ${first}` }];
  };
  return users.flatMap(({ email, calendars = [] }, user) => [
    ...check('user', email, `users[${user}].email`),
    ...calendars.flatMap(({ id }, index) =>
      id === undefined ? [] : check('calendar', id, `users[${user}].calendars[${index}].id`),
    ),
  ]);
}

/** The error's location is a field of what was given, or a parameter of a method that the seed does not show. */
function mistakeOf(path: string, given: object, { message, detail }: CalendarError): SeedMistake {
  const { location = '', reason } = detail;
  const isField = Object.hasOwn(given, location.split('.')[0] ?? '');
  return { path: isField ? `${path}.${location}` : path, what: `${message} (${reason})` };
}

function addUser(store: Store, { email, timeZone, admin, settings = {} }: Seed['users'][number]): void {
  if (!isAddress(email)) throw invalid('email', 'This is not an email address.');
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
  const context = { store, access, query, seeding: true };
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
