import type { Item } from '../calendar/resources.ts';

/** A date without a time ends with its day, in any time zone. */
const DAY_IN_ANY_ZONE_MS = 36 * 3_600_000;

const DATE_TIME = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?/;

const digits = (text: string): string => text.replaceAll(/[-:.]/g, '');

/** Returns the last moment of an `UNTIL` in Unix ms. */
function untilMs(until: string): number {
  const [, year, month, date, hour = '23', minute = '59', second = '59'] = DATE_TIME.exec(until) ?? [];
  const end = Date.parse(`${year ?? ''}-${month ?? ''}-${date ?? ''}T${hour}:${minute}:${second}Z`);
  return end + (until.endsWith('Z') ? 0 : DAY_IN_ANY_ZONE_MS);
}

/**
 * Returns whether the rules of a series end before the original start of one of its occurrences. False if in doubt,
 * as for a series with extra dates.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#recurrence
 */
export function endsBefore(series: Item, occurrence: Item): boolean {
  const { recurrence } = series;
  const lines = Array.isArray(recurrence) ? recurrence.filter((line) => typeof line === 'string') : [];
  const rules = lines.filter((line) => /^RRULE/i.test(line));
  const untils = rules.flatMap((line) => /[;:]UNTIL=(\d{8}(?:T\d{6}Z?)?)/i.exec(line)?.[1] ?? []);
  const start = occurrence['originalStartTime'];
  if (rules.length === 0 || untils.length < rules.length || lines.some((line) => /^RDATE/i.test(line)))
    return false;
  if (typeof start !== 'object' || start === null) return false;
  if ('dateTime' in start && typeof start.dateTime === 'string') {
    const startMs = Date.parse(start.dateTime);
    return untils.every((until) => startMs > untilMs(until));
  }
  const { date } = { date: undefined, ...start };
  return typeof date === 'string' && untils.every((until) => digits(date) > until.slice(0, 8));
}
