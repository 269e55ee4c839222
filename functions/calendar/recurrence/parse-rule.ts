import { dateValue, RecurrenceError, type DateValue } from './date-value.ts';

/** The syntax of a recurrence rule: https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10 */

/** From the longest period to the shortest. */
const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const;
type Frequency = (typeof FREQUENCIES)[number];

/** Indexed from Monday. */
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** A day of the week; unless `nth` is 0, the nth of its month or year, from the end if negative. */
interface NthWeekday {
  readonly nth: number;
  readonly weekday: number;
}

/** A rule; an empty list limits nothing. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | undefined;
  readonly until: DateValue | undefined;
  /** The first day of the week, where Monday is 0. */
  readonly weekStart: number;
  readonly bySetPos: readonly number[];
  readonly byMonth: readonly number[];
  readonly byMonthDay: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byDay: readonly NthWeekday[];
  readonly byHour: readonly number[];
  readonly byMinute: readonly number[];
  readonly bySecond: readonly number[];
}

interface Range {
  readonly min: number;
  readonly max: number;
  /** Whether it may also count from the end. */
  readonly negative?: true;
}

/** The parts that are lists of numbers. */
const RANGES = {
  BYSETPOS: { min: 1, max: 366, negative: true },
  BYMONTH: { min: 1, max: 12 },
  BYMONTHDAY: { min: 1, max: 31, negative: true },
  BYYEARDAY: { min: 1, max: 366, negative: true },
  BYWEEKNO: { min: 1, max: 53, negative: true },
  BYHOUR: { min: 0, max: 23 },
  BYMINUTE: { min: 0, max: 59 },
  // 60 is a leap second.
  BYSECOND: { min: 0, max: 60 },
} as const satisfies Record<string, Range>;

const KNOWN: ReadonlySet<string> = new Set([
  'FREQ',
  'INTERVAL',
  'COUNT',
  'UNTIL',
  'WKST',
  'BYDAY',
  ...Object.keys(RANGES),
]);

/** Parses the value of an RRULE or EXRULE. @throws {RecurrenceError} for a part that is unknown, repeated or out of range */
export function parseRule(text: string): Rule {
  const parts = partsOf(text);
  // Without duplicates, which would multiply the times of day.
  const numbers = (name: keyof typeof RANGES): readonly number[] => [
    ...new Set(list(parts.get(name)).map((each) => number(name, each, RANGES[name]))),
  ];
  const atLeastOne = (name: string): number | undefined => {
    const value = parts.get(name);
    return value === undefined ? undefined : number(name, value, { min: 1, max: Number.MAX_SAFE_INTEGER });
  };
  const until = parts.get('UNTIL');
  return {
    frequency: frequency(parts.get('FREQ')),
    interval: atLeastOne('INTERVAL') ?? 1,
    count: atLeastOne('COUNT'),
    until: until === undefined ? undefined : dateValue(until),
    weekStart: weekday(parts.get('WKST') ?? 'MO'),
    byDay: list(parts.get('BYDAY')).map(nthWeekday),
    bySetPos: numbers('BYSETPOS'),
    byMonth: numbers('BYMONTH'),
    byMonthDay: numbers('BYMONTHDAY'),
    byYearDay: numbers('BYYEARDAY'),
    byWeekNo: numbers('BYWEEKNO'),
    byHour: numbers('BYHOUR'),
    byMinute: numbers('BYMINUTE'),
    bySecond: numbers('BYSECOND'),
  };
}

function partsOf(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  // Some clients end a rule with a semicolon.
  for (const part of text.toUpperCase().replace(/;$/, '').split(';')) {
    const [, name = '', value = ''] = /^([A-Z-]+)=(.+)$/.exec(part) ?? [];
    if (!KNOWN.has(name)) throw new RecurrenceError(`unknown part ${JSON.stringify(part)} in a rule`);
    if (parts.has(name)) throw new RecurrenceError(`duplicate ${name} in a rule`);
    parts.set(name, value);
  }
  return parts;
}

const list = (value: string | undefined): readonly string[] => value?.split(',') ?? [];

function frequency(value: string | undefined): Frequency {
  const found = FREQUENCIES.find((each) => each === value);
  if (found === undefined) throw new RecurrenceError(`FREQ=${value ?? ''} is not a valid frequency`);
  return found;
}

function number(name: string, text: string, { min, max, negative }: Range): number {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  const size = negative ? Math.abs(value) : value;
  if (size >= min && size <= max) return value;
  throw new RecurrenceError(`${name}=${text} is out of range`);
}

function weekday(text: string): number {
  const found = WEEKDAYS.indexOf(text);
  if (found === -1) throw new RecurrenceError(`${JSON.stringify(text)} is not a day of the week`);
  return found;
}

function nthWeekday(text: string): NthWeekday {
  const [, nth = '', day = ''] = /^([+-]?\d+)?([A-Z]{2})$/.exec(text) ?? [];
  return {
    nth: nth === '' ? 0 : number('BYDAY', nth, { min: 1, max: 53, negative: true }),
    weekday: weekday(day),
  };
}
