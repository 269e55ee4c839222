import { conflict, orderText, type Step } from './steps.ts';

/**
 * Every order in which parties can have their effects, but for orders that differ only in effects that do not conflict:
 * of those one is tried ("Source sets: a foundation for optimal dynamic partial order reduction", Abdulla and others, 2017). What is explored is run from its beginning each time, and must always do the same in the same order.
 */

/** Picks who goes next. Called with what everybody who is not done is about to do. */
export type Choose = (waiting: readonly Step[]) => Step;

/** Thrown by {@link Choose} when whatever is still to come has been tried in another order. */
class Redundant extends Error {
  override readonly name = 'Redundant';
}

export interface Explored {
  /** Orders that were run to their end. */
  readonly schedules: number;
  /** Beginnings that turned out to lead to nothing new. */
  readonly redundant: number;
  /** Beginnings that were left out: they interrupt somebody more often than was allowed. */
  readonly left: number;
  /** The most effects in one schedule. */
  readonly longest: number;
}

/** A state of the whole, named by who went until then. */
interface Node {
  readonly waiting: readonly Step[];
  /** Who need not go next: that is tried elsewhere. */
  readonly asleep: ReadonlySet<string>;
  /** Who goes next in some schedule, in the order in which that was decided. */
  readonly begun: string[];
}

const keyOf = (actors: readonly string[]): string => actors.join('\n');

/** For each step of a run the latest step of every actor that had to come before it, itself included. */
type Clocks = readonly ReadonlyMap<string, number>[];

interface Race {
  /** The number of an effect. */
  readonly at: number;
  /** What would come instead of it where another that it conflicts with came first: that one, and what leads to it. */
  readonly instead: readonly number[];
}

/** Where in a run one effect could have come before another that it conflicts with. */
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

/** Who can be the first of some steps of a run: nothing among them has to come before. */
function firsts(trace: readonly Step[], clocks: Clocks, steps: readonly number[]): readonly string[] {
  const able = steps.filter((step) =>
    steps.every((other) => other >= step || !comesAfter(clocks[step], trace, other)),
  );
  return able.flatMap((step) => trace[step]?.actor ?? []);
}

function createTree(mostInterruptions: number) {
  const nodes = new Map<string, Node>();
  /** Beginnings that are to be run: who goes in each step. */
  const tasks: (readonly string[])[] = [[]];
  let left = 0;
  // An order that is given up for another one with the same outcome could have been within the bound, and the other not.
  const bounded = Number.isFinite(mostInterruptions);

  /** How often in a beginning somebody goes who did not go last, though that one could have gone on. */
  function interruptions(path: readonly string[]): number {
    const at = path.filter((_, index) => {
      const last = path[index - 1];
      const waiting = nodes.get(keyOf(path.slice(0, index)))?.waiting ?? [];
      return last !== undefined && path[index] !== last && waiting.some(({ actor }) => actor === last);
    });
    return at.length;
  }

  /** Decides that in some schedule one of `actors` goes next at a node, unless one does anyway or is tried elsewhere. */
  function branch(path: readonly string[], actors: readonly string[]): void {
    const node = nodes.get(keyOf(path));
    const [actor] = actors;
    if (node === undefined || actor === undefined) return;
    if (actors.some((each) => node.asleep.has(each) || node.begun.includes(each))) return;
    node.begun.push(actor);
    const beginning = [...path, actor];
    if (interruptions(beginning) <= mostInterruptions) tasks.push(beginning);
    else left += 1;
  }

  return {
    next: () => tasks.pop(),
    left: () => left,
    /** A run of what is begun so by `path`, and what it has done so far. */
    follow(path: readonly string[]) {
      const trace: Step[] = [];
      let asleep: ReadonlySet<string> = new Set();
      const choose: Choose = (waiting) => {
        const key = keyOf(trace.map(({ actor }) => actor));
        const node = nodes.get(key) ?? { waiting, asleep, begun: [] };
        nodes.set(key, node);
        if (orderText(node.waiting) !== orderText(waiting)) {
          throw new Error(
            `another run came to something else:\n${orderText(node.waiting)}\n${orderText(waiting)}`,
          );
        }
        const given = path[trace.length];
        // Whoever went last goes on where that is possible: schedules with few changes come first.
        const going = [...waiting].toSorted((a, b) => rank(b, trace) - rank(a, trace));
        const step = going.find(({ actor }) =>
          given === undefined ? !node.asleep.has(actor) : actor === given,
        );
        if (step === undefined) throw new Redundant('tried in another order');
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
      /** Takes note of every two effects that could have come the other way round. */
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

/** Where the turn began in which a step was taken: to let another go there costs no interruption more. */
const turnOf = (actors: readonly string[], at: number): number =>
  actors.slice(0, at).findLastIndex((actor) => actor !== actors[at]) + 1;

const rank = ({ actor }: Step, trace: readonly Step[]): number => (trace.at(-1)?.actor === actor ? 1 : 0);

/**
 * Runs every schedule, several at once: each of `lanes` runs one at a time, from the beginning, and asks who goes next.
 * `mostInterruptions` bounds how often a schedule takes the turn from somebody who could have gone on.
 * @throws Error of the first schedule that fails, with its order of effects.
 */
export async function explore(
  lanes: readonly ((choose: Choose) => Promise<void>)[],
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

  const ended = await Promise.allSettled(lanes.map(work));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return { ...found, left: tree.left() };
}
