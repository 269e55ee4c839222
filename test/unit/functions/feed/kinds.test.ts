/** What a change means: real shapes of changes, and properties of any. */
import { describe, expect, test } from 'vitest';
import { kindsOf, type WholeChange } from '../../../../functions/feed/kinds.ts';

type Fields = Readonly<Record<string, unknown>>;

const updated = (resource: WholeChange['resource'], before: Fields, after: Fields) =>
  kindsOf({ resource, change: 'updated', before, after });

const at = (day: number, time: string, offset = '+01:00', more: object = { timeZone: 'Europe/Zurich' }) => ({
  dateTime: `2030-01-0${String(day)}T${time}:00${offset}`,
  ...more,
});
const day = (date: number) => ({ date: `2030-01-0${String(date)}` });
const guest = (email: string, responseStatus = 'needsAction', more: object = {}) => ({
  email,
  responseStatus,
  ...more,
});
const ADA = guest('ada@example.com', 'accepted', { organizer: true, self: true });
const BO = guest('bo@example.com');
const ROOM = guest('c_1880@resource.calendar.google.com', 'accepted', { resource: true });

/** An event as Google returns it. */
const REVIEW: Fields = {
  kind: 'calendar#event',
  etag: '"3400000000000000"',
  id: 'review',
  status: 'confirmed',
  htmlLink: 'https://www.google.com/calendar/event?eid=cmV2aWV3',
  created: '2029-12-01T09:00:00.000Z',
  updated: '2029-12-01T09:00:00.000Z',
  summary: 'Review',
  creator: { email: 'ada@example.com', self: true },
  organizer: { email: 'ada@example.com', self: true },
  start: at(7, '10:00'),
  end: at(7, '11:00'),
  iCalUID: 'review@google.com',
  sequence: 0,
  attendees: [ADA, BO, ROOM],
  reminders: { useDefault: true },
  eventType: 'default',
};
const ALL_DAY: Fields = { ...REVIEW, start: day(7), end: day(8) };
const WEEKLY: Fields = { ...REVIEW, recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'] };

/** What every edit changes. */
const EDITED = { etag: '"3400000000000002"', updated: '2029-12-02T09:00:00.000Z', sequence: 1 };
const MEET = {
  createRequest: { requestId: 'r', conferenceSolutionKey: { type: 'hangoutsMeet' } },
  conferenceId: 'abc-defg-hij',
};
const conference = (statusCode: string, more: object = {}) => ({
  conferenceData: { ...MEET, createRequest: { ...MEET.createRequest, status: { statusCode } }, ...more },
});
const without = (name: string, item: Fields): Fields =>
  Object.fromEntries(Object.entries(item).filter(([each]) => each !== name));

describe('an event has the kinds of its edit', () => {
  test.each<[string, Fields, Fields, readonly string[]]>([
    ['moved by an hour', REVIEW, { start: at(7, '11:00'), end: at(7, '12:00') }, ['moved']],
    ['moved to another day', REVIEW, { start: at(9, '10:00'), end: at(9, '11:00') }, ['moved']],
    ['a later end', REVIEW, { end: at(7, '11:30') }, ['resized']],
    ['a later start', REVIEW, { start: at(7, '10:30') }, ['moved', 'resized']],
    ['a series moved', WEEKLY, { start: at(7, '14:00'), end: at(7, '15:00') }, ['moved']],
    [
      'a series moved to another weekday',
      WEEKLY,
      {
        start: at(8, '10:00'),
        end: at(8, '11:00'),
        recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TU'],
      },
      ['moved', 'recurrence'],
    ],
    [
      'a series whose second half is split off',
      WEEKLY,
      {
        recurrence: ['RRULE:FREQ=WEEKLY;UNTIL=20300127T225959Z;BYDAY=MO'],
      },
      ['recurrence'],
    ],
    ['a single event made a series', REVIEW, { recurrence: ['RRULE:FREQ=DAILY'] }, ['recurrence']],
    ['an all-day event moved', ALL_DAY, { start: day(8), end: day(9) }, ['moved']],
    ['an all-day event lengthened', ALL_DAY, { end: day(9) }, ['resized']],
    [
      'an all-day event made timed',
      ALL_DAY,
      { start: at(7, '10:00'), end: at(7, '11:00') },
      ['moved', 'resized'],
    ],
    ['a timed event made all-day', REVIEW, { start: day(7), end: day(8) }, ['moved', 'resized']],
    [
      'an all-day event made timed at the same moments',
      ALL_DAY,
      {
        start: at(7, '00:00', 'Z', { timeZone: 'UTC' }),
        end: at(8, '00:00', 'Z', { timeZone: 'UTC' }),
      },
      ['moved'],
    ],
    ['an all-day event of one day whose end is its start', ALL_DAY, { end: day(7) }, ['other']],
    [
      'the same moments in another time zone',
      REVIEW,
      {
        start: at(7, '09:00', 'Z', { timeZone: 'Europe/London' }),
        end: at(7, '10:00', 'Z', { timeZone: 'Europe/London' }),
      },
      ['other'],
    ],
    [
      'the same moments with another offset',
      REVIEW,
      { start: at(7, '09:00', 'Z'), end: at(7, '10:00', '+00:00') },
      ['touched'],
    ],
    ['renamed', REVIEW, { summary: 'Retro' }, ['renamed']],
    ['a description', REVIEW, { description: 'Agenda' }, ['description']],
    ['a location', REVIEW, { location: 'Zurich' }, ['location']],
    ['a conference requested', REVIEW, conference('pending'), ['conference']],
    [
      'a conference that was pending',
      { ...REVIEW, ...conference('pending') },
      {
        ...conference('success', {
          entryPoints: [{ entryPointType: 'video', uri: 'https://meet.google.com/abc-defg-hij' }],
        }),
        hangoutLink: 'https://meet.google.com/abc-defg-hij',
      },
      ['conference'],
    ],
    [
      'a room that declined',
      REVIEW,
      { attendees: [ADA, BO, { ...ROOM, responseStatus: 'declined' }] },
      ['responded'],
    ],
    [
      'a response with a comment',
      REVIEW,
      {
        attendees: [ADA, { ...BO, responseStatus: 'tentative', comment: 'late' }, ROOM],
      },
      ['responded'],
    ],
    ['an invitation', REVIEW, { attendees: [ADA, BO, ROOM, guest('cy@example.com')] }, ['invited']],
    [
      'one invited in place of another',
      REVIEW,
      { attendees: [ADA, guest('cy@example.com'), ROOM] },
      ['invited', 'uninvited'],
    ],
    ['all uninvited', REVIEW, { attendees: undefined }, ['uninvited']],
    ['an attendee made optional', REVIEW, { attendees: [ADA, { ...BO, optional: true }, ROOM] }, ['other']],
    ['attendees in another order', REVIEW, { attendees: [BO, ADA, ROOM] }, ['other']],
    [
      'attendees that Google does not show any more',
      REVIEW,
      { attendees: [ADA], attendeesOmitted: true },
      ['other'],
    ],
    [
      'a response on a list in part',
      { ...REVIEW, attendees: [BO], attendeesOmitted: true },
      {
        attendees: [{ ...BO, responseStatus: 'accepted' }],
      },
      ['responded'],
    ],
    [
      'another organizer',
      REVIEW,
      {
        organizer: { email: 'bo@example.com' },
        attendees: [without('organizer', ADA), { ...BO, organizer: true }, ROOM],
      },
      ['organizer'],
    ],
    ['tentative', REVIEW, { status: 'tentative' }, ['status']],
    ['cancelled', REVIEW, { status: 'cancelled' }, ['cancelled']],
    [
      'cancelled and edited',
      REVIEW,
      { status: 'cancelled', summary: 'Off', start: undefined },
      ['cancelled'],
    ],
    ['restored', { ...REVIEW, status: 'cancelled' }, { status: 'confirmed' }, ['restored']],
    [
      'restored and renamed',
      { ...REVIEW, status: 'cancelled' },
      { status: 'confirmed', summary: 'Retro' },
      ['restored', 'renamed'],
    ],
    [
      'own reminders',
      REVIEW,
      { reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } },
      ['reminders'],
    ],
    ['private', REVIEW, { visibility: 'private' }, ['visibility']],
    ['shown as free', REVIEW, { transparency: 'transparent' }, ['visibility']],
    ['an attachment', REVIEW, { attachments: [{ fileUrl: 'https://drive.google.com/x' }] }, ['attachments']],
    ['an extended property', REVIEW, { extendedProperties: { private: { ticket: '7' } } }, ['properties']],
    ['another place of work', REVIEW, { workingLocationProperties: { type: 'homeOffice' } }, ['properties']],
    ['a colour', REVIEW, { colorId: '7' }, ['other']],
    ['a field of tomorrow', REVIEW, { mood: 'calm' }, ['other']],
    ['nothing but what every edit changes', REVIEW, {}, ['touched']],
    [
      'several',
      REVIEW,
      { location: 'Zurich', start: at(9, '10:00'), end: at(9, '11:00'), mood: 'calm' },
      ['moved', 'location', 'other'],
    ],
  ])('%s', (_, before, edit, kinds) => {
    const after: Fields = JSON.parse(JSON.stringify({ ...before, ...EDITED, ...edit }));
    expect(updated('events', before, after)).toEqual(kinds);
  });
});
