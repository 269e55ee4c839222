import type { Item } from '../resources.ts';
import { DAY, dateText } from './days.ts';
import {
  lengthOf,
  occurrencesOf,
  recurringEvent,
  type Occurrence,
  type RecurringEvent,
} from './occurrence.ts';
import { RecurrenceError } from './date-value.ts';
import { readSeries } from './read-series.ts';
import { startsOf, type Starts } from './starts.ts';

/** A window in Unix ms: it contains what ends after `from` and starts before `to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** An occurrence with its original start: Unix ms, or its date. */
interface Expanded {
  readonly original: number | string;
  readonly occurrence: Occurrence;
}

export interface Expansion {
  /** In order. */
  readonly expanded: readonly Expanded[];
  /** Why the list is not complete. */
  readonly notExpanded?: string;
}

/**
 * Returns the occurrences of a recurring event that may overlap a window, without regard to exceptions. An event that cannot be
 * expanded occurs at its start. `calendarZone` is the calendar's time zone.
 */
export function expand(event: Item, { from, to }: Window, calendarZone: string): Expansion {
  const series = recurringEvent(event, calendarZone);
  if (series === undefined) return { expanded: [], notExpanded: 'its start or end is missing or invalid' };
  const { wholeDays } = series;
  // All-day events are expanded in UTC, and occur in a zone that is less than a day from it.
  const margin = wholeDays ? DAY : 0;
  const lasts = Math.max(lengthOf(series), 0);
  const { starts, incomplete } = startsIn(series, from - lasts - margin, to + margin);
  const occurrenceAt = occurrencesOf(series, calendarZone);
  const expanded = (incomplete === undefined ? starts : [series.start]).map((at) => ({
    original: wholeDays ? dateText(at) : at,
    occurrence: occurrenceAt(at),
  }));
  return { expanded, ...(incomplete !== undefined && { notExpanded: incomplete }) };
}

function startsIn(series: RecurringEvent, from: number, before: number): Starts {
  try {
    return startsOf(readSeries(series), from, before);
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error;
    return { starts: [], incomplete: error.message };
  }
}
