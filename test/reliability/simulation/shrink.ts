import { broken } from './promises.ts';
import { RATES, type FaultKind, type Scenario } from './scenario.ts';
import { simulate } from './simulate.ts';

/** Shrinks a history that breaks a promise to the shortest one that still does. */

export interface Shrunk {
  readonly scenario: Scenario;
  readonly violations: readonly string[];
  /** Everything that happened to the watch, in order. */
  readonly events: readonly string[];
  /** How many histories were tried. */
  readonly tries: number;
}

const MOST_TRIES = 600;
/** A history that needs many watches to fail is slow to try: stop after this long, in ms. */
const TIMEOUT = 180_000;

const isKind = (name: string): name is FaultKind => name in RATES;

/** Shrinks a `scenario` that breaks a promise about watch number `watch`; calls `onStep` for each step that made it shorter. */
export async function shrink(
  scenario: Scenario,
  watch: number | undefined,
  onStep: (what: string) => void,
): Promise<Shrunk> {
  let best = scenario;
  let struck: readonly string[] = [];
  let tries = 0;
  const giveUpAt = performance.now() + TIMEOUT;
  const isOver = (): boolean => tries >= MOST_TRIES || performance.now() > giveUpAt;
  const attempt = async (candidate: Scenario, what: string): Promise<boolean> => {
    if (isOver()) return false;
    tries += 1;
    const result = await simulate(candidate);
    const fails = broken(result).some((each) => watch === undefined || each.watch === watch);
    if (!fails) return false;
    best = candidate;
    struck = result.struck;
    onStep(what);
    return true;
  };

  // Fewer watches: the one alone, or with as few others as possible.
  const others = scenario.watches.filter((each) => each !== watch);
  for (let count = watch === undefined ? 1 : 0; count < others.length; count = 2 * count + 1) {
    const watches = [...others.slice(0, count), ...(watch === undefined ? [] : [watch])];
    if (await attempt({ ...scenario, watches }, `${String(watches.length)} watches`)) break;
  }
  const all = `${String(scenario.watches.length)} watches`;
  if (struck.length === 0 && !(await attempt(scenario, all)) && !isOver()) {
    throw new Error('the same scenario does not fail again: the simulation is not deterministic');
  }

  let [passes, fails] = [0, best.days];
  while (fails - passes > 1) {
    const days = Math.floor((passes + fails) / 2);
    if (await attempt({ ...best, days }, `${String(days)} days`)) fails = days;
    else passes = days;
  }

  for (const kind of new Set(struck.map((label) => label.split('/', 1)[0] ?? ''))) {
    if (!isKind(kind)) continue;
    await attempt({ ...best, without: new Set([...(best.without ?? []), kind]) }, `without ${kind}`);
  }

  // Then single faults and edits: leave out ever smaller parts.
  for (let size = Math.ceil(struck.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < struck.length;) {
      const spared = new Set([...(best.spared ?? []), ...struck.slice(from, from + size)]);
      const left = `${String(Math.max(0, struck.length - size))} faults and edits`;
      if (!(await attempt({ ...best, spared }, left))) from += size;
    }
  }

  const events: string[] = [];
  const onEvent = (at: number, of: number | undefined, text: string): void => {
    if (of === watch) events.push(`${new Date(at).toISOString()}  ${text}`);
  };
  const violations = broken(await simulate(best, { onEvent }))
    .filter((each) => watch === undefined || each.watch === watch)
    .map(({ what }) => what);
  return { scenario: best, violations, events, tries };
}
