import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { invalid, required } from '../refusals.ts';
import type { EventDateTime } from './fields.ts';
import { toInstant } from './times.ts';

/** What a series is made of. */
export interface Series {
  readonly start: EventDateTime;
  readonly end: EventDateTime;
  readonly recurrence?: string[] | undefined;
}

interface Rules {
  readonly include: readonly RRuleTemporal[];
  readonly exclude: readonly RRuleTemporal[];
  readonly dates: ReadonlySet<number>;
  readonly exceptDates: ReadonlySet<number>;
}

/** No list ever expands more than this of one series. */
const LIMIT = 5000;

/** Rules are worked out once for each stored series: stored events are never changed in place. */
const known = new WeakMap<Series, Rules>();

/** Whole days recur as midnights in UTC, which no daylight saving time can move. */
export const isAllDay = (series: { readonly start: EventDateTime }): boolean =>
  series.start.date !== undefined;

/**
 * Checks a recurrence against RFC 5545. Throws 400 `invalid` on a line that is no RRULE, EXRULE, RDATE or
 * EXDATE or does not parse, 400 `required` on a timed series without a time zone.
 */
export function checkRecurrence(series: Series): void {
  if (!isAllDay(series) && series.start.timeZone === undefined)
    throw required('start.timeZone', 'Missing time zone definition for start time.');
  try {
    rulesOf(series);
  } catch {
    throw invalid('recurrence', 'Invalid recurrence rule.');
  }
}

/**
 * When the occurrences of a series start: those with `from` ≤ start < `before`, in order, at most 5000.
 * Milliseconds; for whole days, midnight UTC of the day.
 */
export function occurrences(series: Series, from: number, before: number): number[] {
  if (before <= from) return [];
  const rules = rulesOf(series);
  const within = (rule: RRuleTemporal): number[] => {
    const starts: number[] = [];
    for (let next = rule.next(new Date(from), true); next; next = rule.next(next, false)) {
      const ms = next.epochMilliseconds;
      if (ms >= before || starts.length >= LIMIT) break;
      starts.push(ms);
    }
    return starts;
  };
  const starts = new Set([
    ...rules.include.flatMap(within),
    ...[...rules.dates].filter((ms) => ms >= from && ms < before),
  ]);
  for (const excluded of [...rules.exclude.flatMap(within), ...rules.exceptDates]) starts.delete(excluded);
  return [...starts].toSorted((a, b) => a - b).slice(0, LIMIT);
}

function rulesOf(series: Series): Rules {
  const cached = known.get(series);
  if (cached) return cached;
  const zone = isAllDay(series) ? 'UTC' : (series.start.timeZone ?? 'UTC');
  const first = toInstant(series.start, 'UTC');
  const dtstart = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(zone);
  const lines = (series.recurrence ?? []).map(parseLine);
  const rules = (name: string): RRuleTemporal[] =>
    lines
      .filter((line) => line.name === name)
      .map((line) => new RRuleTemporal({ rruleString: `RRULE:${line.value}`, dtstart, tzid: zone }));
  const dates = (name: string): number[] =>
    lines
      .filter((line) => line.name === name)
      .flatMap((line) => line.value.split(',').map((value) => parseDate(value, line.zone ?? zone)));
  const result = {
    include: rules('RRULE'),
    exclude: rules('EXRULE'),
    // The first occurrence is the event's own start, whether or not the rule would name it.
    dates: new Set([first, ...dates('RDATE')]),
    exceptDates: new Set(dates('EXDATE')),
  };
  known.set(series, result);
  return result;
}

function parseLine(line: string): { name: string; zone: string | undefined; value: string } {
  const match = /^(RRULE|EXRULE|RDATE|EXDATE)((?:;[^:;]+)*):(.+)$/i.exec(line.trim());
  if (!match) throw new SyntaxError(`not a recurrence line: ${line}`);
  const [, name = '', parameters = '', value = ''] = match;
  if (/RRULE|EXRULE/i.test(name) && !/(^|;)FREQ=/i.test(value)) throw new SyntaxError('a rule needs FREQ');
  return {
    name: name.toUpperCase(),
    zone: /;TZID=([^;]+)/i.exec(parameters)?.[1],
    value: value.toUpperCase(),
  };
}

function parseDate(text: string, zone: string): number {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(
    text.trim().split('/')[0] ?? '',
  );
  if (!match) throw new SyntaxError(`not a date: ${text}`);
  const [, year, month, day, hour = '00', minute = '00', second = '00', utc] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const inUtc = utc !== undefined || match[4] === undefined;
  return Temporal.PlainDateTime.from(local).toZonedDateTime(inUtc ? 'UTC' : zone).epochMilliseconds;
}
