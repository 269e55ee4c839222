/** Random edits of meetings by several people: series with exceptions, invitations, moves, imports, changes of access. */
import * as fc from 'fast-check';
import type { Outcome, inProcess } from './in-process.ts';

export const ADA = 'ada@example.com';
export const BOB = 'bob@example.com';
/** May read the team's calendar, unless an edit changes that. */
export const CY = 'cy@example.com';
/** Ada's secondary calendar, which Bob can write. */
export const TEAM = 'team@group.calendar.google.com';

const timed = (hour: number, timeZone: string) => ({
  start: { dateTime: `2030-03-30T0${hour}:00:00`, timeZone },
  end: { dateTime: `2030-03-30T0${hour}:30:00`, timeZone },
});
const wholeDay = (day: number) => ({
  start: { date: `2030-03-${day}` },
  end: { date: `2030-03-${day + 1}` },
});
const rules = [4, 2].map((count) => `RRULE:FREQ=DAILY;COUNT=${count}`);
const ids = ['seria', 'serib', 'allda', 'singl', 'other'];
const both = [{ email: ADA }, { email: BOB }];

/** What the calendars hold before the first edit: the days around the start of daylight saving time in Berlin. */
export const meetings = [
  { user: ADA, calendarId: ADA, id: 'seria', ...timed(2, 'Europe/Berlin'), recurrence: rules.slice(0, 1) },
  { user: ADA, calendarId: TEAM, id: 'serib', ...timed(3, 'UTC'), recurrence: rules.slice(0, 1) },
  { user: BOB, calendarId: BOB, id: 'allda', ...wholeDay(29), recurrence: rules.slice(0, 1) },
  { user: ADA, calendarId: ADA, id: 'singl', ...timed(2, 'UTC'), guestsCanModify: true },
].map(({ user, calendarId, ...event }) => ({ user, calendarId, event: { ...event, attendees: both } }));

const where = fc.constantFrom(
  { user: ADA, calendarId: ADA },
  { user: BOB, calendarId: BOB },
  { user: ADA, calendarId: TEAM },
  { user: BOB, calendarId: TEAM },
);
const when = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('UTC', 'Europe/Berlin')).map((at) => timed(...at)),
  fc.integer({ min: 28, max: 30 }).map(wholeDay),
);
const fields = fc.record(
  {
    summary: fc.constantFrom('a', 'b'),
    visibility: fc.constantFrom('private', 'default'),
    attendees: fc.subarray([ADA, BOB, 'eve@example.org']).map((some) => some.map((email) => ({ email }))),
    reminders: fc.constantFrom({ useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] }, null),
    extendedProperties: fc.constantFrom({ private: { a: '1' } }, { shared: { a: '2' } }),
    guestsCanModify: fc.boolean(),
  },
  { requiredKeys: [] },
);
/** An event, or one of the occurrences of a series, by its number. */
const target = fc.record({ id: fc.constantFrom(...ids), occurrence: fc.option(fc.nat(3)) });
const repeats = fc.option(fc.constantFrom(...rules.map((rule) => [rule]), []), { freq: 2 });

/** One edit, which the API may reject. */
export const meetingEdit = fc.oneof(
  fc.record({
    do: fc.constant('insert' as const),
    where,
    id: fc.constantFrom(...ids),
    when,
    repeats,
    fields,
  }),
  fc.record({
    do: fc.constant('patch' as const),
    where,
    target,
    when: fc.option(when, { freq: 2 }),
    repeats,
    fields,
  }),
  fc.record({ do: fc.constant('delete' as const), where, target }),
  fc.record({ do: fc.constant('restore' as const), where, target }),
  fc.record({
    do: fc.constant('respond' as const),
    user: fc.constantFrom(ADA, BOB),
    target,
    responseStatus: fc.constantFrom('accepted', 'declined'),
  }),
  fc.record({
    do: fc.constant('move' as const),
    id: fc.constantFrom(...ids),
    from: fc.constantFrom(ADA, TEAM),
    to: fc.constantFrom(ADA, TEAM),
  }),
  fc.record({
    do: fc.constant('import' as const),
    where,
    iCalUID: fc.constantFrom('one@example.org', 'seria@google.com'),
    when,
    repeats,
  }),
  fc.record({ do: fc.constant('clear' as const), user: fc.constantFrom(ADA, BOB) }),
  fc.record({
    do: fc.constant('share' as const),
    role: fc.constantFrom('none', 'freeBusyReader', 'reader', 'writer'),
  }),
);
export type MeetingEdit = typeof meetingEdit extends fc.Arbitrary<infer T> ? T : never;

/** Makes an edit. Resolves to the answer, or to undefined for an occurrence that does not exist. */
export async function makeEdit(
  call: ReturnType<typeof inProcess>,
  edit: MeetingEdit,
): Promise<Outcome | undefined> {
  /** Returns the parameters of a call about the target as it is on a calendar. */
  async function paramsOf(
    user: string,
    calendarId: string,
    { id, occurrence }: typeof target extends fc.Arbitrary<infer T> ? T : never,
  ) {
    if (occurrence === null) return { calendarId, eventId: id };
    const { body } = await call(user, 'events.instances', {
      params: { calendarId, eventId: id },
      query: { showDeleted: true },
    });
    const item: unknown = Array.isArray(body['items']) ? body['items'][occurrence] : undefined;
    const eventId = typeof item === 'object' && item !== null && 'id' in item ? String(item.id) : '';
    return { calendarId, eventId };
  }
  switch (edit.do) {
    case 'insert': {
      const {
        where: { user, calendarId },
        id,
        repeats: recurrence,
      } = edit;
      const body = { id, ...edit.when, recurrence, ...edit.fields };
      return call(user, 'events.insert', { params: { calendarId }, body });
    }
    case 'patch': {
      const {
        where: { user, calendarId },
        when: times,
        repeats: recurrence,
      } = edit;
      const none = { date: null, dateTime: null, timeZone: null };
      const moved = times && { start: { ...none, ...times.start }, end: { ...none, ...times.end } };
      const body = { ...moved, ...(recurrence && { recurrence }), ...edit.fields };
      return call(user, 'events.patch', { params: await paramsOf(user, calendarId, edit.target), body });
    }
    case 'delete':
      return call(edit.where.user, 'events.delete', {
        params: await paramsOf(edit.where.user, edit.where.calendarId, edit.target),
      });
    case 'restore':
      return call(edit.where.user, 'events.patch', {
        params: await paramsOf(edit.where.user, edit.where.calendarId, edit.target),
        body: { status: 'confirmed' },
      });
    case 'respond': {
      const { user, responseStatus } = edit;
      const body = { attendeesOmitted: true, attendees: [{ email: user, responseStatus }] };
      return call(user, 'events.patch', { params: await paramsOf(user, user, edit.target), body });
    }
    case 'move':
      return call(ADA, 'events.move', {
        params: { calendarId: edit.from, eventId: edit.id },
        query: { destination: edit.to },
      });
    case 'import': {
      const {
        where: { user, calendarId },
        iCalUID,
        repeats: recurrence,
      } = edit;
      const body = { iCalUID, ...edit.when, recurrence };
      return call(user, 'events.import', { params: { calendarId }, body });
    }
    case 'clear':
      return call(edit.user, 'calendars.clear', { params: { calendarId: edit.user } });
    case 'share':
      return call(ADA, 'acl.insert', {
        params: { calendarId: TEAM },
        body: { role: edit.role, scope: { type: 'user', value: CY } },
      });
  }
}
