import { DAY } from './days.ts';
import type { Rule } from './parse-rule.ts';

/** The times of day of a rule, in ms since midnight. Times that BYSETPOS counts together form a set. */

const HOUR = 3_600_000;
const MINUTE = 60_000;
const SECOND = 1000;

const UNITS: Readonly<Record<string, number>> = { HOURLY: HOUR, MINUTELY: MINUTE, SECONDLY: SECOND };

const ascending = (values: readonly number[]): readonly number[] =>
  [...new Set(values)].toSorted((a, b) => a - b);

/** Returns the set of each day of a rule that recurs daily or less often. */
export function timesOfDay({ byHour, byMinute, bySecond }: Rule): readonly number[] {
  return ascending(
    byHour.flatMap((hour) =>
      byMinute.flatMap((minute) => bySecond.map((second) => hour * HOUR + minute * MINUTE + second * SECOND)),
    ),
  );
}

/** How a rule recurs within a day. */
export interface Steps {
  /** Returns the step (an hour, minute or second) of a local time, or else the next one. */
  readonly at: (local: number) => number;
  /** Yields a set of local times for each step of the day at `midnight` that the rule's parts allow, in order. */
  readonly setsOf: (midnight: number, from: number) => Generator<readonly number[]>;
}

/** Returns the steps of a rule that recurs hourly, minutely or secondly; undefined for any other. `start` is a local time. */
export function stepsOf(rule: Rule, start: number): Steps | undefined {
  const unit = UNITS[rule.frequency];
  if (unit === undefined) return undefined;
  const step = unit * rule.interval;
  const unitOf = (local: number): number => Math.floor(local / unit) * unit;
  const zero = unitOf(start);
  const at = (local: number): number => zero + Math.max(0, Math.ceil((unitOf(local) - zero) / step)) * step;
  const within = unit === HOUR ? timesOfHour(rule) : unit === MINUTE ? timesOfMinute(rule) : [0];
  /** The parts that limit the steps, each with its unit. */
  const limits = [
    { size: HOUR, cycle: DAY, allowed: rule.byHour },
    { size: MINUTE, cycle: HOUR, allowed: unit < HOUR ? rule.byMinute : [] },
    { size: SECOND, cycle: MINUTE, allowed: unit < MINUTE ? rule.bySecond : [] },
  ].filter(({ allowed }) => allowed.length > 0);
  function* setsOf(midnight: number, from: number): Generator<readonly number[]> {
    let local = at(Math.max(midnight, from));
    while (local < midnight + DAY) {
      const time = local - midnight;
      const limit = limits.find(
        ({ size, cycle, allowed }) => !allowed.includes(Math.floor((time % cycle) / size)),
      );
      yield limit === undefined ? within.map((each) => local + each) : [];
      const { size } = limit ?? { size: step };
      local = at(Math.max(local + step, midnight + (Math.floor(time / size) + 1) * size));
    }
  }
  return { at, setsOf };
}

const timesOfHour = ({ byMinute, bySecond }: Rule): readonly number[] =>
  ascending(byMinute.flatMap((minute) => bySecond.map((second) => minute * MINUTE + second * SECOND)));

const timesOfMinute = ({ bySecond }: Rule): readonly number[] =>
  ascending(bySecond.map((second) => second * SECOND));
