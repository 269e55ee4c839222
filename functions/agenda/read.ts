import * as z from 'zod';

import { agendaOf, type Agenda, type Occurrence } from './occurrences.ts';
import type { AgendaReads } from '../mirror/agenda-queries.ts';
import type { Window } from '../calendar/recurrence/occurrences.ts';

/** Decides which documents of the mirror an agenda needs. */

/** From the first to the last moment, both included, in Unix ms. */
interface Span {
  readonly first: number;
  readonly last: number;
}

const HOUR = 3_600_000;
/** Time zones range from 14 hours ahead of UTC to 12 hours behind it. */
const AHEAD = 14 * HOUR;
const BEHIND = 12 * HOUR;

const dated = z.object({ originalStartTime: z.object({ date: z.iso.date() }) });

/**
 * Returns when the mirrored original start of an occurrence's exception may be. For a date, the mirror stores midnight in the
 * calendar's time zone, which may differ from that of the question.
 */
function originalOf({ event, startsAt }: Occurrence): Span {
  const { data } = dated.safeParse(event);
  if (data === undefined) return { first: startsAt, last: startsAt };
  const midnight = Date.parse(data.originalStartTime.date);
  return { first: midnight - AHEAD, last: midnight + BEHIND };
}

const around = (spans: readonly Span[]): Span => ({
  first: Math.min(...spans.map(({ first }) => first)),
  last: Math.max(...spans.map(({ last }) => last)),
});

/**
 * Returns the spans that contain the original starts of all exceptions of these occurrences, disjoint and in order: one for those
 * that start within the window, and others for those that started earlier. A single span from the earliest would contain every
 * exception since.
 */
export function originalSpans(expanded: readonly Occurrence[], { from }: Window): readonly Span[] {
  const originals = expanded.map(originalOf);
  const within = originals.filter(({ last }) => last >= from);
  const earlier = originals.filter(({ last }) => last < from);
  const spans: Span[] = [];
  for (const span of [...earlier, ...(within.length > 0 ? [around(within)] : [])].toSorted(
    (a, b) => a.first - b.first,
  )) {
    const before = spans.at(-1);
    if (before !== undefined && span.first <= before.last) spans.splice(-1, 1, around([before, span]));
    else spans.push(span);
  }
  return spans;
}

/**
 * Reads the agenda of a window: the events that are active in it, then the exceptions of its occurrences that were cancelled or
 * moved out of it. `timeZone` is the calendar's.
 */
export async function agendaFrom(reads: AgendaReads, window: Window, timeZone: string): Promise<Agenda> {
  const active = await reads.activeBetween(window.from, window.to);
  const agenda = agendaOf(active, window, timeZone);
  const known = new Set(active.map(({ id }) => id));
  const expanded = agenda.occurrences.filter(({ event }) => !known.has(event.id));
  const spans = originalSpans(expanded, window);
  const found = await Promise.all(spans.map(({ first, last }) => reads.exceptionsBetween(first, last)));
  const missing = found.flat().filter(({ id }) => !known.has(id));
  return missing.length === 0 ? agenda : agendaOf([...active, ...missing], window, timeZone);
}
