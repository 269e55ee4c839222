import { notFound, requiredAccessLevel } from '../refusals.ts';
import type { Store } from '../store.ts';
import { type CalendarRecord, type Role, type Rule, roles } from './records.ts';

/** Whether a role gives at least what another gives. */
export const atLeast = (role: Role, wanted: Role): boolean => roles.indexOf(role) >= roles.indexOf(wanted);

/** The id of the rule for a scope ("AclRule"): `user:bob@example.com`, `default`. */
export const ruleId = (scope: Rule['scope']): string =>
  scope.type === 'default' ? 'default' : `${scope.type}:${scope.value ?? ''}`;

/** The strongest role that any rule of the calendar gives the user. Groups have no members here, so their rules give nothing. */
export function roleIn(calendar: CalendarRecord, user: string): Role {
  const domain = user.slice(user.indexOf('@') + 1);
  const given = ['default', `domain:${domain}`, `user:${user}`].map(
    (id) => calendar.acl.get(id)?.value.role ?? 'none',
  );
  return given.reduce((best, role) => (atLeast(role, best) ? role : best));
}

/** A calendar together with what the caller may do in it. */
export interface Access {
  readonly calendar: CalendarRecord;
  readonly role: Role;
  readonly user: string;
}

/**
 * The calendar that a path names (`primary` is the caller's own), with at least the role wanted. Throws 404
 * where it does not exist or the caller has no access at all, 403 `requiredAccessLevel` where the role is too weak.
 */
export function openCalendar(store: Store, user: string, id: string, wanted: Role): Access {
  const calendar = store.calendars.get(id === 'primary' ? user : id);
  if (!calendar || calendar.deleted) throw notFound();
  const role = roleIn(calendar, user);
  if (role === 'none') throw notFound();
  if (!atLeast(role, wanted)) throw requiredAccessLevel(wanted);
  return { calendar, role, user };
}

/**
 * Writes one rule. Everyone whose role changes by it loses their sync tokens for the calendar's events; who has
 * no access left loses the entry on their calendar list.
 */
export function putRule(store: Store, calendar: CalendarRecord, rule: Rule): void {
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
