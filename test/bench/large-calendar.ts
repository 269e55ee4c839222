/** Calendars of any size. */
export const USER = 'ada@example.com';

export const idOf = (index: number): string => `event${String(index).padStart(7, '0')}`;

/** Returns a calendar whose events have a location, a description and a few guests, and `bytes` more text each. */
export function largeCalendar(id: string, count: number, bytes = 0) {
  const events = Array.from({ length: count }, (_, index) => ({
    id: idOf(index),
    summary: `Meeting ${index}`,
    location: 'Room 4, second floor',
    description: 'What we talked about last time, and what is left of it. '.repeat(5) + 'x'.repeat(bytes),
    start: { dateTime: new Date(Date.UTC(2030, 0, 1, 9, index)).toISOString() },
    end: { dateTime: new Date(Date.UTC(2030, 0, 1, 10, index)).toISOString() },
    attendees: ['grace', 'alan', 'edsger'].map((name) => ({ email: `${name}@example.com` })),
  }));
  return { id, summary: 'large', events };
}
