/** What a change of an event means, for changes in their real shapes. */
import { describe, expect, test } from 'vitest';
import { kindsOf } from '../../../../functions/feed/kinds.ts';
import {
  ADA,
  ALL_DAY,
  at,
  BO,
  day,
  EDITED,
  guest,
  OCCURRENCE,
  REVIEW,
  ROOM,
  WEEKLY,
  without,
} from '../../../support/sample-edits.ts';

type Fields = Readonly<Record<string, unknown>>;

const updated = (before: Fields, after: Fields) =>
  kindsOf({ resource: 'events', change: 'updated', before, after });

const MEET = {
  createRequest: { requestId: 'r', conferenceSolutionKey: { type: 'hangoutsMeet' } },
  conferenceId: 'abc-defg-hij',
};
const conference = (statusCode: string, more: object = {}) => ({
  conferenceData: { ...MEET, createRequest: { ...MEET.createRequest, status: { statusCode } }, ...more },
});
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
    expect(updated(before, after)).toEqual(kinds);
  });
});

const created = (exception: Fields, replaced?: Fields) =>
  kindsOf({ resource: 'events', change: 'created', before: null, after: exception, replaced });

describe('a new exception has the kinds of its difference from the occurrence that it replaces', () => {
  test.each<[string, Fields, readonly string[]]>([
    ['moved', { start: at(15, '10:00'), end: at(15, '11:00') }, ['moved']],
    ['lengthened', { end: at(14, '12:00') }, ['resized']],
    ['answered', { attendees: [ADA, { ...BO, responseStatus: 'declined' }, ROOM] }, ['responded']],
    [
      'renamed and moved',
      { summary: 'Retro', start: at(15, '10:00'), end: at(15, '11:00') },
      ['moved', 'renamed'],
    ],
    ['cancelled', { status: 'cancelled' }, ['cancelled']],
    ['no different', {}, ['touched']],
  ])('%s', (_, edit, kinds) => {
    const own = {
      htmlLink: 'https://www.google.com/calendar/event?eid=other',
      created: '2029-12-03T00:00:00.000Z',
    };
    expect(created({ ...OCCURRENCE, ...own, ...EDITED, ...edit }, OCCURRENCE)).toEqual(kinds);
  });

  test('or from its original start alone, if its series is not known', () => {
    const moved = { ...OCCURRENCE, summary: 'Retro', start: at(15, '10:00'), end: at(15, '11:00') };
    expect(created(moved)).toEqual(['moved']);
    expect(created({ ...OCCURRENCE, summary: 'Retro', start: at(14, '09:00', 'Z', {}) })).toEqual([]);
    expect(created(REVIEW)).toEqual([]);
  });
});

describe('an occurrence of which Google returned the least', () => {
  const { id, recurringEventId, originalStartTime } = OCCURRENCE;
  const taken = { id, recurringEventId, originalStartTime, status: 'cancelled', etag: '"1"' };
  test.each<[string, Fields, Fields, readonly string[]]>([
    ['taken out', OCCURRENCE, taken, ['cancelled']],
    ['restored where it was', taken, OCCURRENCE, ['restored']],
    [
      'restored at another hour',
      taken,
      { ...OCCURRENCE, start: at(14, '12:00'), end: at(14, '13:00') },
      ['moved', 'restored'],
    ],
    ['cancelled still', taken, { ...taken, etag: '"2"' }, ['touched']],
    ['cancelled still, now with its details', taken, { ...OCCURRENCE, status: 'cancelled' }, ['other']],
  ])('%s', (_, before, after, kinds) => {
    expect(updated(before, after)).toEqual(kinds);
  });
});
