import { DAY, dayNumber, daysInMonth } from './days.ts';

/** The syntax of an event's `recurrence`: https://www.rfc-editor.org/rfc/rfc5545#section-3.8.5 */

/** Thrown for a recurrence that is not valid; the message is shown to readers of an agenda. */
export class RecurrenceError extends Error {}

/** A date or date-time: https://www.rfc-editor.org/rfc/rfc5545#section-3.3.4 and #section-3.3.5 */
export interface DateValue {
  /** A date, a local time, or a time in UTC. */
  readonly form: 'date' | 'local' | 'utc';
  /** The time as the Unix ms that it would be in UTC; for a date, its midnight. */
  readonly local: number;
}

const FORM = /^(\d{4})(\d\d)(\d\d)(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)(Z)?)?$/i;

/** Parses `20261204`, `20261204T090000` or `20261204T080000Z`. @throws {RecurrenceError} */
function dateValue(text: string): DateValue {
  const [, ...digits] = FORM.exec(text.trim()) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits
    .slice(0, 6)
    .map((each: string | undefined) => Number(each ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
    throw new RecurrenceError(`${JSON.stringify(text)} is not a date`);
  return {
    form: digits[3] === undefined ? 'date' : digits[6] === undefined ? 'local' : 'utc',
    local: dayNumber(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1000,
  };
}

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

/** A rule; an empty list limits nothing: https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10 */
export type Rule = ReturnType<typeof parseRule>;

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

const KNOWN = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYDAY', ...Object.keys(RANGES)]);

/** Parses the value of an RRULE or EXRULE. @throws {RecurrenceError} for a part that is unknown, repeated or out of range */
function parseRule(text: string) {
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
    /** The first day of the week, where Monday is 0. */
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

/** A date or time of an RDATE or EXDATE, with the zone of its line. */
export interface ListedDate extends DateValue {
  readonly zone: string | undefined;
}

/** The last colon ends the parameters: a zone may contain one, a date or rule may not. */
const LINE = /^([A-Z]+)((?:;.*)?):([^:]+)$/i;

/**
 * Parses the lines of a recurrence.
 * @throws {RecurrenceError} for a line that is not a valid RRULE, EXRULE, RDATE or EXDATE
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#recurrence
 */
export function parseLines(recurrence: readonly string[]) {
  const lines = recurrence.map((line) => {
    const [, name = '', parameters = '', value = ''] = LINE.exec(line.trim()) ?? [];
    return { name: name.toUpperCase(), parameters, value };
  });
  const rules = (wanted: string): readonly Rule[] =>
    lines.flatMap(({ name, value }) => (name === wanted ? parseRule(value) : []));
  const dates = (wanted: string): readonly ListedDate[] =>
    lines.flatMap(({ name, parameters, value }) => (name === wanted ? listed(parameters, value) : []));
  const unknown = lines.findIndex(({ name }) => !['RRULE', 'EXRULE', 'RDATE', 'EXDATE'].includes(name));
  if (unknown !== -1)
    throw new RecurrenceError(`${JSON.stringify(recurrence[unknown])} is not a valid recurrence line`);
  return {
    rrules: rules('RRULE'),
    exrules: rules('EXRULE'),
    rdates: dates('RDATE'),
    exdates: dates('EXDATE'),
  };
}

/** Parses the values of a line. Only the start of a period counts. */
function listed(parameters: string, value: string): readonly ListedDate[] {
  const zone = /;TZID="?([^;"]+)/i.exec(parameters)?.[1];
  return value.split(',').map((each) => ({ ...dateValue(each.split('/')[0] ?? ''), zone }));
}
