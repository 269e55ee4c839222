import type { Seed } from '../../emulator/seed/seed.ts';
import { day, hour } from './times.ts';

/** The two users of the example seed. */
export const ANA = 'ana@example.com';
export const BEN = 'ben@example.com';

/** A shared calendar that Ana owns and Ben can edit. */
export const TEAM = 'team@group.calendar.example.com';

/** Ana's second calendar. */
export const TRAVEL = 'travel@group.calendar.example.com';

/** A calendar without push notifications. */
const HOLIDAYS = 'en.german#holiday@group.v.calendar.google.com';

/** The id of the weekly meeting in the shared calendar. */
export const WEEKLY = 'teamweekly';

const ZONE = 'Europe/Berlin';

/** Returns two users with several calendars: shared ones, recurring events with exceptions, all-day events, holidays. */
export function exampleSeed(): Seed {
  return {
    users: [
      {
        email: ANA,
        timeZone: ZONE,
        settings: { locale: 'de', format24HourTime: 'true', weekStart: '1' },
        calendars: [
          { id: ANA, summary: 'Ana', timeZone: ZONE, events: ownEvents() },
          {
            id: TEAM,
            summary: 'Team ☀',
            timeZone: ZONE,
            acl: [{ role: 'writer', scope: { type: 'user', value: BEN } }],
            events: teamEvents(),
          },
          { id: TRAVEL, summary: 'Travel', timeZone: 'Asia/Tokyo', events: travelEvents() },
          {
            id: HOLIDAYS,
            summary: 'Holidays in Germany',
            timeZone: ZONE,
            acl: [{ role: 'reader', scope: { type: 'default' } }],
            events: holidays(),
          },
        ],
      },
      {
        email: BEN,
        timeZone: 'America/New_York',
        settings: { locale: 'en', timezone: 'America/New_York' },
        calendars: [
          {
            id: BEN,
            summary: 'Ben',
            timeZone: 'America/New_York',
            acl: [{ role: 'freeBusyReader', scope: { type: 'user', value: ANA } }],
            events: [
              {
                id: 'bendentist',
                summary: 'Dentist',
                start: hour(2, 15),
                end: hour(2, 16),
                visibility: 'private',
              },
              { id: 'benparental', summary: 'Off', start: day(4), end: day(6), transparency: 'opaque' },
            ],
          },
          { id: 'garden@group.calendar.example.com', summary: 'Garden', events: [] },
        ],
        lists: [{ id: TEAM, summaryOverride: 'Ana’s team', selected: true }, { id: HOLIDAYS }],
      },
    ],
  };
}

function ownEvents() {
  return [
    {
      id: 'anayoga',
      summary: 'Yoga',
      start: hour(1, 7),
      end: hour(1, 8),
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TU,TH'],
    },
    {
      id: 'anareview',
      summary: 'Review',
      start: hour(2, 14),
      end: hour(2, 15),
      reminders: { useDefault: true },
    },
    { id: 'anafocus', summary: 'Focus', eventType: 'focusTime', start: hour(3, 9), end: hour(3, 11) },
    {
      id: 'anabirthday',
      summary: 'Birthday of Zoë',
      start: day(5),
      end: day(6),
      recurrence: ['RRULE:FREQ=YEARLY'],
    },
  ];
}

/** The weekly meeting has one moved and one cancelled occurrence. */
function teamEvents() {
  return [
    {
      id: WEEKLY,
      summary: 'Weekly',
      start: hour(0, 10),
      end: hour(0, 11),
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=20'],
      attendees: [{ email: ANA }, { email: BEN }],
    },
    {
      recurringEventId: WEEKLY,
      originalStartTime: hour(7, 10),
      summary: 'Weekly, later than usual',
      start: hour(7, 15),
      end: hour(7, 16),
    },
    { recurringEventId: WEEKLY, originalStartTime: hour(14, 10), status: 'cancelled' },
    { id: 'teamoffsite', summary: 'Off-site in Łódź', start: day(9), end: day(12) },
    { id: 'teamlaunch', summary: 'Launch 🚀', start: hour(10, 16), end: hour(10, 17), colorId: '5' },
  ];
}

function travelEvents() {
  return [
    { id: 'flightout', summary: 'BER → HND', start: hour(20, 11), end: hour(21, 6), location: 'Gate B12' },
    {
      id: 'hotel',
      summary: 'Hotel',
      start: day(21),
      end: day(25),
      extendedProperties: { private: { booking: 'X1' } },
    },
    { id: 'flightback', summary: 'HND → BER', start: hour(25, 1), end: hour(25, 15) },
  ];
}

function holidays() {
  return [
    {
      id: 'holidaylabour',
      summary: 'Labour Day',
      start: { date: '2026-05-01' },
      end: { date: '2026-05-02' },
    },
    {
      id: 'holidayunity',
      summary: 'German Unity Day',
      start: { date: '2026-10-03' },
      end: { date: '2026-10-04' },
    },
    {
      id: 'holidayboxing',
      summary: 'Boxing Day',
      start: { date: '2026-12-26' },
      end: { date: '2026-12-27' },
    },
  ];
}
