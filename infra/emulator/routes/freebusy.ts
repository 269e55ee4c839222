import * as z from 'zod';
import { bodyOf, integer, parseBody } from '../protocol/body.ts';
import { listAll } from '../event/list.ts';
import { type Span, isTimeZone, parseTimestamp, showInstant, spanOf } from '../event/times.ts';
import { parseEventQuery } from '../event/query.ts';
import type { StoredEvent } from '../state/stored-event.ts';
import { type Answer, CalendarError, type Call, type Route } from '../protocol/http.ts';
import { invalid, required, timeRangeEmpty, timeRangeTooLong } from '../protocol/api-errors.ts';
import { openCalendar } from '../state/access.ts';
import { itemsOf } from '../state/pages.ts';
import type { Store } from '../state/store.ts';

const Query = z.object({
  timeMin: z.string().optional(),
  timeMax: z.string().optional(),
  timeZone: z.string().optional(),
  groupExpansionMax: integer(0, 100).optional(),
  calendarExpansionMax: integer(0, 50).optional(),
  items: z.array(z.object({ id: z.string() })).optional(),
});

/**
 * Three months. Google documents no limit; clients have seen errors beyond about 90 days
 * (https://github.com/calcom/cal.diy/pull/11962).
 */
const LONGEST_MS = 92 * 86_400_000;

/**
 * freebusy.query (https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query): when calendars are busy,
 * without details.
 */
export const freeBusyRoutes = (store: Store): Route[] => [
  { id: 'calendar.freebusy.query', method: 'POST', path: '/freeBusy', handle: (call) => query(store, call) },
];

function query(store: Store, call: Call): Answer {
  const body = parseBody(Query, bodyOf(call.body));
  if (body.timeMin === undefined) throw required('timeMin');
  if (body.timeMax === undefined) throw required('timeMax');
  const window = {
    start: parseTimestamp(body.timeMin, 'timeMin'),
    end: parseTimestamp(body.timeMax, 'timeMax'),
  };
  if (window.end <= window.start) throw timeRangeEmpty('timeMax');
  if (window.end - window.start > LONGEST_MS) throw timeRangeTooLong('timeMax');
  const zone = body.timeZone ?? 'UTC';
  if (!isTimeZone(zone)) throw invalid('timeZone');
  const ids = [...new Set((body.items ?? []).map(({ id }) => id))];
  const tooMany = ids.length > (body.calendarExpansionMax ?? 50);
  const calendars = ids.map((id) => [id, tooMany ? failed('tooManyCalendarsRequested') : taken(id)]);
  return {
    status: 200,
    body: {
      kind: 'calendar#freeBusy',
      timeMin: showInstant(window.start, 'UTC'),
      timeMax: showInstant(window.end, 'UTC'),
      calendars: Object.fromEntries(calendars),
    },
  };

  /** An unknown or hidden calendar is an error of its own, not of the whole query. */
  function taken(id: string): unknown {
    try {
      const busy = busySpans(store, call.user, id, window);
      return {
        busy: busy.map(({ start, end }) => ({
          start: showInstant(start, zone),
          end: showInstant(end, zone),
        })),
      };
    } catch (error) {
      if (error instanceof CalendarError) return failed(error.detail.reason);
      throw error;
    }
  }
}

const failed = (reason: string) => ({ errors: [{ domain: 'global', reason }], busy: [] });

function busySpans(store: Store, user: string, id: string, window: Span): Span[] {
  const access = openCalendar(store, user, id, 'freeBusyReader');
  const now = store.clock.now();
  const everything = parseEventQuery(new URLSearchParams({ singleEvents: 'true' }), now);
  const within = { ...everything, timeMin: window.start, timeMax: window.end };
  const spans = itemsOf(listAll({ access, query: within, now, startedAt: store.startedAt }))
    .filter((event) => blocks(event, access.calendar.id))
    .map((event) => spanOf(event.fields, access.calendar.fields.timeZone))
    .map(({ start, end }) => ({ start: Math.max(start, window.start), end: Math.min(end, window.end) }))
    .filter(({ start, end }) => end > start);
  return merge(spans);
}

/** Returns whether an event makes its owner busy: not if it is shown as free or was declined. */
function blocks({ fields }: StoredEvent, calendarId: string): boolean {
  const answer = fields.attendees?.find(({ email }) => email === calendarId)?.responseStatus;
  const place = fields.eventType === 'workingLocation' || fields.eventType === 'birthday';
  return fields.transparency !== 'transparent' && answer !== 'declined' && !place;
}

/** Merges spans that touch or overlap. */
function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && span.start <= last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}
