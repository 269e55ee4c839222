/** What the screenshots show: a few people, a busy week, channels that work and some that do not. */
import type { CalendarEmulatorOptions } from '../../emulator/index.ts';

type Seed = NonNullable<CalendarEmulatorOptions['initial']>;

const ZONE = 'Europe/London';
export const ADA = 'ada@example.com';
export const GRACE = 'grace@example.com';
const ALAN = 'alan@example.com';

const guests = (...emails: readonly string[]) => ({ attendees: emails.map((email) => ({ email })) });

/** The README's images are no larger. */
export const LIMIT_BYTES = 150_000;
const DAY_MS = 86_400_000;

/** Returns a day of the present week, from Monday (0), as a date. */
export function dayOf(count: number): string {
  const now = new Date();
  return new Date(now.getTime() + (count - ((now.getUTCDay() + 6) % 7)) * DAY_MS).toISOString().slice(0, 10);
}

const timed = (summary: string, at: number, from: string, to: string, more: object = {}) => ({
  summary,
  start: { dateTime: `${dayOf(at)}T${from}:00`, timeZone: ZONE },
  end: { dateTime: `${dayOf(at)}T${to}:00`, timeZone: ZONE },
  ...more,
});

const allDay = (summary: string, from: number, to: number) => ({
  summary,
  start: { date: dayOf(from) },
  end: { date: dayOf(to) },
});

/** Returns the users and events of the present week. */
export function stageSeed(): Seed {
  return {
    users: [
      {
        email: ADA,
        timeZone: ZONE,
        lists: [
          { id: ADA, colorId: '16' },
          { id: 'team@group.calendar.google.com', colorId: '8' },
        ],
        calendars: [
          {
            id: ADA,
            summary: 'Ada Lovelace',
            timeZone: ZONE,
            events: [
              timed('Stand-up', 0, '09:30', '09:45', {
                recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
              }),
              timed('Notes on the engine', 0, '10:30', '12:00', { location: 'Library' }),
              timed('Lunch with Mary', 1, '12:30', '13:30'),
              timed('Review of Bernoulli numbers', 2, '11:00', '12:30', guests(GRACE, ALAN)),
              timed('One to one', 3, '14:00', '14:30', guests(GRACE)),
              timed('Train to Bath', 4, '15:30', '17:00'),
            ],
          },
          {
            id: 'team@group.calendar.google.com',
            summary: 'Engine team',
            timeZone: ZONE,
            acl: [
              { role: 'writer', scope: { type: 'user', value: GRACE } },
              { role: 'reader', scope: { type: 'user', value: ALAN } },
            ],
            events: [
              allDay('Release week', 1, 4),
              timed('Planning', 0, '14:00', '15:30'),
              timed('Pairing on the compiler', 1, '10:00', '12:00'),
              timed('Demo', 4, '11:00', '12:00'),
              timed('Retrospective', 4, '12:00', '13:00'),
            ],
          },
        ],
      },
      {
        email: GRACE,
        timeZone: ZONE,
        lists: [{ id: GRACE, colorId: '24' }],
        calendars: [
          {
            id: GRACE,
            summary: 'Grace Hopper',
            timeZone: ZONE,
            events: [timed('Compiler talk', 2, '13:00', '15:00', guests(ADA)), allDay('In Arlington', 4, 6)],
          },
        ],
      },
      { email: ALAN, timeZone: ZONE },
    ],
  };
}
