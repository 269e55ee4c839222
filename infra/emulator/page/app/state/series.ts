/** Changes of times, of one event or of the whole series that it belongs to, as the API takes them. */
import { spanOf } from './event.ts';
import { shift } from './drag.ts';
import { addDays, dayTimeOf, daysBetween, toRfc3339 } from './zone.ts';
import type { CalendarEvent, Span } from './event.ts';
import type { Delta } from './drag.ts';

/** Start and end in the body of a request. Null clears what a patch would otherwise keep. */
export interface Times {
  readonly start: TimeBody;
  readonly end: TimeBody;
}
type TimeBody =
  | { readonly date: string; readonly dateTime: null; readonly timeZone: null }
  | { readonly date: null; readonly dateTime: string; readonly timeZone: string };

/** Returns the start and end of a span. */
export function timesOf(span: Span, zone: string): Times {
  if (span.allDay) return { start: dayBody(span.from), end: dayBody(span.to) };
  return { start: timeBody(span.start, zone), end: timeBody(span.end, zone) };
}

const dayBody = (date: string): TimeBody => ({ date, dateTime: null, timeZone: null });
const timeBody = (ms: number, zone: string): TimeBody => ({
  date: null,
  dateTime: toRfc3339(ms, zone),
  timeZone: zone,
});

/**
 * Returns the times of a series after one of its occurrences went from `before` to `after`: it starts that much earlier or later
 * on the wall clock, and each occurrence is as long as `after`.
 */
export function seriesTimes(
  series: CalendarEvent,
  before: Span,
  after: Span,
  zone: string,
): Times | undefined {
  const own = spanOf(series);
  if (!own) return undefined;
  if (own.allDay !== after.allDay || before.allDay !== after.allDay) return timesOf(after, zone);
  const moved = shift(own, deltaOf(before, after, zone), zone);
  const seriesZone = series.start?.timeZone ?? zone;
  if (moved.allDay && after.allDay)
    return timesOf({ ...moved, to: addDays(moved.from, daysBetween(after.from, after.to)) }, seriesZone);
  if (!moved.allDay && !after.allDay)
    return timesOf({ ...moved, end: moved.start + after.end - after.start }, seriesZone);
  return undefined;
}

/** Returns how far the start moved on the wall clock. */
function deltaOf(before: Span, after: Span, zone: string): Delta {
  if (before.allDay || after.allDay) {
    const [from, to] = [before, after].map((span) =>
      span.allDay ? span.from : dayTimeOf(span.start, zone).day,
    );
    return { days: daysBetween(from ?? '', to ?? ''), minutes: 0 };
  }
  const from = dayTimeOf(before.start, zone);
  const to = dayTimeOf(after.start, zone);
  return { days: daysBetween(from.day, to.day), minutes: to.minute - from.minute };
}

/** Returns whether two spans are the same time. */
export function sameSpan(a: Span, b: Span): boolean {
  if (a.allDay) return b.allDay && a.from === b.from && a.to === b.to;
  return !b.allDay && a.start === b.start && a.end === b.end;
}
