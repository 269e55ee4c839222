import * as z from 'zod';
import { bodyOf, integer, mergePatch, parseBody } from '../protocol/body.ts';
import { clearEvents } from '../event/move.ts';
import { isTimeZone } from '../event/times.ts';
import type { Answer, Call, Route } from '../protocol/http.ts';
import { forbidden, invalid, required } from '../protocol/api-errors.ts';
import { isColor } from './palette.ts';
import { openCalendar } from '../state/access.ts';
import { contentTag } from '../state/etag.ts';
import type { CalendarFields, CalendarRecord, EventLabel, WorkingHours } from '../state/records.ts';
import type { Store } from '../state/store.ts';

const minutes = integer(0, 1440);

/**
 * The fields of a calendar that clients can write (https://developers.google.com/workspace/calendar/api/v3/reference/calendars).
 */
export const CalendarBody = z.object({
  summary: z.string().optional(),
  description: z.string().optional(),
  location: z.string().optional(),
  timeZone: z.string().optional(),
  conferenceProperties: z
    .object({ allowedConferenceSolutionTypes: z.array(z.string()).optional() })
    .optional(),
  labelProperties: z
    .object({
      eventLabels: z
        .array(
          z.object({
            id: z.uuid().optional(),
            name: z.string().max(50).optional(),
            backgroundColor: z.string().refine(isColor, 'not a colour such as #039be5'),
          }),
        )
        .max(200)
        .optional(),
    })
    .optional(),
  autoAcceptInvitations: z.boolean().optional(),
  workingHours: z
    .object({
      workingHoursEnabled: z.boolean().optional(),
      availableTimes: z
        .array(
          z.object({
            dayOfWeek: z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']),
            periodStart: minutes,
            periodEnd: minutes,
          }),
        )
        .optional(),
    })
    .optional(),
});

/** calendars.get, insert, patch, update, delete and clear. */
export function calendarRoutes(store: Store): Route[] {
  const one = '/calendars/:calendarId';
  const open = (call: Call, role: 'freeBusyReader' | 'owner'): CalendarRecord =>
    openCalendar(store, call.user, call.params['calendarId'] ?? '', role).calendar;
  const change = (call: Call, how: 'patch' | 'update'): Answer => {
    const calendar = open(call, 'owner');
    const body = bodyOf(call.body);
    const { workingHours: before, ...fields } = calendar.fields;
    // Working hours are replaced as a whole, also by a patch.
    const json = how === 'patch' ? mergePatch(fields, body) : body;
    const read = readFields(store, json, calendar);
    const workingHours = readWorkingHours(read.workingHours, calendar.primary) ?? before;
    calendar.fields = { ...read, workingHours };
    return shown(calendar);
  };
  return [
    {
      id: 'calendar.calendars.get',
      method: 'GET',
      path: one,
      handle: (call) => shown(open(call, 'freeBusyReader')),
    },
    {
      id: 'calendar.calendars.insert',
      method: 'POST',
      path: '/calendars',
      handle(call) {
        const fields = readFields(store, bodyOf(call.body), undefined);
        return shown(
          store.addCalendar(call.user, {
            ...fields,
            workingHours: readWorkingHours(fields.workingHours, false),
          }),
        );
      },
    },
    { id: 'calendar.calendars.patch', method: 'PATCH', path: one, handle: (call) => change(call, 'patch') },
    { id: 'calendar.calendars.update', method: 'PUT', path: one, handle: (call) => change(call, 'update') },
    {
      id: 'calendar.calendars.delete',
      method: 'DELETE',
      path: one,
      handle(call) {
        const calendar = open(call, 'owner');
        if (calendar.primary) throw invalid('calendarId', 'A primary calendar cannot be deleted.');
        // https://developers.google.com/workspace/calendar/docs/release-notes, 27 October 2025
        if (calendar.dataOwner !== call.user)
          throw forbidden('Only the data owner can delete a secondary calendar.');
        deleteCalendar(store, calendar);
        return { status: 204 };
      },
    },
    {
      id: 'calendar.calendars.clear',
      method: 'POST',
      path: `${one}/clear`,
      handle(call) {
        const access = openCalendar(store, call.user, call.params['calendarId'] ?? '', 'owner');
        if (!access.calendar.primary) throw invalid('calendarId', 'Only primary calendars can be cleared.');
        clearEvents({ store, access, query: call.query });
        return { status: 204 };
      },
    },
  ];
}

/** Deletes a secondary calendar, which leaves every calendar list. */
export function deleteCalendar(store: Store, calendar: CalendarRecord): void {
  store.together(() => {
    calendar.deleted = true;
    for (const { list } of store.users.values()) {
      const entry = list.get(calendar.id);
      if (entry && !entry.value.deleted) list.put(calendar.id, { deleted: true });
    }
  });
}

function readFields(
  store: Store,
  json: Readonly<Record<string, unknown>>,
  before: CalendarRecord | undefined,
): CalendarFields {
  const body = parseBody(CalendarBody, json);
  if (!body.summary) throw required('summary', 'Missing title.');
  if (body.timeZone !== undefined && !isTimeZone(body.timeZone)) throw invalid('timeZone');
  // Unlike other fields, labels that an update omits stay
  // (https://developers.google.com/workspace/calendar/api/v3/reference/calendars, `labelProperties`).
  const labels = body.labelProperties?.eventLabels?.map((label): EventLabel => ({
    ...label,
    id: label.id ?? newUuid(store),
  }));
  return {
    ...body,
    summary: body.summary,
    timeZone: body.timeZone ?? before?.fields.timeZone ?? 'UTC',
    labelProperties: labels ? { eventLabels: labels } : before?.fields.labelProperties,
  };
}

/**
 * Returns the given working hours as a whole, or undefined if an absent or empty object leaves them as they are
 * (https://developers.google.com/workspace/calendar/api/v3/reference/calendars, `workingHours`). Throws 400 for a secondary
 * calendar, which has none, and for invalid hours; Google does not document the wording of these errors.
 */
function readWorkingHours(given: WorkingHours | undefined, primary: boolean): WorkingHours | undefined {
  if (!given || Object.keys(given).length === 0) return undefined;
  const { workingHoursEnabled, availableTimes = [] } = given;
  if (!primary) throw invalid('workingHours', 'Only primary calendars have working hours.');
  if (workingHoursEnabled && availableTimes.length === 0)
    throw invalid('workingHours', 'Working hours cannot be enabled without available times.');
  if (availableTimes.some(({ periodStart, periodEnd }) => periodEnd <= periodStart))
    throw invalid('workingHours', 'A period must end after it starts.');
  return given;
}

/** Uses the store's random source, so that a seeded run can be repeated. */
function newUuid(store: Store): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(store.random() * 16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Returns the calendar's description, which list entries show too. */
export const describe = (calendar: CalendarRecord) => ({
  ...calendar.fields,
  ...(!calendar.primary && { dataOwner: calendar.dataOwner }),
  conferenceProperties: calendar.fields.conferenceProperties ?? {
    allowedConferenceSolutionTypes: ['hangoutsMeet'],
  },
});

function shown(calendar: CalendarRecord): Answer {
  const content = { kind: 'calendar#calendar', id: calendar.id, ...describe(calendar) };
  const etag = contentTag(content);
  return { status: 200, etag, body: { ...content, etag } };
}
