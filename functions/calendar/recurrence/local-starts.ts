import { DAY } from './days.ts';
import type { Rule } from './parse.ts';
import { dayFilter, candidateDays, periodsOf } from './rule-days.ts';

/** The starts of a rule in local time, represented by the Unix ms that it would be in UTC. */

const HOUR = 3_600_000;
const MINUTE = 60_000;
const SECOND = 1000;

const UNITS: Readonly<Record<string, number>> = { HOURLY: HOUR, MINUTELY: MINUTE, SECONDLY: SECOND };

/** Limits the cost of an expansion: guards CPU and memory against rules such as FREQ=SECONDLY. */
export interface Budget {
  /** How many more days and steps within days may be examined. */
  work: number;
  /** Set to the reason if the result is not complete. */
  exceeded?: string;
}

interface LocalWindow {
  readonly from: number;
  readonly before: number;
}

/** Every day of 87 years: more than a calendar can show, and still fast to expand. */
const MAX_STARTS = 32_000;

/**
 * Returns the starts of a rule in a window, in order, at most 32,000. The rule has all parts that the `start` of its series implies.
 * The cost depends on the window and not on the time since the start, unless the rule has a COUNT; the budget limits both.
 */
export function localStarts(
  rule: Rule,
  start: number,
  window: LocalWindow,
  budget: Budget,
): readonly number[] {
  const starts: number[] = [];
  for (const at of startsUntil(rule, start, window, budget)) {
    if (at < window.from) continue;
    if (starts.length === MAX_STARTS) {
      budget.exceeded = `a rule has more than ${MAX_STARTS.toLocaleString('en')} occurrences in the window`;
      break;
    }
    starts.push(at);
  }
  return starts;
}

/** Returns the last start before `before` of a rule with a COUNT; undefined if there is none. */
export function lastCounted(rule: Rule, start: number, before: number, budget: Budget): number | undefined {
  let last: number | undefined;
  for (const at of startsUntil(rule, start, { from: start, before }, budget)) last = at;
  return last;
}

/** Yields the starts of a rule that may be in the window, in order; for a rule with a COUNT, also all before it. */
function* startsUntil(
  rule: Rule,
  start: number,
  { from, before }: LocalWindow,
  budget: Budget,
): Generator<number> {
  const window = { from: rule.count === undefined ? Math.max(from, start) : start, before };
  const unit = UNITS[rule.frequency];
  const sets = unit === undefined ? daySets(rule, start, window) : stepSets(rule, unit, start, window);
  const positions = new Set(rule.bySetPos);
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  for (const { set, work } of sets) {
    for (const [n, at] of set.entries()) {
      const isPicked = positions.size === 0 || positions.has(n + 1) || positions.has(n - set.length);
      if (!isPicked || at < start) continue;
      if (at >= before) return;
      yield at;
      left -= 1;
      if (left <= 0) return;
    }
    budget.work -= work;
    if (budget.work <= 0) {
      budget.exceeded = 'a rule takes too long to expand';
      return;
    }
  }
}

/** Local times that BYSETPOS counts together, in order, and the work of finding them. */
interface FoundSet {
  readonly set: readonly number[];
  readonly work: number;
}

/** Yields a set for each period of a rule that recurs daily or less often. */
function* daySets(rule: Rule, start: number, { from, before }: LocalWindow): Generator<FoundSet> {
  const isNamed = dayFilter(rule);
  const times = timesOf(rule.byHour, rule.byMinute, rule.bySecond);
  for (const period of periodsOf(rule, start, from)) {
    // A period beyond the range of `Date` has no first day.
    if (!(period.first * DAY < before)) return;
    const candidates = candidateDays(rule, period);
    const set = candidates.filter(isNamed).flatMap((day) => times.map((time) => day * DAY + time));
    // Finding the days of a month or year costs as much as examining a few.
    const search = period.length > 7 ? 8 : 0;
    yield { set, work: 1 + search + candidates.length + set.length };
  }
}

/** Yields a set for each step (an hour, minute or second) of a rule that recurs within a day. `unit` is the ms of a step. */
function* stepSets(
  rule: Rule,
  unit: number,
  start: number,
  { from, before }: LocalWindow,
): Generator<FoundSet> {
  const isNamed = dayFilter(rule);
  const step = unit * rule.interval;
  const zero = floor(start, unit);
  /** Returns the step of a local time, or else the next one. */
  const stepAt = (local: number): number =>
    zero + Math.max(0, Math.ceil((floor(local, unit) - zero) / step)) * step;
  const within = timesOf([0], unit === HOUR ? rule.byMinute : [0], unit > SECOND ? rule.bySecond : [0]);
  /** The parts that limit the steps, each with its unit. */
  const limits = [
    { size: HOUR, cycle: DAY, allowed: rule.byHour },
    { size: MINUTE, cycle: HOUR, allowed: unit < HOUR ? rule.byMinute : [] },
    { size: SECOND, cycle: MINUTE, allowed: unit < MINUTE ? rule.bySecond : [] },
  ].filter(({ allowed }) => allowed.length > 0);
  for (let day = floor(stepAt(from), DAY); day < before; day = floor(stepAt(day + DAY), DAY)) {
    let local = isNamed(day / DAY) ? stepAt(Math.max(day, from)) : day + DAY;
    while (local < day + DAY) {
      const time = local - day;
      const limit = limits.find(
        ({ size, cycle, allowed }) => !allowed.includes(Math.floor((time % cycle) / size)),
      );
      const set = limit === undefined ? within.map((each) => local + each) : [];
      yield { set, work: 1 + set.length };
      const { size } = limit ?? { size: step };
      local = stepAt(Math.max(local + step, day + floor(time, size) + size));
    }
    yield { set: [], work: 2 };
  }
}

const floor = (value: number, unit: number): number => Math.floor(value / unit) * unit;

/** Returns the times that these parts make together, in ms, each once and in order. */
function timesOf(hours: readonly number[], minutes: readonly number[], seconds: readonly number[]) {
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => hour * HOUR + minute * MINUTE + second * SECOND)),
  );
  return [...new Set(times)].toSorted((a, b) => a - b);
}
