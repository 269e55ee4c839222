import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { bodyOf, integer, mergePatch, parseBody } from '../protocol/body.ts';
import { flag } from '../event/query.ts';
import type { Answer, Call, Route } from '../protocol/http.ts';
import { forbidden, invalid, notFound, required } from '../protocol/api-errors.ts';
import { atLeast, calendarIdFor, openCalendar, roleIn } from '../state/access.ts';
import { contentTag } from '../state/etag.ts';
import { type ListEntry, roles } from '../state/records.ts';
import { pagesOfItems } from '../state/pages.ts';
import { answerList } from '../state/traversal.ts';
import type { Store } from '../state/store.ts';
import { describe } from './calendars.ts';
import { calendarColors, isColor, nearestColor } from './palette.ts';

/**
 * The fields of a calendar list entry that its user can write
 * (https://developers.google.com/workspace/calendar/api/v3/reference/calendarList).
 */
const EntryBody = z.object({
  summaryOverride: z.string().optional(),
  colorId: z.string().optional(),
  backgroundColor: z.string().optional(),
  foregroundColor: z.string().optional(),
  hidden: z.boolean().optional(),
  selected: z.boolean().optional(),
  defaultReminders: z
    .array(z.object({ method: z.enum(['email', 'popup']), minutes: integer(0, 40_320) }))
    .max(5)
    .optional(),
  notificationSettings: z
    .object({ notifications: z.array(z.object({ type: z.string(), method: z.string() })).optional() })
    .optional(),
});

/** calendarList.list, get, insert, patch, update and delete: the caller's own list. */
export function calendarListRoutes(store: Store): Route[] {
  const entries = '/users/me/calendarList';
  const change = (call: Call, how: 'patch' | 'update'): Answer => {
    const id = canonical(call);
    const before = find(store, call.user, id);
    const json = bodyOf(call.body);
    return put(store, call, id, how === 'patch' ? mergePatch({ ...before }, json) : json);
  };
  return [
    { id: 'calendar.calendarList.list', method: 'GET', path: entries, handle: (call) => list(store, call) },
    {
      id: 'calendar.calendarList.get',
      method: 'GET',
      path: `${entries}/:calendarId`,
      handle: (call) => answer(store, call.user, canonical(call), find(store, call.user, canonical(call))),
    },
    {
      id: 'calendar.calendarList.insert',
      method: 'POST',
      path: entries,
      handle(call) {
        const body = bodyOf(call.body);
        if (typeof body['id'] !== 'string' || body['id'] === '') throw required('id');
        const { calendar } = openCalendar(store, call.user, body['id'], 'freeBusyReader');
        return put(store, call, calendar.id, { selected: false, ...body });
      },
    },
    {
      id: 'calendar.calendarList.patch',
      method: 'PATCH',
      path: `${entries}/:calendarId`,
      handle: (call) => change(call, 'patch'),
    },
    {
      id: 'calendar.calendarList.update',
      method: 'PUT',
      path: `${entries}/:calendarId`,
      handle: (call) => change(call, 'update'),
    },
    {
      id: 'calendar.calendarList.delete',
      method: 'DELETE',
      path: `${entries}/:calendarId`,
      handle(call) {
        const id = canonical(call);
        find(store, call.user, id);
        // https://developers.google.com/workspace/calendar/docs/release-notes, 27 October 2025
        if (store.calendars.get(id)?.dataOwner === call.user)
          throw forbidden('A calendar cannot be removed from the list of its data owner.');
        store.signIn(call.user).list.put(id, { deleted: true });
        return { status: 204 };
      },
    },
  ];
}

const canonical = ({ params, user }: Call): string => calendarIdFor(user, params['calendarId']);

function find(store: Store, user: string, id: string): ListEntry {
  openCalendar(store, user, id, 'freeBusyReader');
  const entry = store.signIn(user).list.get(id)?.value;
  if (!entry || entry.deleted) throw notFound();
  return entry;
}

function put(store: Store, call: Call, id: string, json: Readonly<Record<string, unknown>>): Answer {
  const { list: entries } = store.signIn(call.user);
  const before = entries.get(id)?.value;
  const body = parseBody(EntryBody, json);
  const entry = withColors(body, before, flag(call.query, 'colorRgbFormat'));
  if (!before || before.deleted || !isDeepStrictEqual(before, entry)) entries.put(id, entry);
  return answer(store, call.user, id, entry);
}

/** Resolves a colour: by number, or with `colorRgbFormat` by value; then its number is that of the nearest colour. */
function withColors(body: ListEntry, before: ListEntry | undefined, rgb: boolean): ListEntry {
  if (rgb) {
    for (const name of ['backgroundColor', 'foregroundColor'] as const)
      if (body[name] !== undefined && !isColor(body[name])) throw invalid(name);
    const background = body.backgroundColor;
    return background === undefined ? body : { ...body, colorId: nearestColor(background) };
  }
  if (body.colorId !== undefined && !Object.hasOwn(calendarColors, body.colorId)) throw invalid('colorId');
  const { backgroundColor: _b, foregroundColor: _f, ...rest } = body;
  const own = body.colorId === undefined || body.colorId === before?.colorId;
  return {
    ...rest,
    colorId: body.colorId ?? before?.colorId ?? '1',
    ...(own && before?.backgroundColor && { backgroundColor: before.backgroundColor }),
    ...(own && before?.foregroundColor && { foregroundColor: before.foregroundColor }),
  };
}

function list(store: Store, call: Call): Answer {
  const { user, query } = call;
  const ledger = store.signIn(user).list;
  const deleted = flag(query, 'showDeleted');
  const hidden = flag(query, 'showHidden');
  const least = roles.find((role) => role === (query.get('minAccessRole') ?? 'none'));
  if (least === undefined) throw invalid('minAccessRole');
  return answerList(store, call, {
    collection: { resource: 'calendarList', user },
    revision: ledger.revision(),
    pageSize: { fallback: 100, max: 250 },
    notWithToken: ['minAccessRole', 'showOwnOrganizationOnly'],
    trueWithToken: ['showDeleted', 'showHidden'],
    noToken: ['minAccessRole', 'showOwnOrganizationOnly'],
    envelope: { kind: 'calendar#calendarList' },
    items: (since) =>
      pagesOfItems(
        ledger
          .changedSince(since?.revision ?? 0)
          .filter(({ value }) => since !== undefined || deleted || !value.deleted)
          .filter(({ value }) => since !== undefined || hidden || !value.hidden)
          .filter(
            ({ id, value }) =>
              least === 'none' || (!value.deleted && atLeast(roleOf(store, user, id), least)),
          )
          .map(({ id, value }) => show(store, user, id, value)),
      ),
  });
}

function roleOf(store: Store, user: string, id: string) {
  const calendar = store.calendars.get(id);
  return calendar && !calendar.deleted ? roleIn(calendar, user) : 'none';
}

/** Returns the user's entry together with what it shows of the calendar itself. */
function show(store: Store, user: string, id: string, entry: ListEntry) {
  const calendar = store.calendars.get(id);
  const { hidden, selected, colorId = '1', ...own } = entry;
  const color = calendarColors[colorId];
  // Labels and working hours belong to the calendar: entries do not show them.
  const {
    labelProperties: _l,
    workingHours: _w,
    ...description
  } = calendar ? describe(calendar) : { labelProperties: undefined, workingHours: undefined };
  const content =
    !calendar || entry.deleted
      ? { kind: 'calendar#calendarListEntry', id, deleted: true }
      : {
          kind: 'calendar#calendarListEntry',
          id,
          ...description,
          colorId,
          backgroundColor: color?.background,
          foregroundColor: color?.foreground,
          ...own,
          ...(hidden && { hidden }),
          ...(selected && { selected }),
          accessRole: roleIn(calendar, user),
          defaultReminders: entry.defaultReminders ?? [],
          ...(id === user && { primary: true }),
        };
  return { ...content, etag: contentTag(content) };
}

function answer(store: Store, user: string, id: string, entry: ListEntry): Answer {
  const body = show(store, user, id, entry);
  return { status: 200, etag: body.etag, body };
}
