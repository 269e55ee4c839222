import { DAY, dayNumber, daysInMonth } from './days.ts';

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
export function dateValue(text: string): DateValue {
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
