import type { Seed } from '../../emulator/seed/seed.ts';
import { ANA, BEN, exampleSeed } from './example.ts';
import { day, hour } from './times.ts';

/** Large calendars of Ana and of Ben. */
export const PROJECTS = 'projects@group.calendar.example.com';
const ARCHIVE = 'archive@group.calendar.example.com';

/**
 * Returns the id of the nth event of a generated calendar, in the characters of base32hex.
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 */
export function generatedId(calendar: 'projects' | 'archive', index: number): string {
  const prefix = calendar === 'projects' ? 'pr0j' : 'arch';
  return `${prefix}${String(index).padStart(5, '0')}`;
}

/** Returns the example seed with two more calendars: 800 events for Ana and 400 for Ben. */
export function largeSeed(): Seed {
  const { users } = exampleSeed();
  return {
    users: users.map((user) => {
      const own = user.calendars ?? [];
      switch (user.email) {
        case ANA:
          return {
            ...user,
            calendars: [...own, { id: PROJECTS, summary: 'Projects', events: events('projects', 800) }],
          };
        case BEN:
          return {
            ...user,
            calendars: [...own, { id: ARCHIVE, summary: 'Archive', events: events('archive', 400) }],
          };
        default:
          return user;
      }
    }),
  };
}

function events(calendar: 'projects' | 'archive', count: number) {
  return Array.from({ length: count }, (_, index) => {
    const date = index % 90;
    const start = 6 + (index % 12);
    const times =
      index % 10 === 0
        ? { start: day(date), end: day(date + 1) }
        : { start: hour(date, start), end: hour(date, start + 1) };
    return {
      id: generatedId(calendar, index),
      summary: `Task ${index}`,
      description: `Details of task ${index}.\nÜber ${index % 7} Tage.`,
      ...times,
    };
  });
}
