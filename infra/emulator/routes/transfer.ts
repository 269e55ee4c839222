import { canonicalAddress, isAddress } from '../protocol/address.ts';
import { forbidden, invalid, notFound, required } from '../protocol/api-errors.ts';
import type { Answer, Call, Route } from '../protocol/http.ts';
import { calendarIdFor, putRule, ruleId } from '../state/access.ts';
import type { CalendarRecord } from '../state/records.ts';
import type { Store } from '../state/store.ts';

/**
 * calendars.transferOwnership (https://developers.google.com/workspace/calendar/api/v3/reference/calendars/transferOwnership): for
 * administrators, from one user of their organization to another.
 */
export const transferRoute = (store: Store): Route => ({
  id: 'calendar.calendars.transferOwnership',
  method: 'POST',
  path: '/calendars/:calendarId/transferOwnership',
  handle: (call) => transfer(store, call),
});

function transfer(store: Store, call: Call): Answer {
  const newDataOwner = canonicalAddress(call.query.get('newDataOwner') ?? '');
  if (!newDataOwner) throw required('newDataOwner');
  if (!call.query.has('useAdminAccess')) throw required('useAdminAccess');
  if (call.query.get('useAdminAccess') !== 'true')
    throw invalid(
      'useAdminAccess',
      'Only administrators can transfer calendars: set useAdminAccess to true.',
    );
  if (!store.users.get(call.user)?.admin)
    throw forbidden('The caller needs the administrator privilege Manage Calendars.');
  const calendar = store.calendars.get(calendarIdFor(call.user, call.params['calendarId']));
  const organization = domainOf(call.user);
  if (!calendar || calendar.deleted || domainOf(calendar.dataOwner) !== organization) throw notFound();
  if (calendar.primary) throw invalid('calendarId', 'A primary calendar cannot be transferred.');
  const isMember = isAddress(newDataOwner) && domainOf(newDataOwner) === organization;
  if (!isMember || !store.users.has(newDataOwner))
    throw invalid('newDataOwner', 'The new data owner must be a user of the same organization.');
  if (calendar.dataOwner !== newDataOwner) store.together(() => give(store, calendar, newDataOwner));
  return { status: 204 };
}

const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1);

/**
 * Makes a user the data owner. The one before stays an owner (https://support.google.com/calendar/answer/78739). A data owner always
 * has the calendar on the list (https://developers.google.com/workspace/calendar/docs/release-notes, 27 October 2025).
 */
function give(store: Store, calendar: CalendarRecord, owner: string): void {
  const scope = { type: 'user' as const, value: owner };
  calendar.dataOwner = owner;
  if (calendar.acl.get(ruleId(scope))?.value.role !== 'owner')
    putRule(store, calendar, { role: 'owner', scope });
  const { list } = store.signIn(owner);
  const entry = list.get(calendar.id)?.value;
  if (!entry || entry.deleted) list.put(calendar.id, { colorId: '1', selected: true, defaultReminders: [] });
}
