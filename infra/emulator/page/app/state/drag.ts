/** Dragging in the week grid: what a pointer has done so far, and what comes of it. */
import { addDays, DAY_MINUTES, dayTimeOf, instantOf } from './zone.ts';
import type { Span } from './event.ts';
import type { DayTime } from './zone.ts';

/** A point in the grid: the index of the day, and the minute, both as the pointer hits them. */
export interface Point {
  readonly day: number;
  readonly minute: number;
}

export type Drag =
  | { readonly kind: 'create'; readonly from: Point; readonly to: Point }
  | { readonly kind: 'move' | 'resize'; readonly span: Span; readonly from: Point; readonly to: Point };

/** Times snap to quarters of an hour. */
export const STEP = 15;
const snap = (minute: number): number => Math.round(minute / STEP) * STEP;

/** Returns the point below a pointer, in an area that shows `days` days of 24 hours. */
export function pointAt(
  area: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  x: number,
  y: number,
  days: number,
): Point {
  const day = Math.floor(((x - area.left) / area.width) * days);
  const minute = ((y - area.top) / area.height) * DAY_MINUTES;
  return { day: clamp(day, 0, days - 1), minute: clamp(minute, 0, DAY_MINUTES) };
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** Returns the time that is being drawn, within one day: at least a step; a click gives an hour. */
export function drawn({ from, to }: Drag & { readonly kind: 'create' }): {
  day: number;
  from: number;
  to: number;
} {
  const start = Math.floor(Math.min(from.minute, to.minute) / STEP) * STEP;
  const end = snap(Math.max(from.minute, to.minute));
  if (Math.abs(from.minute - to.minute) < STEP) {
    const hour = Math.min(Math.floor(from.minute / 30) * 30, DAY_MINUTES - 60);
    return { day: from.day, from: hour, to: hour + 60 };
  }
  return { day: from.day, from: start, to: Math.max(end, start + STEP) };
}

/** Returns the span that an event is dragged to. */
export function dragged(drag: Drag & { readonly kind: 'move' | 'resize' }, zone: string): Span {
  const days = drag.to.day - drag.from.day;
  const minutes = snap(drag.to.minute - drag.from.minute);
  return drag.kind === 'move'
    ? shift(drag.span, { days, minutes }, zone)
    : stretch(drag.span, { days, minutes }, zone);
}

/** A difference on the wall clock. */
export interface Delta {
  readonly days: number;
  readonly minutes: number;
}

/** Moves a span. A timed one keeps its length; an all-day one moves by days alone. */
export function shift(span: Span, { days, minutes }: Delta, zone: string): Span {
  if (span.allDay) return { allDay: true, from: addDays(span.from, days), to: addDays(span.to, days) };
  const start = later(span.start, { days, minutes }, zone);
  return { allDay: false, start, end: start + span.end - span.start };
}

/** Moves the end of a span. It keeps at least a step, or a day. */
export function stretch(span: Span, { days, minutes }: Delta, zone: string): Span {
  if (span.allDay) {
    const to = addDays(span.to, days);
    return { ...span, to: to > span.from ? to : addDays(span.from, 1) };
  }
  const end = later(span.end, { days, minutes }, zone);
  return { ...span, end: Math.max(end, span.start + STEP * 60_000) };
}

function later(ms: number, { days, minutes }: Delta, zone: string): number {
  return instantOf(normal(dayTimeOf(ms, zone), { days, minutes }), zone);
}

/** Adds a difference, which may cross midnight. */
function normal({ day, minute }: DayTime, delta: Delta): DayTime {
  const total = minute + delta.minutes;
  const over = Math.floor(total / DAY_MINUTES);
  return { day: addDays(day, delta.days + over), minute: total - over * DAY_MINUTES };
}
