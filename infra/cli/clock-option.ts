import { InvalidArgumentError } from 'commander';

import { clockSchema, type ClockInput } from '../../functions/watches/clock.ts';

/** The option `--clock` of `calendar-mirror watch`. */

/** `10m`, `1h30m`, `1d` and so on: before the start; with a plus sign after it. */
const SHORT = /^([+-]?)(?=\d)(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

const written = (amounts: readonly (string | undefined)[], units: string): string =>
  amounts.map((amount, index) => (amount === undefined ? '' : `${amount}${units[index] ?? ''}`)).join('');

/** Returns a moment as in a spec; one that has no short form is returned as it is. */
export function momentOf(given: string): string {
  const [whole, sign, weeks, days, ...ofDay] = SHORT.exec(given) ?? [];
  if (whole === undefined) return given;
  const time = written(ofDay, 'HMS');
  return `${sign === '+' ? '' : '-'}P${written([weeks, days], 'WD')}${time === '' ? '' : `T${time}`}`;
}

const RULE =
  'Choose from start, end, and times of at most 31 days before the start (10m, 1h30m, 1d, -PT10M) or after it (+5m, PT5M).';

/** Parses comma-separated moments. The option is repeatable. @throws {InvalidArgumentError} */
export function moments(value: string, before: readonly string[] = []): readonly string[] {
  const given = value.split(',').map((part) => momentOf(part.trim()));
  if (!given.every((each) => clockSchema.safeParse([each]).success)) throw new InvalidArgumentError(RULE);
  return [...before, ...given];
}

/** Returns the `clock` of a spec: a list, unless all-day events have moments too. */
export const clockInput = (names: readonly string[], allDay: boolean): ClockInput =>
  allDay ? { moments: names, allDay } : names;
