import { listAll, listChanged, listInstances } from '../event/list.ts';
import { parseEventQuery, parseEventView } from '../event/query.ts';
import { dayOf, parseTimestamp, toInstant } from '../event/times.ts';
import { isRecurring } from '../state/stored-event.ts';
import { type View, showEvent } from '../event/view.ts';
import { requireEvent } from '../event/context.ts';
import type { Answer, Call, Route } from '../protocol/http.ts';
import { invalid } from '../protocol/api-errors.ts';
import { type Access, openCalendar } from '../state/access.ts';
import { mapPages, pagesOfItems } from '../state/pages.ts';
import { answerList } from '../state/traversal.ts';
import type { Store } from '../state/store.ts';

const pageSize = { fallback: 250, max: 2500 };

/** events.get, events.list and events.instances (https://developers.google.com/workspace/calendar/api/v3/reference/events). */
export const eventReadRoutes = (store: Store): Route[] => [
  {
    id: 'calendar.events.list',
    method: 'GET',
    path: '/calendars/:calendarId/events',
    handle: (call) => list(store, call),
  },
  {
    id: 'calendar.events.get',
    method: 'GET',
    path: '/calendars/:calendarId/events/:eventId',
    handle: (call) => get(store, call),
  },
  {
    id: 'calendar.events.instances',
    method: 'GET',
    path: '/calendars/:calendarId/events/:eventId/instances',
    handle: (call) => instances(store, call),
  },
];

/** Returns how the caller's query wants events to be shown. */
export function viewOf(access: Access, query: URLSearchParams): View {
  const { timeZone, maxAttendees } = parseEventView(query);
  return { access, timeZone: timeZone ?? access.calendar.fields.timeZone, maxAttendees };
}

function get(store: Store, call: Call): Answer {
  const access = openCalendar(store, call.user, call.params['calendarId'] ?? '', 'freeBusyReader');
  const view = viewOf(access, call.query);
  const event = requireEvent(access, call.params['eventId'] ?? '');
  return { status: 200, body: showEvent(view, event) };
}

function list(store: Store, call: Call): Answer {
  const access = openCalendar(store, call.user, call.params['calendarId'] ?? '', 'freeBusyReader');
  const now = store.clock.now();
  // An invalid query is invalid on every page.
  parseEventQuery(call.query, now);
  const { events } = access.calendar;
  return answerList(store, call, {
    collection: { resource: 'events', calendarId: access.calendar.id },
    revision: events.revision(),
    access: access.calendar.accessChanges.get(call.user) ?? 0,
    pageSize,
    notWithToken: [
      'iCalUID',
      'orderBy',
      'privateExtendedProperty',
      'q',
      'sharedExtendedProperty',
      'timeMin',
      'timeMax',
      'updatedMin',
    ],
    trueWithToken: ['showDeleted'],
    pinned: ['singleEvents', 'eventTypes', 'maxAttendees', 'showHiddenInvitations', 'timeZone'],
    carried: ['timeMin', 'timeMax'],
    noToken: ['iCalUID', 'orderBy', 'privateExtendedProperty', 'q', 'sharedExtendedProperty', 'updatedMin'],
    envelope: envelope(store, access),
    items: (since, effective) => {
      const query = parseEventQuery(effective, now);
      const { startedAt, maxCancelledOccurrences, orphanedOccurrences } = store;
      const context = { access, query, now, startedAt, maxCancelledOccurrences, orphanedOccurrences };
      const found = since ? pagesOfItems(listChanged(context, since.revision)) : listAll(context);
      const view = {
        ...viewOf(access, effective),
        bareTombstones: since !== undefined && !query.showDeleted,
      };
      return mapPages(found, (event) => showEvent(view, event));
    },
  });
}

function instances(store: Store, call: Call): Answer {
  const access = openCalendar(store, call.user, call.params['calendarId'] ?? '', 'freeBusyReader');
  const now = store.clock.now();
  const series = requireEvent(access, call.params['eventId'] ?? '');
  if (!isRecurring(series)) throw invalid('eventId', 'The event is not a recurring event.');
  const parsed = parseEventQuery(call.query, now);
  // Unlike in lists, an occurrence that ends exactly at timeMin belongs to the window.
  const timeMin = parsed.timeMin === undefined ? undefined : parsed.timeMin - 1;
  const original = call.query.get('originalStart');
  const start = original === null ? undefined : originalStart(original);
  const view = viewOf(access, call.query);
  return answerList(store, call, {
    collection: { resource: 'events', calendarId: access.calendar.id },
    revision: access.calendar.events.revision(),
    pageSize,
    tokens: false,
    envelope: envelope(store, access),
    items: () => {
      const found = listInstances(
        { access, query: { ...parsed, timeMin }, startedAt: store.startedAt },
        series,
      ).filter(
        ({ originalStartTime }) =>
          start === undefined || (originalStartTime && toInstant(originalStartTime, 'UTC') === start),
      );
      return mapPages(pagesOfItems(found), (event) => showEvent(view, event));
    },
  });
}

function originalStart(text: string): number {
  const day = dayOf(text);
  return Number.isNaN(day) ? parseTimestamp(text, 'originalStart') : day;
}

/**
 * Returns the calendar's fields in every event list
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events/list).
 */
function envelope(store: Store, { calendar, role, user }: Access): Record<string, unknown> {
  const { summary, description, timeZone } = calendar.fields;
  return {
    kind: 'calendar#events',
    summary,
    ...(description && { description }),
    updated: new Date(calendar.events.changedAt()).toISOString(),
    timeZone,
    accessRole: role,
    defaultReminders: store.users.get(user)?.list.get(calendar.id)?.value.defaultReminders ?? [],
  };
}
