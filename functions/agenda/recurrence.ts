import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

/**
 * When a recurring event takes place: its `recurrence` (Events resource; RFC 5545, section 3.8.5) as moments.
 */

/** What a series recurs by. */
export interface Series {
  /** Unix ms of its own start; of whole days, midnight UTC, which no daylight saving time can move. */
  readonly start: number;
  /** In which its rules count: whole days do so in UTC. */
  readonly timeZone: string;
  /** Lines of RRULE, EXRULE, RDATE and EXDATE. */
  readonly recurrence: readonly string[];
}

/** The rules and dates of a series, read. */
interface Rules {
  readonly include: readonly RRuleTemporal[];
  readonly exclude: readonly RRuleTemporal[];
  readonly dates: readonly number[];
  readonly exceptDates: readonly number[];
}

/** A rule that names every second of a year is nobody's calendar, and would take all the memory there is. */
const MOST_STARTS = 5000;

/**
 * The starts of a series with `from` ≤ start < `before` (Unix ms), in order. Its own start is one of them, unless it is excluded.
 * @throws Error when a line cannot be read, or a rule names more than 5,000 of them
 */
export function startsOf(series: Series, from: number, before: number): readonly number[] {
  const rules = read(series);
  // What an RDATE names before the event's own start is not part of the series.
  const first = Math.max(from, series.start);
  const excluded = new Set([
    ...rules.exceptDates,
    ...rules.exclude.flatMap((rule) => within(rule, first, before)),
  ]);
  const starts = new Set([
    ...[series.start, ...rules.dates].filter((at) => at >= first && at < before),
    ...rules.include.flatMap((rule) => within(rule, first, before)),
  ]);
  return [...starts].filter((at) => !excluded.has(at)).toSorted((a, b) => a - b);
}

function within(rule: RRuleTemporal, from: number, before: number): number[] {
  const starts: number[] = [];
  let next = before > from ? rule.next(new Date(from), true) : null;
  while (next !== null && next.epochMilliseconds < before) {
    starts.push(next.epochMilliseconds);
    if (starts.length > MOST_STARTS) throw new Error(`a rule names more than ${String(MOST_STARTS)} starts`);
    next = rule.next(next, false);
  }
  return starts;
}

function read({ start, timeZone, recurrence }: Series): Rules {
  const dtstart = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timeZone);
  const rules: Record<string, RRuleTemporal[]> = { RRULE: [], EXRULE: [] };
  const dates: Record<string, number[]> = { RDATE: [], EXDATE: [] };
  for (const line of recurrence) {
    const [, name = '', parameters = '', value = ''] = /^(\w+)((?:;[^:]*)?):(.+)$/.exec(line.trim()) ?? [];
    const kind = name.toUpperCase();
    if (rules[kind] !== undefined)
      rules[kind].push(new RRuleTemporal({ rruleString: `RRULE:${value}`, dtstart, tzid: timeZone }));
    else if (dates[kind] !== undefined) {
      const zone = /;TZID="?([^;"]+)/i.exec(parameters)?.[1] ?? timeZone;
      dates[kind].push(...value.split(',').map((date) => moment(date, zone)));
    } else throw new Error('a line is none of RRULE, EXRULE, RDATE and EXDATE');
  }
  const { RRULE: include = [], EXRULE: exclude = [] } = rules;
  return { include, exclude, dates: dates['RDATE'] ?? [], exceptDates: dates['EXDATE'] ?? [] };
}

/** A date-time of RFC 5545: in UTC with `Z`, else local to `zone`; a date is midnight UTC, a period its start. */
function moment(text: string, zone: string): number {
  const [basic = ''] = text.trim().split('/');
  if (/^\d{8}$/.test(basic)) return Temporal.PlainDate.from(basic).toZonedDateTime('UTC').epochMilliseconds;
  const local = Temporal.PlainDateTime.from(basic.replace(/z$/i, ''));
  return local.toZonedDateTime(/z$/i.test(basic) ? 'UTC' : zone).epochMilliseconds;
}
