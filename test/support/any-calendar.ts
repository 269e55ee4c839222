import * as fc from 'fast-check';
import { agendaOf, type Occurrence } from '../../functions/agenda/occurrences.ts';
import type { Item } from '../../functions/calendar/resources.ts';
import { event } from './sample-items.ts';

/** Calendars for property tests of agendas: four months from January on, in which the time changes in several zones. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Unix ms of the first day. */
export const FIRST = Date.parse('2027-01-01T00:00:00Z');
export const ZONES = ['UTC', 'Europe/Zurich', 'America/New_York', 'Pacific/Auckland'] as const;

/** Returns a start or end as Google writes it. */
export const timeOf = (ms: number, wholeDays: boolean) =>
  wholeDays
    ? { date: new Date(ms).toISOString().slice(0, 10) }
    : { dateTime: new Date(ms).toISOString(), timeZone: 'UTC' };

const anyRecipe = fc.record({
  day: fc.integer({ min: 0, max: 90 }),
  hour: fc.integer({ min: 0, max: 23 }),
  wholeDays: fc.boolean(),
  hours: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 400 })),
  zone: fc.constantFrom(...ZONES),
  rule: fc.option(
    fc.record({
      frequency: fc.constantFrom('DAILY', 'DAILY;INTERVAL=5', 'WEEKLY', 'MONTHLY', 'SOMETIMES'),
      end: fc.oneof(
        fc.constant(''),
        fc.integer({ min: 1, max: 20 }).map((count) => `;COUNT=${count}`),
        fc.integer({ min: 0, max: 120 }).map((day) => {
          const until = new Date(FIRST + day * DAY).toISOString().slice(0, 10).replaceAll('-', '');
          return `;UNTIL=${until}T120000Z`;
        }),
      ),
    }),
  ),
});

const anyEdit = fc.record({
  series: fc.nat(9),
  occurrence: fc.nat(30),
  what: fc.oneof(fc.constantFrom('cancel', 'bare', 'rename'), fc.integer({ min: -2000, max: 2000 })),
});

/** Any calendar: single events, series, all-day ones among them, and exceptions. */
export const anyCalendar = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  recipes: fc.array(anyRecipe, { minLength: 1, maxLength: 5 }),
  edits: fc.array(anyEdit, { maxLength: 8 }),
  /** Hours after the first day at which a window starts, and how long it is. */
  from: fc.integer({ min: -3 * 24, max: 120 * 24 }),
  length: fc.oneof(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 1, max: 1500 })),
});
export type Calendar = typeof anyCalendar extends fc.Arbitrary<infer T> ? T : never;

function eventFrom({ day, hour, wholeDays, hours, zone, rule }: Calendar['recipes'][number], index: number) {
  const start = FIRST + day * DAY + (wholeDays ? 0 : hour * HOUR);
  return event(`e${index}`, {
    start: { ...timeOf(start, wholeDays), ...(wholeDays ? {} : { timeZone: zone }) },
    end: { ...timeOf(start + hours * HOUR, wholeDays), ...(wholeDays ? {} : { timeZone: zone }) },
    ...(rule ? { recurrence: [`RRULE:FREQ=${rule.frequency}${rule.end}`] } : {}),
  });
}

/** An exception of an occurrence, after an edit. */
function exceptionOf({ event: occurrence, startsAt, endsAt }: Occurrence, what: string | number): Item {
  const { id, originalStartTime, recurringEventId } = occurrence;
  const bare = { id, originalStartTime, recurringEventId, status: 'cancelled' };
  if (what === 'bare') return bare;
  if (what === 'cancel') return { ...occurrence, ...bare };
  if (typeof what === 'string') return { ...occurrence, summary: what };
  const moved = (at: number) => ({ dateTime: new Date(at + what * HOUR).toISOString() });
  return { ...occurrence, start: moved(startsAt), end: moved(endsAt) };
}

/** Returns the events of a calendar, as Google lists them. */
export function itemsOf({ timeZone, recipes, edits }: Calendar): Item[] {
  const items = new Map(recipes.map((each, index) => [`e${index}`, eventFrom(each, index)]));
  const wide = { from: FIRST - 40 * DAY, to: FIRST + 200 * DAY };
  const series = [...items.values()]
    .filter((item) => item['recurrence'] !== undefined)
    .map((item) => agendaOf([item], wide, timeZone).occurrences);
  for (const each of edits) {
    const occurrences = series[each.series % Math.max(1, series.length)] ?? [];
    const occurrence = occurrences[each.occurrence % Math.max(1, occurrences.length)];
    if (occurrence) items.set(occurrence.event.id, exceptionOf(occurrence, each.what));
  }
  return [...items.values()];
}
