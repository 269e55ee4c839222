import { DAY } from './days.ts';
import type { Rule } from './parse.ts';
import { dayFilter, candidateDays, periodsOf } from './rule-days.ts';

/** The times of day of a rule, in ms since midnight. Times that BYSETPOS counts together form a set. */

const HOUR = 3_600_000;
const MINUTE = 60_000;
const SECOND = 1000;

const UNITS: Readonly<Record<string, number>> = { HOURLY: HOUR, MINUTELY: MINUTE, SECONDLY: SECOND };

const ascending = (values: readonly number[]): readonly number[] =>
  [...new Set(values)].toSorted((a, b) => a - b);

/** Returns the set of each day of a rule that recurs daily or less often. */
function timesOfDay({ byHour, byMinute, bySecond }: Rule): readonly number[] {
  return ascending(
    byHour.flatMap((hour) =>
      byMinute.flatMap((minute) => bySecond.map((second) => hour * HOUR + minute * MINUTE + second * SECOND)),
    ),
  );
}

/** How a rule recurs within a day. */
interface Steps {
  /** Returns the step (an hour, minute or second) of a local time, or else the next one. */
  readonly at: (local: number) => number;
  /** Yields a set of local times for each step of the day at `midnight` that the rule's parts allow, in order. */
  readonly setsOf: (midnight: number, from: number) => Generator<readonly number[]>;
}

/** Returns the steps of a rule that recurs hourly, minutely or secondly; undefined for any other. `start` is a local time. */
function stepsOf(rule: Rule, start: number): Steps | undefined {
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

/** The starts of a rule in local time, represented by the Unix ms that it would be in UTC. */

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
  visitStarts(rule, start, window, budget, (at) => {
    if (at < window.from) return true;
    if (starts.length === MAX_STARTS) {
      budget.exceeded = `a rule has more than ${MAX_STARTS.toLocaleString('en')} occurrences in the window`;
      return false;
    }
    starts.push(at);
    return true;
  });
  return starts;
}

/** Returns the last start before `before` of a rule with a COUNT; undefined if there is none. */
export function lastCounted(rule: Rule, start: number, before: number, budget: Budget): number | undefined {
  let last: number | undefined;
  visitStarts(rule, start, { from: start, before }, budget, (at) => {
    last = at;
    return true;
  });
  return last;
}

/** Visits a start, or a set of them that BYSETPOS counts together; returns whether to continue. */
type Visit<T> = (found: T) => boolean;

/** Visits the starts of a rule that may be in the window; for a rule with a COUNT, also all before it. */
function visitStarts(
  rule: Rule,
  start: number,
  { from, before }: LocalWindow,
  budget: Budget,
  visit: Visit<number>,
): void {
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  const take = (at: number): boolean => {
    if (at < start) return true;
    if (at >= before || !visit(at)) return false;
    left -= 1;
    return left > 0;
  };
  const positions = new Set(rule.bySetPos);
  const takeSet = (set: readonly number[]): boolean =>
    positions.size === 0
      ? set.every(take)
      : set.filter((_, n) => positions.has(n + 1) || positions.has(n - set.length)).every(take);
  const window = { from: rule.count === undefined ? Math.max(from, start) : start, before };
  const steps = stepsOf(rule, start);
  if (steps === undefined) visitDays(rule, start, window, budget, takeSet);
  else visitSteps(rule, steps, window, budget, takeSet);
}

function visitDays(
  rule: Rule,
  start: number,
  { from, before }: LocalWindow,
  budget: Budget,
  takeSet: Visit<readonly number[]>,
): void {
  const isNamed = dayFilter(rule);
  const times = timesOfDay(rule);
  for (const period of periodsOf(rule, start, from)) {
    if (period.first * DAY >= before) return;
    const candidates = candidateDays(rule, period);
    const set: number[] = [];
    for (const day of candidates) {
      if (isNamed(day)) for (const time of times) set.push(day * DAY + time);
    }
    // Finding the days of a month or year costs as much as examining a few.
    const search = period.length > 7 ? 8 : 0;
    if (!takeSet(set) || !spend(budget, search + candidates.length + set.length)) return;
  }
}

function visitSteps(
  rule: Rule,
  steps: Steps,
  { from, before }: LocalWindow,
  budget: Budget,
  takeSet: Visit<readonly number[]>,
): void {
  const isNamed = dayFilter(rule);
  for (let midnight = midnightOf(steps.at(from)); midnight < before;) {
    if (isNamed(midnight / DAY)) {
      for (const set of steps.setsOf(midnight, from)) if (!takeSet(set) || !spend(budget, set.length)) return;
    }
    if (!spend(budget, 1)) return;
    midnight = midnightOf(steps.at(midnight + DAY));
  }
}

const midnightOf = (local: number): number => Math.floor(local / DAY) * DAY;

function spend(budget: Budget, work: number): boolean {
  budget.work -= 1 + work;
  if (budget.work > 0) return true;
  budget.exceeded = 'a rule takes too long to expand';
  return false;
}
