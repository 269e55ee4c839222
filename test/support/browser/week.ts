/** The week that the tests of the page look at, and calls of the API that say what became of it. */
import * as z from 'zod';
import type { Locator, Page } from 'playwright-core';
import type { CalendarEmulator, CalendarEmulatorOptions } from '../../../infra/emulator/types.ts';

export const ADA = 'ada@example.com';
export const GRACE = 'grace@example.com';
export const ALAN = 'alan@example.com';
export const TEAM = 'team@group.calendar.google.com';
const ZONE = 'Europe/London';

/** The fragment of Ada's week, which begins on Monday 4 January 2027. */
export const WEEK = '/calendar?from=2027-01-04';

const timed = (summary: string, day: number, from: string, to: string, more: object = {}) => ({
  summary,
  start: { dateTime: `2027-01-0${day}T${from}:00Z`, timeZone: ZONE },
  end: { dateTime: `2027-01-0${day}T${to}:00Z`, timeZone: ZONE },
  ...more,
});

export const seed: NonNullable<CalendarEmulatorOptions['initial']> = {
  users: [
    {
      email: ADA,
      timeZone: ZONE,
      calendars: [
        {
          id: ADA,
          summary: 'Ada Lovelace',
          timeZone: ZONE,
          events: [
            timed('Review', 4, '10:00', '11:00', { id: 'review', attendees: [{ email: GRACE }] }),
            timed('Stand-up', 4, '08:30', '09:00', {
              id: 'standup',
              recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
            }),
            {
              id: 'release',
              summary: 'Release',
              start: { date: '2027-01-05' },
              end: { date: '2027-01-07' },
            },
          ],
        },
        {
          id: TEAM,
          summary: 'Team',
          timeZone: ZONE,
          acl: [{ role: 'reader', scope: { type: 'user', value: ALAN } }],
          events: [timed('Planning', 6, '14:00', '15:00', { id: 'planning' })],
        },
      ],
    },
    { email: GRACE, timeZone: ZONE },
    { email: ALAN, timeZone: ZONE, lists: [{ id: TEAM }] },
  ],
};

const Moment = z.object({ date: z.string().optional(), dateTime: z.string().optional() });
const Event = z.object({
  id: z.string(),
  status: z.string(),
  summary: z.string().optional(),
  location: z.string().optional(),
  // A cancelled event may have neither.
  start: Moment.default({}),
  end: Moment.default({}),
  recurrence: z.array(z.string()).optional(),
  attendees: z.array(z.object({ email: z.string(), responseStatus: z.string() })).optional(),
});
type Event = z.infer<typeof Event>;

/** Reads an event as a user. */
export async function eventOf(
  emulator: CalendarEmulator,
  id: string,
  user = ADA,
  calendarId = 'primary',
): Promise<Event> {
  return Event.parse(await look(emulator, user, `/calendars/${calendarId}/events/${id}`));
}

/** Reads the events of the week, with recurring ones expanded, by time. */
export async function eventsOf(
  emulator: CalendarEmulator,
  user = ADA,
  calendarId = 'primary',
): Promise<readonly Event[]> {
  const query =
    'singleEvents=true&orderBy=startTime&timeMin=2027-01-03T00:00:00Z&timeMax=2027-01-12T00:00:00Z';
  const list = await look(emulator, user, `/calendars/${calendarId}/events?${query}`);
  return z.object({ items: z.array(Event) }).parse(list).items;
}

/** Reads the API as a user, without an entry in the journal. */
export async function look(emulator: CalendarEmulator, user: string, path: string): Promise<unknown> {
  const url = new URL(`${emulator.url}/emulator/as${path}`);
  url.searchParams.set('user', user);
  return (await fetch(url)).json();
}

/** Calls the API as an app does. */
export function call(
  emulator: CalendarEmulator,
  user: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  return fetch(`${emulator.url}/calendar/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Returns the hours of an event: `10:00-11:00`. */
export const hoursOf = ({ start, end }: Event): string =>
  [start, end].map(({ dateTime = '' }) => dateTime.slice(11, 16)).join('-');

/** Returns the days and hours of an event: `2027-01-04 10:00-11:00`. */
export const timeOf = (event: Event): string => `${event.start.dateTime?.slice(0, 10)} ${hoursOf(event)}`;

/** Returns the cell of a day (0 is Monday) and a time. */
export function cell(page: Page, day: number, time: string): Locator {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return page.locator(`#cell-${day}-${hours * 2 + minutes / 30}`);
}

/** Returns the block of an event; of one that recurs, the first. */
export const block = (page: Page, title: string): Locator =>
  page.locator('.event').filter({ hasText: title }).first();

/** Drags from one element to a place in another, with the pointer at fractions of their heights. */
export async function drag(
  page: Page,
  from: Locator,
  to: Locator,
  at: { readonly from: number; readonly to: number } = { from: 0.5, to: 0.5 },
): Promise<void> {
  await from.scrollIntoViewIfNeeded();
  await page.mouse.move(...(await pointIn(from, at.from)));
  await page.mouse.down();
  // In steps: a real pointer does not jump.
  await page.mouse.move(...(await pointIn(to, at.to)), { steps: 5 });
  await page.mouse.up();
}

async function pointIn(element: Locator, part: number): Promise<[x: number, y: number]> {
  const box = await element.boundingBox();
  if (!box) throw new Error('the element is not shown');
  return [box.x + box.width / 2, box.y + box.height * part];
}
