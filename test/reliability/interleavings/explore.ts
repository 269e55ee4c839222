import { conflict, orderText, type Step } from './steps.ts';

/**
 * Explores every order in which actors can have their effects. Of orders that differ only in effects that do not conflict, it runs one
 * (dynamic partial order reduction). Each schedule runs from the beginning, and the same order must always lead to the same state.
 * @see https://doi.org/10.1145/3073408 Abdulla and others, "Source sets: a foundation for optimal dynamic partial order reduction"
 */

/** Chooses the next step among those that the unfinished actors are about to take. */
export type Choose = (waiting: readonly Step[]) => Step;

/** Thrown by {@link Choose} when every continuation is equivalent to a schedule that runs elsewhere. */
class Redundant extends Error {
  override readonly name = 'Redundant';
}

export interface Explored {
  /** Schedules that ran to their end. */
  readonly schedules: number;
  /** Prefixes that were abandoned, as they lead to nothing new. */
  readonly redundant: number;
  /** Prefixes that were left out, as they have more interruptions than allowed. */
  readonly left: number;
  /** The number of effects in the longest schedule. */
  readonly longest: number;
}

/** A state that the actors can reach, identified by the actors of the steps that led to it. */
interface Node {
  readonly waiting: readonly Step[];
  /** The sleep set: actors whose next step is explored elsewhere. */
  readonly asleep: ReadonlySet<string>;
  /** The actors that go next in some schedule, in the order in which that was decided. */
  readonly begun: string[];
}

const keyOf = (actors: readonly string[]): string => actors.join('\n');

/** The vector clock of each step: by actor, the last of its steps that happens before it, or is it. */
type Clocks = readonly ReadonlyMap<string, number>[];

interface Race {
  /** The index of the earlier step. */
  readonly at: number;
  /** The steps that would replace it if the later one came first: those that lead to the later one, and itself. */
  readonly instead: readonly number[];
}

/** Finds the pairs of conflicting steps of a run that could have come in the other order. */
function races(trace: readonly Step[]): { readonly found: readonly Race[]; readonly clocks: Clocks } {
  const found: Race[] = [];
  const clocks: ReadonlyMap<string, number>[] = [];
  const latest = new Map<string, ReadonlyMap<string, number>>();
  for (const [index, step] of trace.entries()) {
    const before = trace.slice(0, index);
    const others = new Set(before.map(({ actor }) => actor).filter((actor) => actor !== step.actor));
    const known = latest.get(step.actor);
    const free = [...others]
      .map((other) => before.findLastIndex((each) => each.actor === other && conflict(each, step)))
      .filter((at) => at >= 0 && !comesAfter(known, trace, at));
    for (const at of free) {
      if (free.some((other) => other !== at && comesAfter(clocks[other], trace, at))) continue;
      const rest = [...before.keys()].slice(at + 1).filter((each) => !comesAfter(clocks[each], trace, at));
      found.push({ at, instead: [...rest, index] });
    }
    const clock = new Map(known);
    for (const [actor, last] of free.flatMap((at) => [...(clocks[at] ?? [])])) {
      clock.set(actor, Math.max(last, clock.get(actor) ?? -1));
    }
    clock.set(step.actor, index);
    clocks.push(clock);
    latest.set(step.actor, clock);
  }
  return { found, clocks };
}

const comesAfter = (clock: Clocks[number] | undefined, trace: readonly Step[], at: number): boolean =>
  (clock?.get(trace[at]?.actor ?? '') ?? -1) >= at;

/** Returns the actors that can take the first of some steps: those whose step depends on none of the others. */
function firsts(trace: readonly Step[], clocks: Clocks, steps: readonly number[]): readonly string[] {
  const able = steps.filter((step) =>
    steps.every((other) => other >= step || !comesAfter(clocks[step], trace, other)),
  );
  return able.flatMap((step) => trace[step]?.actor ?? []);
}

function createTree(mostInterruptions: number) {
  const nodes = new Map<string, Node>();
  /** Prefixes to run: the actor of each step. */
  const tasks: (readonly string[])[] = [[]];
  let left = 0;
  // With a bound, sleep sets are unsound: the equivalent schedule may exceed the bound where this one does not.
  const bounded = Number.isFinite(mostInterruptions);

  /** Counts the steps of a prefix whose actor takes over from one that could have continued. */
  function interruptions(path: readonly string[]): number {
    const at = path.filter((_, index) => {
      const last = path[index - 1];
      const waiting = nodes.get(keyOf(path.slice(0, index)))?.waiting ?? [];
      return last !== undefined && path[index] !== last && waiting.some(({ actor }) => actor === last);
    });
    return at.length;
  }

  /** Adds a schedule in which one of `actors` goes next at a node, unless there is one. */
  function branch(path: readonly string[], actors: readonly string[]): void {
    const node = nodes.get(keyOf(path));
    const [actor] = actors;
    if (node === undefined || actor === undefined) return;
    if (actors.some((each) => node.asleep.has(each) || node.begun.includes(each))) return;
    node.begun.push(actor);
    const prefix = [...path, actor];
    if (interruptions(prefix) <= mostInterruptions) tasks.push(prefix);
    else left += 1;
  }

  return {
    next: () => tasks.pop(),
    left: () => left,
    /** Returns the chooser of a run that begins with `path`, and the run's trace. */
    follow(path: readonly string[]) {
      const trace: Step[] = [];
      let asleep: ReadonlySet<string> = new Set();
      const choose: Choose = (waiting) => {
        const key = keyOf(trace.map(({ actor }) => actor));
        const node = nodes.get(key) ?? { waiting, asleep, begun: [] };
        nodes.set(key, node);
        if (orderText(node.waiting) !== orderText(waiting)) {
          throw new Error(
            `not deterministic: another run of this order reached another state:\n${orderText(node.waiting)}\n${orderText(waiting)}`,
          );
        }
        const given = path[trace.length];
        // Prefer the actor of the last step, so that schedules with few interruptions come first.
        const candidates = [...waiting].toSorted((a, b) => rank(b, trace) - rank(a, trace));
        const step = candidates.find(({ actor }) =>
          given === undefined ? !node.asleep.has(actor) : actor === given,
        );
        if (step === undefined) throw new Redundant('explored in another order');
        if (given === undefined) node.begun.push(step.actor);
        const settled = [...node.asleep, ...node.begun.slice(0, node.begun.indexOf(step.actor))];
        asleep = new Set(
          bounded
            ? []
            : settled.filter((actor) =>
                waiting.some((each) => each.actor === actor && !conflict(each, step)),
              ),
        );
        trace.push(step);
        return step;
      };
      /** Adds schedules for the races of this run. */
      const learn = (): void => {
        const actors = trace.map(({ actor }) => actor);
        const { found, clocks } = races(trace);
        for (const { at, instead } of found) {
          if (!bounded) {
            branch(actors.slice(0, at), firsts(trace, clocks, instead));
            continue;
          }
          const actor = actors[instead.at(-1) ?? -1];
          for (const place of [at, turnOf(actors, at)]) if (actor) branch(actors.slice(0, place), [actor]);
        }
      };
      return { choose, trace, learn };
    },
  };
}

/** Returns where the turn that contains a step began: to let another actor go there costs no further interruption. */
const turnOf = (actors: readonly string[], at: number): number =>
  actors.slice(0, at).findLastIndex((actor) => actor !== actors[at]) + 1;

const rank = ({ actor }: Step, trace: readonly Step[]): number => (trace.at(-1)?.actor === actor ? 1 : 0);

/**
 * Runs every schedule, several at once.
 * @param runners Each runs one schedule at a time, from the beginning, and calls back for the next step.
 * @param mostInterruptions How often a schedule may take the turn from an actor that could continue.
 * @throws Error of the first schedule that fails, with its order of effects.
 */
export async function explore(
  runners: readonly ((choose: Choose) => Promise<void>)[],
  mostInterruptions = Number.POSITIVE_INFINITY,
): Promise<Explored> {
  const tree = createTree(mostInterruptions);
  const found = { schedules: 0, redundant: 0, longest: 0 };
  let [busy, failed] = [0, false];
  let wake: (() => void)[] = [];

  async function work(run: (choose: Choose) => Promise<void>): Promise<void> {
    while (!failed) {
      const path = tree.next();
      if (path === undefined) {
        if (busy === 0) return;
        await new Promise<void>((resolve) => wake.push(resolve));
        continue;
      }
      busy += 1;
      const { choose, trace, learn } = tree.follow(path);
      try {
        await run(choose);
        found.schedules += 1;
        found.longest = Math.max(found.longest, trace.length);
      } catch (error) {
        if (!(error instanceof Redundant)) {
          failed = true;
          const reason = error instanceof Error ? error.message : String(error);
          throw new Error(`${reason}\nThe order of effects was\n${orderText(trace)}`, { cause: error });
        }
        found.redundant += 1;
      } finally {
        busy -= 1;
        learn();
        for (const resolve of wake) resolve();
        wake = [];
      }
    }
  }

  const ended = await Promise.allSettled(runners.map(work));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return { ...found, left: tree.left() };
}
