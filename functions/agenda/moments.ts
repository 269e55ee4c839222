import { dateOf } from '../calendar/event-times.ts';
import type { Window } from '../calendar/recurrence/occurrences.ts';
import type { Clock, Moment } from '../watches/clock.ts';
import type { Occurrence } from './occurrences.ts';

/** The moments of occurrences that a clock names. Pure; times are Unix ms. */

/** A moment of an occurrence. */
export interface DueMoment {
  readonly moment: Moment;
  readonly dueAt: number;
  readonly occurrence: Occurrence;
}

/** Moments that are due after `after` and up to `until`. */
export interface Span {
  readonly after: number;
  readonly until: number;
}

/** Windows of an agenda that are less apart than this are read as one. */
const APART_MS = 3_600_000;

const isAllDay = ({ event }: Occurrence): boolean => dateOf(event['start']) !== undefined;

/** Returns the moments of occurrences in a span, in the order in which they are due. */
export function momentsOf(
  occurrences: readonly Occurrence[],
  { moments, allDay }: Clock,
  { after, until }: Span,
): readonly DueMoment[] {
  return occurrences
    .filter((occurrence) => allDay || !isAllDay(occurrence))
    .flatMap((occurrence) =>
      moments.map((moment) => ({ moment, dueAt: dueAtOf(moment, occurrence), occurrence })),
    )
    .filter(({ dueAt }) => dueAt > after && dueAt <= until)
    .toSorted((a, b) => a.dueAt - b.dueAt);
}

const dueAtOf = ({ of, offsetMs }: Moment, { startsAt, endsAt }: Occurrence): number =>
  (of === 'start' ? startsAt : endsAt) + offsetMs;

/** Returns the windows that contain every occurrence with a moment in a span, disjoint and in order. */
export function windowsOf({ moments }: Clock, { after, until }: Span): readonly Window[] {
  const windows: Window[] = [];
  for (const { from, to } of moments
    // An event may end as it starts, and a window contains only what ends after its start.
    .map(({ offsetMs }) => ({ from: after - offsetMs - 1, to: until - offsetMs + 1 }))
    .toSorted((a, b) => a.from - b.from)) {
    const before = windows.at(-1);
    if (before !== undefined && from <= before.to + APART_MS) {
      windows.splice(-1, 1, { from: before.from, to: Math.max(before.to, to) });
    } else windows.push({ from, to });
  }
  return windows;
}
