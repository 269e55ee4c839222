/** How a change of an event is reproduced. Pure. */
import type { Change } from '../../../../functions/feed/change.ts';
import { isObject } from '../../../../functions/feed/differences.ts';
import { comparableOf, patchOf, writableOf } from './event-fields.ts';
import { nothing, pathOf, type Check, type Step } from './step.ts';

type Item = NonNullable<Change['after']>;

/** What the steps before have made. */
export interface Made {
  /** Events that exist, by `<calendar>/<event>`. */
  readonly exists: ReadonlySet<string>;
  /** Events that a change of this stretch deletes. */
  readonly deleted: ReadonlySet<string>;
  /** Calendars of the stretch. */
  readonly calendars: ReadonlySet<string>;
}

/** Returns the key of an event in the sets of `Made`. */
export const keyOf = (calendarId: string, eventId: string): string => `${calendarId}/${eventId}`;

/** Types that the API creates, and ids that it takes. https://developers.google.com/workspace/calendar/api/v3/reference/events/insert */
const INSERTABLE: ReadonlySet<unknown> = new Set([
  undefined,
  'default',
  'focusTime',
  'outOfOffice',
  'workingLocation',
]);
const ID = /^[a-v0-9]{5,1024}$/;

/** Returns whether an event is the copy of a guest: its organizer's calendar is another one. */
function isCopy(event: Item, calendarId: string): boolean {
  const { organizer } = event;
  return isObject(organizer) && organizer['self'] !== true && organizer['email'] !== calendarId;
}

/** Returns whether the API can create the event, with its id, in this calendar. */
export const isInsertable = (event: Item, itemId: string, calendarId: string): boolean =>
  INSERTABLE.has(event['eventType']) && ID.test(itemId) && !isCopy(event, calendarId);

/** Returns what reproduces a change of an event. */
export function eventStep({ calendarId, itemId, before, after }: Change, made: Made): Step {
  if (calendarId === null) return nothing('it has no calendar');
  const path = pathOf('calendars', calendarId, 'events', itemId);
  const item = after ?? before;
  if (item === null) return nothing('its fields were left out for their size');
  const series = item['recurringEventId'];
  if (typeof series === 'string' && !made.exists.has(keyOf(calendarId, series)))
    return nothing('its series is not known');
  if (after === null || after['status'] === 'cancelled') {
    if (typeof series === 'string' && made.deleted.has(keyOf(calendarId, series)))
      return nothing('it follows from the deletion of its series');
    return {
      do: 'call',
      method: 'DELETE',
      path,
      check: { is: 'like', path, fields: { status: 'cancelled' } },
    };
  }
  if (isCopy(after, calendarId) && organizerOf(after, made.calendars))
    return nothing('it follows from the change in the calendar of its organizer');
  const check: Check = { is: 'event', path, fields: comparableOf(after) };
  const exists = made.exists.has(keyOf(calendarId, itemId));
  if (!exists && series === undefined) {
    return isInsertable(after, itemId, calendarId)
      ? {
          do: 'call',
          method: 'POST',
          path: `${pathOf('calendars', calendarId, 'events')}?supportsAttachments=true`,
          body: { id: itemId, ...icalUidOf(after, itemId), ...writableOf(after) },
          check,
        }
      : { do: 'put', calendarId, event: { ...after, id: itemId }, check };
  }
  if (isCopy(after, calendarId)) return { do: 'put', calendarId, event: { ...after, id: itemId }, check };
  const body = before === null ? writableOf(after) : patchOf(before, after);
  return Object.keys(body).length === 0
    ? nothing('it changes only what Google sets by itself')
    : { do: 'call', method: 'PATCH', path: `${path}?supportsAttachments=true`, body, check };
}

const organizerOf = ({ organizer }: Item, calendars: ReadonlySet<string>): boolean =>
  isObject(organizer) && typeof organizer['email'] === 'string' && calendars.has(organizer['email']);

/** An event that was imported keeps its iCalUID; of others, Google derives it from the id. */
const icalUidOf = ({ iCalUID }: Item, itemId: string): object =>
  typeof iCalUID === 'string' && iCalUID !== `${itemId}@google.com` ? { iCalUID } : {};
