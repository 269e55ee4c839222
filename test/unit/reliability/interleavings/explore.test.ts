import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explore, type Choose } from '../../../reliability/interleavings/explore.ts';
import { interleave, type Effect } from '../../../reliability/interleavings/interleave.ts';

/** The explorer on programs so small that a test can run every order of their effects. */

/** Sets `to` to three times its value, plus the value of `from` and `by`, so that most orders have different results. */
interface Instruction {
  readonly from: string;
  readonly to: string;
  readonly by: number;
}
type Program = readonly Instruction[];

const touches = ({ from, to }: Instruction) => ({ reads: [from], writes: [to] });

function perform(memory: Map<string, number>, { from, to, by }: Instruction): void {
  memory.set(to, (memory.get(to) ?? 0) * 3 + (memory.get(from) ?? 0) + by);
}

const resultOf = (memory: ReadonlyMap<string, number>): string =>
  JSON.stringify([...memory].toSorted(([a], [b]) => a.localeCompare(b)));

/** Runs every order; returns the final memories, and how many orders there are. */
function tryAll(programs: readonly Program[], bound = Number.POSITIVE_INFINITY) {
  const results = new Set<string>();
  let orders = 0;
  const go = (
    done: readonly number[],
    memory: ReadonlyMap<string, number>,
    last = -1,
    interruptions = 0,
  ): void => {
    if (interruptions > bound) return;
    const open = programs.flatMap((program, index) => {
      const next = program[done[index] ?? 0];
      return next === undefined ? [] : [{ index, next }];
    });
    if (open.length === 0) {
      orders += 1;
      results.add(resultOf(memory));
    }
    for (const { index, next } of open) {
      const after = new Map(memory);
      perform(after, next);
      const interrupts = index !== last && open.some((each) => each.index === last);
      go(done.with(index, (done[index] ?? 0) + 1), after, index, interruptions + (interrupts ? 1 : 0));
    }
  };
  go(
    programs.map(() => 0),
    new Map(),
  );
  return { results, orders };
}

async function exploreAll(programs: readonly Program[], benches = 1, bound?: number) {
  const results: string[] = [];
  const run = async (choose: Choose): Promise<void> => {
    const memory = new Map<string, number>();
    const actors = programs.map((program, index) => {
      const act = async (effect: Effect): Promise<void> => {
        for (const instruction of program) {
          const name = JSON.stringify(instruction);
          await effect(name, touches(instruction), async () => perform(memory, instruction));
        }
      };
      return [String(index), act] as const;
    });
    await interleave(Object.fromEntries(actors), choose);
    results.push(resultOf(memory));
  };
  return {
    explored: await explore(
      Array.from({ length: benches }, () => run),
      bound,
    ),
    results,
  };
}

const name = fc.constantFrom('a', 'b', 'c/1', 'c/2', 'c');
const program = fc.array(fc.record({ from: name, to: name, by: fc.integer({ min: 1, max: 9 }) }), {
  maxLength: 4,
});

const thrice = (to: string): Program => [1, 2, 3].map((by) => ({ from: to, to, by }));

/** Two actors that each add 1 to what they have read. */
const lost = async (choose: Choose): Promise<void> => {
  let shared = 0;
  const add = async (effect: Effect): Promise<void> => {
    const read = await effect('read', { reads: ['x'] }, async () => shared);
    await effect('write', { writes: ['x'] }, async () => void (shared = read + 1));
  };
  await interleave({ one: add, other: add }, choose);
  if (shared !== 2) throw new Error('an addition is lost');
};

const stuck = (choose: Choose) => interleave({ one: () => new Promise(() => {}) }, choose);

describe('the explorer', () => {
  test.each([2, 3])('finds everything that any order of %i programs can lead to', async (count) => {
    const programs = fc.array(program, { minLength: count, maxLength: count });
    await fc.assert(
      fc.asyncProperty(programs, async (given) => {
        fc.pre(given.flat().length <= 8);
        const { results, orders } = tryAll(given);
        const tried = await exploreAll(given, count);
        expect(new Set(tried.results)).toEqual(results);
        expect(tried.explored.schedules).toBeLessThanOrEqual(orders);
      }),
      { numRuns: 40 },
    );
  });

  test('runs one order where nothing conflicts, and every order where everything does', async () => {
    const found = { redundant: 0, left: 0, longest: 6 };
    expect((await exploreAll([thrice('a'), thrice('b')])).explored).toEqual({ ...found, schedules: 1 });
    expect((await exploreAll([thrice('a'), thrice('a')])).explored).toEqual({ ...found, schedules: 20 });
  });

  test.each([0, 1, 2])(
    'finds everything that %i interruptions can lead to, and nothing else',
    async (bound) => {
      await fc.assert(
        fc.asyncProperty(fc.tuple(program, program), async (given) => {
          const { results, orders } = tryAll(given, bound);
          const tried = await exploreAll(given, 2, bound);
          expect(new Set(tried.results)).toEqual(results);
          expect(tried.explored.schedules).toBeLessThanOrEqual(orders);
        }),
        { numRuns: 80 },
      );
    },
  );

  test('reports the order of effects when a schedule fails', async () => {
    await expect(explore([lost])).rejects.toThrow(
      /^an addition is lost\nThe order of effects was\n +1\. (\w+): read\n +2\. (?!\1)\w+: read\n/,
    );
  });

  test('reports an actor that waits for something other than an effect', async () => {
    await expect(explore([stuck])).rejects.toThrow('an actor waits for something other than an effect');
  });
});
