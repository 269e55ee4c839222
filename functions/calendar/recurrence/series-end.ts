import type { Item } from '../resources.ts';
import { UTC } from '../zone.ts';
import { occurrencesOf, recurringEvent } from './occurrence.ts';
import { RecurrenceError } from './date-value.ts';
import { readSeries } from './read-series.ts';
import { lastStartOf } from './starts.ts';

/** Stands for no end. */
const ENDLESS = Date.UTC(9999, 11, 31);

/**
 * Returns when a recurring event is over for good, in Unix ms: the end of its last occurrence, or later if that takes too long to
 * find; 9999-12-31 if it has no end or is invalid. Exceptions are not considered.
 */
export function seriesEnd(event: Item, calendarZone: string | undefined): number {
  const zone = calendarZone ?? UTC.id;
  const series = recurringEvent(event, zone);
  if (series === undefined) return ENDLESS;
  try {
    const last = lastStartOf(readSeries(series));
    return last === undefined ? ENDLESS : Math.min(occurrencesOf(series, zone)(last).endsAt, ENDLESS);
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error;
    return ENDLESS;
  }
}
