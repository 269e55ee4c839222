import { canonicalAddress } from '../protocol/address.ts';
import { notFound, requiredAccessLevel } from '../protocol/api-errors.ts';
import { type CalendarRecord, type Role, type Rule, type UserRecord, roles } from './records.ts';

/** The part of the store that access depends on. */
interface Records {
  readonly users: ReadonlyMap<string, UserRecord>;
  readonly calendars: ReadonlyMap<string, CalendarRecord>;
}

/** Returns whether a role grants at least what another grants. */
export const atLeast = (role: Role, wanted: Role): boolean => roles.indexOf(role) >= roles.indexOf(wanted);

/**
 * Returns the id of the rule for a scope (https://developers.google.com/workspace/calendar/api/v3/reference/acl):
 * `user:bob@example.com`, `default`.
 */
export const ruleId = (scope: Rule['scope']): string =>
  scope.type === 'default' ? 'default' : `${scope.type}:${scope.value ?? ''}`;

/**
 * Returns the strongest role that any rule of the calendar grants the user. Groups have no members here, so their rules grant
 * nothing.
 */
export function roleIn(calendar: CalendarRecord, user: string): Role {
  const domain = user.slice(user.indexOf('@') + 1);
  const given = ['default', `domain:${domain}`, `user:${user}`].map(
    (id) => calendar.acl.get(id)?.value.role ?? 'none',
  );
  return given.reduce((best, role) => (atLeast(role, best) ? role : best));
}

/** Returns the id of the calendar that a path names; `primary` is the caller's own. */
export const calendarIdFor = (user: string, id = ''): string =>
  id === 'primary' ? user : canonicalAddress(id);

/** A calendar and the caller's role in it. */
export interface Access {
  readonly calendar: CalendarRecord;
  readonly role: Role;
  readonly user: string;
}

/**
 * Returns the calendar that a path names, if the caller has at least the wanted role. Throws 404 if it does not exist or the
 * caller has no access, 403 `requiredAccessLevel` if the role is too weak.
 */
export function openCalendar(store: Records, user: string, id: string, wanted: Role): Access {
  const calendar = store.calendars.get(calendarIdFor(user, id));
  if (!calendar || calendar.deleted) throw notFound();
  const role = roleIn(calendar, user);
  if (role === 'none') throw notFound();
  // The weakest role that can write is new: the message names the usual one.
  if (!atLeast(role, wanted))
    throw requiredAccessLevel(wanted === 'writerWithoutPrivateAccess' ? 'writer' : wanted);
  return { calendar, role, user };
}

/**
 * Writes a rule. Users whose role changes lose their sync tokens for the calendar's events; users who lose access lose the entry
 * on their calendar list.
 */
export function putRule(store: Records, calendar: CalendarRecord, rule: Rule): void {
  const users = [...store.users.values()];
  const before = users.map((user) => roleIn(calendar, user.email));
  calendar.acl.put(ruleId(rule.scope), rule);
  users.forEach((user, index) => {
    const role = roleIn(calendar, user.email);
    if (role === before[index]) return;
    calendar.accessChanges.set(user.email, (calendar.accessChanges.get(user.email) ?? 0) + 1);
    const entry = user.list.get(calendar.id);
    if (role === 'none' && entry && !entry.value.deleted) user.list.put(calendar.id, { deleted: true });
  });
}
