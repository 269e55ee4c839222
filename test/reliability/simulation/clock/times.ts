import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';

import type { Item } from '../../../../functions/calendar/resources.ts';
import { agendaOf, type Occurrence } from '../../../../functions/agenda/occurrences.ts';
import { DAY, HOUR } from '../scenario.ts';

/**
 * What a clock owes, by another way than that of the functions: the whole agenda around a span of time, and every moment of each occurrence
 * in it. Times are Unix ms.
 */

/** A moment of an occurrence. */
export interface Moment {
  /** The occurrence's id. */
  readonly event: string;
  readonly startsAt: number;
  readonly endsAt: number;
  /** As the spec names it. */
  readonly name: string;
  readonly dueAt: number;
}

/** A clock as people write it into a spec. */
export interface Clock {
  readonly moments: readonly string[];
  readonly allDay: boolean;
}

const names = z.array(z.string());
const written = z.union([names, z.object({ moments: names, allDay: z.boolean().default(false) })]);

/** Returns the clock of a spec, undefined if it has none. */
export function readClock(spec: Readonly<Record<string, unknown>>): Clock | undefined {
  const { data } = written.safeParse(spec['clock']);
  return Array.isArray(data) ? { moments: data, allDay: false } : data;
}

/** Returns a duration in ms; a day has 24 hours. */
function lengthOf(name: string): number {
  const { weeks, days, sign, ...rest } = readDuration(name);
  return sign * ((Math.abs(weeks) * 7 + Math.abs(days)) * DAY + Math.abs(rest.time));
}

function readDuration(name: string) {
  const { weeks, days, sign, hours, minutes, seconds } = Temporal.Duration.from(name);
  return { weeks, days, sign, time: ((hours * 60 + minutes) * 60 + seconds) * 1000 };
}

const dueAt = (name: string, { startsAt, endsAt }: Occurrence): number =>
  name === 'start' ? startsAt : name === 'end' ? endsAt : startsAt + lengthOf(name);

const isAllDay = ({ event: { start } }: Occurrence): boolean =>
  typeof start === 'object' && start !== null && !('dateTime' in start);

/** More than any offset in a simulated spec. */
const REACH = 2 * DAY;

/** Returns the moments due after `from` and up to `to` of a calendar's events in its time zone. */
export function momentsOf(
  events: readonly Item[],
  { moments, allDay }: Clock,
  timeZone: string,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Moment[] {
  const { occurrences } = agendaOf(events, { from: from - REACH - HOUR, to: to + REACH + HOUR }, timeZone);
  return occurrences
    .filter((occurrence) => allDay || !isAllDay(occurrence))
    .flatMap((occurrence) => {
      const { startsAt, endsAt, event } = occurrence;
      return moments.map((name) => ({
        event: event.id,
        startsAt,
        endsAt,
        name,
        dueAt: dueAt(name, occurrence),
      }));
    })
    .filter((moment) => moment.dueAt > from && moment.dueAt <= to);
}
