import { instantOf, timesOf } from '../calendar/event-times.ts';
import type { Item } from '../calendar/resources.ts';
import type { Clock } from '../watches/clock.ts';
import { momentsOf, windowsOf, type DueMoment, type Span } from './moments.ts';
import { agendaOf, type Occurrence } from './occurrences.ts';

/** What a change of an event means to a clock. Pure; times are Unix ms. */

/** A changed event: null where it is not there. */
export interface ChangedEvent {
  readonly before: Item | null;
  readonly after: Item | null;
}

/** Returns the occurrences of an event around a span, without regard to its exceptions. */
function occurrencesOf(event: Item, clock: Clock, span: Span, timeZone: string): readonly Occurrence[] {
  return windowsOf(clock, span).flatMap((window) => agendaOf([event], window, timeZone).occurrences);
}

/** Returns the occurrence that a deleted exception leaves to its series; it is as long as the exception. */
function originalOf(exception: Item, timeZone: string): readonly Occurrence[] {
  const { startsAt, endsAt } = timesOf(exception, timeZone);
  const original = instantOf(exception['originalStartTime'], timeZone);
  if (original === null || typeof exception['recurringEventId'] !== 'string') return [];
  const length = startsAt === null || endsAt === null ? 0 : endsAt - startsAt;
  return [{ startsAt: original, endsAt: original + length, event: exception }];
}

const keyOf = ({ moment, dueAt, occurrence: { startsAt, event } }: DueMoment): string =>
  JSON.stringify([event.id, startsAt, moment.name, dueAt]);

/** Returns when an event was last edited; 0 if it does not say. */
export function editedAt({ updated }: Readonly<Record<string, unknown>>): number {
  const at = typeof updated === 'string' ? Date.parse(updated) : 0;
  return Number.isNaN(at) ? 0 : at;
}

/**
 * Returns when the earliest moment in a span is due that a change brings, or may bring; undefined if there is none. A moment that had passed
 * when the event was edited does not count: it was never owed. `now` is Unix ms, `timeZone` the calendar's.
 */
export function earliestNew(
  { before, after }: ChangedEvent,
  clock: Clock,
  span: Span,
  now: number,
  timeZone: string,
): number | undefined {
  const occurrences =
    after === null
      ? before === null
        ? []
        : originalOf(before, timeZone)
      : occurrencesOf(after, clock, span, timeZone);
  const moments = momentsOf(occurrences, clock, span);
  if (moments.length === 0) return undefined;
  const known =
    before === null || after === null
      ? []
      : momentsOf(occurrencesOf(before, clock, span, timeZone), clock, span);
  const seen = new Set(known.map(keyOf));
  const owedFrom = Math.min(now, editedAt(after ?? before ?? {}));
  return moments.find((each) => each.dueAt >= owedFrom && !seen.has(keyOf(each)))?.dueAt;
}
