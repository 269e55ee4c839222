import type { Seed } from '../calendar/seed.ts';
import { ANA, BEN, exampleSeed } from './example.ts';
import { day, hour } from './times.ts';

/** The calendars with many events: Ana’s and Ben’s. */
export const PROJECTS = 'projects@group.calendar.example.com';
const ARCHIVE = 'archive@group.calendar.example.com';

/** The id of the nth event of a generated calendar; the letters and digits are those that the API allows. */
export function generatedId(calendar: 'projects' | 'archive', index: number): string {
  const prefix = calendar === 'projects' ? 'pr0j' : 'arch';
  return `${prefix}${String(index).padStart(5, '0')}`;
}

/** The example seed with two large calendars beside it: 800 events for Ana and 400 for Ben. */
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
      description: `What is to be done for number ${index}.\nÜber ${index % 7} Tage.`,
      ...times,
    };
  });
}
