/** Where events are in a view of some days: pure geometry, in days and minutes. */
import { wallOf } from './event.ts';
import { addDays, DAY_MINUTES, daysBetween } from './zone.ts';
import type { Span } from './event.ts';

/** The smallest height of a block, in minutes: a meeting of no length can still be read and clicked. */
const LEAST_MINUTES = 30;

/**
 * A part of a timed event, within one day. Overlapping parts share the width: each takes `span` of `columns` from `column` on.
 */
export interface Block<T> {
  readonly item: T;
  readonly day: number;
  readonly from: number;
  readonly to: number;
  readonly column: number;
  readonly columns: number;
  readonly span: number;
  /** Whether the event begins, or ends, in this part. */
  readonly first: boolean;
  readonly last: boolean;
}

/** An all-day event: `length` days from `day` on, in a lane of its own. */
export interface Bar<T> {
  readonly item: T;
  readonly day: number;
  readonly length: number;
  readonly lane: number;
}

interface Placed<T> {
  readonly item: T;
  readonly span: Span;
}

/** Returns `count` days from `from` on. */
export function daysFrom(from: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(from, index));
}

/** Returns the blocks of all timed events that are on one of the days. */
export function blocksOf<T>(events: readonly Placed<T>[], days: readonly string[], zone: string): Block<T>[] {
  const parts = events.flatMap(({ item, span }) => (span.allDay ? [] : partsOf(item, span, days, zone)));
  return days.flatMap((_, day) => share(parts.filter((part) => part.day === day)));
}

type Part<T> = Omit<Block<T>, 'column' | 'columns' | 'span'>;

function partsOf<T>(
  item: T,
  span: Span & { readonly allDay: false },
  days: readonly string[],
  zone: string,
): Part<T>[] {
  const { from, to } = wallOf(span, zone);
  // An event that ends at midnight is not on the next day.
  const ended = to.minute === 0 && to.day > from.day ? addDays(to.day, -1) : to.day;
  return days.flatMap((name, day) => {
    if (name < from.day || name > ended) return [];
    const first = name === from.day;
    const last = name === ended;
    const start = first ? from.minute : 0;
    const end = last && ended === to.day ? to.minute : DAY_MINUTES;
    return [{ item, day, from: start, to: Math.max(end, start), first, last }];
  });
}

/** Gives each part a column, and the free ones right of it: no two parts overlap, and none is narrower than it must be. */
function share<T>(parts: readonly Part<T>[]): Block<T>[] {
  const blocks: Block<T>[] = [];
  let group: (Part<T> & { column: number })[] = [];
  let ends: number[] = [];
  const close = (): void => {
    const columns = ends.length;
    blocks.push(...group.map((part) => ({ ...part, columns, span: spanOf(part, group, columns) })));
    group = [];
    ends = [];
  };
  for (const part of parts.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (ends.every((end) => end <= part.from)) close();
    const free = ends.findIndex((end) => end <= part.from);
    const column = free === -1 ? ends.length : free;
    ends[column] = endOf(part);
    group.push({ ...part, column });
  }
  close();
  return blocks;
}

interface Columned extends Pick<Block<unknown>, 'from' | 'to'> {
  readonly column: number;
}

const endOf = ({ from, to }: Pick<Columned, 'from' | 'to'>): number => Math.max(to, from + LEAST_MINUTES);

/** Returns how many columns a part can take before it meets another part of its group. */
function spanOf(part: Columned, group: readonly Columned[], columns: number): number {
  const met = group
    .filter((other) => other.column > part.column && other.from < endOf(part) && part.from < endOf(other))
    .map(({ column }) => column);
  return Math.min(columns, ...met) - part.column;
}

/** Returns the bars of all all-day events that are on one of the days, long ones first. */
export function barsOf<T>(events: readonly Placed<T>[], days: readonly string[]): Bar<T>[] {
  const [first = ''] = days;
  const taken: number[] = [];
  return events
    .flatMap(({ item, span }) => {
      if (!span.allDay) return [];
      const day = Math.max(daysBetween(first, span.from), 0);
      const end = Math.min(daysBetween(first, span.to), days.length);
      return end > day ? [{ item, day, length: end - day }] : [];
    })
    .toSorted((a, b) => a.day - b.day || b.length - a.length)
    .map((bar) => {
      const free = taken.findIndex((end) => end <= bar.day);
      const lane = free === -1 ? taken.length : free;
      taken[lane] = bar.day + bar.length;
      return { ...bar, lane };
    });
}
