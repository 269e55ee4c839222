/** The calendar over which emulators are measured: twenty events a week, however many weeks. */
const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const PER_WEEK = 20;

export const OWNER = 'ada@example.com';

/** The week that is listed. Each calendar reaches as far before it as after it. */
const MIDDLE = Date.UTC(2030, 0, 7);
export const WEEK_OF_MIDDLE = `timeMin=${at(MIDDLE)}&timeMax=${at(MIDDLE + WEEK)}`;

export const idOf = (index: number): string => `event${String(index).padStart(7, '0')}`;

/** Returns an event as events.insert takes it: of ten, one is a series of ten weeks, and three have guests. */
export function eventOf(index: number, count: number) {
  const start = MIDDLE + Math.floor(((index - count / 2) * WEEK) / PER_WEEK);
  const kind = index % 10;
  return {
    id: idOf(index),
    summary: `Meeting ${String(index)}`,
    location: 'Room 4, second floor',
    description: 'What we talked about last time, and what is left of it. '.repeat(2),
    start: { dateTime: at(start), timeZone: 'UTC' },
    end: { dateTime: at(start + HOUR), timeZone: 'UTC' },
    ...(kind === 0 && { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=10'] }),
    ...((kind === 1 || kind === 4 || kind === 7) && {
      attendees: ['grace', 'alan', 'edsger'].map((name) => ({ email: `${name}@example.org` })),
    }),
  };
}

export type CalendarEvent = ReturnType<typeof eventOf>;

/** Returns the events of a calendar of that size. */
export const eventsOf = (count: number): readonly CalendarEvent[] =>
  Array.from({ length: count }, (_, index) => eventOf(index, count));

function at(ms: number): string {
  return new Date(ms).toISOString().replace('.000', '');
}
