/** Edits of events in English, as `calendar-mirror tail` prints them. */
import { describe, expect, test } from 'vitest';
import { sentenceOf } from '../../../../functions/feed/sentence.ts';
import { sampleChange } from '../../../support/sample-change.ts';

/** The reader's time zone. */
const ZONE = 'Europe/Zurich';

type Fields = Readonly<Record<string, unknown>>;

const at = (day: number, time: string, offset = '+01:00') => ({
  dateTime: `2030-01-0${String(day)}T${time}:00${offset}`,
});
const date = (day: number) => ({ date: `2030-01-0${String(day)}` });
const review: Fields = { summary: 'Review', start: at(1, '10:00'), end: at(1, '11:00') };
const allDay: Fields = { summary: 'Review', start: date(1), end: date(2) };
const guest = (email: string, responseStatus = 'needsAction') => ({ email, responseStatus });

const updated = (before: Fields, after: Fields): string =>
  sentenceOf({ ...sampleChange(before, after), kinds: [] }, { timeZone: ZONE });

describe('an event that was edited', () => {
  test.each<[string, Fields, Fields, string]>([
    [
      'moved by an hour',
      review,
      { ...review, start: at(1, '11:00'), end: at(1, '12:00') },
      'moved from 10:00 to 11:00 +01:00',
    ],
    [
      'moved to another day',
      review,
      { ...review, start: at(3, '10:00'), end: at(3, '11:00') },
      'moved from Tue 2030-01-01 10:00 to Thu 2030-01-03 10:00 +01:00',
    ],
    [
      'moved and lengthened',
      review,
      { ...review, start: at(1, '11:00'), end: at(1, '14:00') },
      'moved from 10:00 to 11:00 +01:00, now until 14:00 +01:00',
    ],
    [
      'the same times in another zone',
      review,
      { ...review, start: at(1, '10:00', 'Z'), end: at(1, '11:00', 'Z') },
      'moved from 10:00 to 11:00 +01:00',
    ],
    [
      'another time zone at the same moments',
      { ...review, start: { ...at(1, '10:00'), timeZone: 'Europe/Zurich' } },
      { ...review, start: { ...at(1, '09:00', 'Z'), timeZone: 'Europe/London' } },
      'time zone now Europe/London',
    ],
    [
      'moved to summer time',
      review,
      {
        ...review,
        start: { dateTime: '2030-07-01T10:00:00+02:00' },
        end: { dateTime: '2030-07-01T11:00:00+02:00' },
      },
      'moved from Tue 2030-01-01 10:00 +01:00 to Mon 2030-07-01 10:00 +02:00',
    ],
    ['a later end', review, { ...review, end: at(1, '11:30') }, 'now ends at 11:30 +01:00 (was 11:00)'],
    [
      'an end on the next day',
      review,
      { ...review, end: at(2, '01:00') },
      'now ends at Wed 2030-01-02 01:00 +01:00 (was Tue 2030-01-01 11:00)',
    ],
    ['made all-day', review, allDay, 'now all day Tue 2030-01-01 (was Tue 2030-01-01 10:00 +01:00)'],
    ['given times of day', allDay, review, 'now Tue 2030-01-01 10:00–11:00 +01:00 (was all day)'],
    [
      'an all-day event moved',
      allDay,
      { ...allDay, start: date(4), end: date(5) },
      'moved from Tue 2030-01-01 to Fri 2030-01-04',
    ],
    [
      'an all-day event lengthened',
      allDay,
      { ...allDay, end: date(4) },
      'now Tue 2030-01-01 to Thu 2030-01-03 (was Tue 2030-01-01)',
    ],
    [
      'another location',
      { ...review, location: 'A1' },
      { ...review, location: 'B2' },
      'location changed from A1 to B2',
    ],
    ['a location', review, { ...review, location: 'B2' }, 'location set to B2'],
    ['without a location', { ...review, location: 'A1' }, review, 'location removed (was A1)'],
    [
      'a long text',
      { ...review, description: 'x'.repeat(50) },
      { ...review, description: 'y'.repeat(50) },
      'description changed',
    ],
    [
      'reminders',
      { ...review, reminders: { useDefault: true } },
      { ...review, reminders: { useDefault: false } },
      'reminders changed',
    ],
    ['an attendee', review, { ...review, attendees: [guest('bo@x.org')] }, 'bo@x.org invited'],
    [
      'many attendees',
      review,
      { ...review, attendees: ['a', 'b', 'c', 'd', 'e'].map((name) => guest(`${name}@x.org`)) },
      'a@x.org and b@x.org and c@x.org and 2 more invited',
    ],
    [
      'an attendee removed',
      { ...review, attendees: [guest('bo@x.org')] },
      review,
      'bo@x.org no longer invited',
    ],
    [
      'a response',
      { ...review, attendees: [guest('bo@x.org')] },
      { ...review, attendees: [guest('bo@x.org', 'accepted')] },
      'bo@x.org accepted',
    ],
    [
      'another organizer',
      { ...review, organizer: { email: 'ada@x.org' } },
      { ...review, organizer: { email: 'bo@x.org' } },
      'organizer changed from ada@x.org to bo@x.org',
    ],
    ['a recurrence', review, { ...review, recurrence: ['RRULE:FREQ=DAILY'] }, 'recurrence added'],
    [
      'a conference',
      review,
      { ...review, hangoutLink: 'https://meet.google.com/abc', conferenceData: { conferenceId: 'abc' } },
      'conference set to https://meet.google.com/abc',
    ],
    ['cancelled', review, { id: 'item', status: 'cancelled' }, 'cancelled'],
    ['restored', { ...review, status: 'cancelled' }, { ...review, status: 'confirmed' }, 'restored'],
    ['tentative', { ...review, status: 'confirmed' }, { ...review, status: 'tentative' }, 'now tentative'],
    [
      'only fields that change with every edit',
      review,
      { ...review, etag: 'b', updated: 'later', sequence: 2 },
      'changed',
    ],
    [
      'several changes',
      review,
      { ...review, summary: 'Retro', start: at(1, '11:00'), end: at(1, '12:00'), location: 'B2' },
      'renamed from “Review”, moved from 10:00 to 11:00 +01:00, location set to B2',
    ],
  ])('%s', (_, before, after, text) => {
    const name = text.startsWith('renamed') ? '“Retro”' : '“Review”';
    expect(updated(before, after)).toBe(`${name} ${text}`);
  });
});
