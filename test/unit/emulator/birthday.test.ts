import { describe, expect, test } from 'vitest';
import { checkBirthday } from '../../../infra/emulator/event/birthday.ts';
import type { EventFields } from '../../../infra/emulator/state/event-fields.ts';

const birthday: EventFields = {
  eventType: 'birthday',
  summary: 'Ada',
  start: { date: '2030-12-10' },
  end: { date: '2030-12-11' },
  visibility: 'private',
  transparency: 'transparent',
  recurrence: ['RRULE:FREQ=YEARLY'],
};
const leapDay = {
  ...birthday,
  start: { date: '2028-02-29' },
  end: { date: '2028-03-01' },
  recurrence: ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1'],
};
const rejection = (message: string): unknown =>
  expect.objectContaining({
    status: 400,
    detail: { domain: 'calendar', reason: 'eventTypeRestriction', message },
  });

describe('a birthday', () => {
  test.each<[string, EventFields]>([
    ['is a private, transparent whole day every year', birthday],
    ['may have a colour and reminders', { ...birthday, colorId: '3', reminders: { useDefault: true } }],
    ['may have birthdayProperties of its type', { ...birthday, birthdayProperties: { type: 'birthday' } }],
    ['may end on the day it starts', { ...birthday, end: birthday.start }],
    [
      'may have an explicit interval of one year',
      { ...birthday, recurrence: ['RRULE:FREQ=YEARLY;INTERVAL=1'] },
    ],
    ['on 29 February recurs on the last day of that month', leapDay],
  ])('%s', (_, fields) => {
    expect(() => checkBirthday(fields, undefined)).not.toThrow();
  });

  test.each<[string, EventFields]>([
    ['have an annual recurrence', { ...birthday, recurrence: undefined }],
    ['have an annual recurrence', { ...birthday, recurrence: ['RRULE:FREQ=DAILY'] }],
    ['have an annual recurrence', { ...birthday, recurrence: ['RRULE:FREQ=YEARLY;COUNT=3'] }],
    ['have an annual recurrence', { ...birthday, recurrence: ['RRULE:FREQ=YEARLY', 'EXDATE:20311210'] }],
    ['have an annual recurrence', { ...leapDay, recurrence: birthday.recurrence }],
    ['be an all-day event that spans exactly one day', { ...birthday, end: { date: '2030-12-12' } }],
    [
      'be an all-day event that spans exactly one day',
      { ...birthday, start: { dateTime: '2030-12-10T09:00:00Z' } },
    ],
    ['have private visibility', { ...birthday, visibility: undefined }],
    ['be transparent', { ...birthday, transparency: 'opaque' }],
    ['not have private extended properties', { ...birthday, extendedProperties: { private: { a: 'b' } } }],
    ['not have attendees', { ...birthday, attendees: [{ email: 'bob@example.com' }] }],
    ['not have a location', { ...birthday, location: 'London' }],
    ['not have a description', { ...birthday, description: 'The first programmer' }],
    [
      'have birthdayProperties of type birthday',
      { ...birthday, birthdayProperties: { type: 'anniversary' } },
    ],
  ])('must %s: %j', (rule, fields) => {
    expect(() => checkBirthday(fields, undefined)).toThrowError(
      rejection(`'birthday' event type must ${rule}.`),
    );
  });
});
