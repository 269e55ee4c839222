import { setImmediate as turn } from 'node:timers/promises';

import type { Choose } from './explore.ts';
import type { Footprint, Step } from './steps.ts';

/** Runs actors concurrently, with their effects one at a time in a chosen order. */

interface Pending {
  readonly step: Step;
  readonly release: () => Promise<unknown>;
}

/** Performs an effect when its turn comes. */
export type Effect = <T>(effect: string, touches: Footprint, perform: () => Promise<T>) => Promise<T>;

/**
 * Runs actors until all are done. Each effect waits until `choose` returns it. Concurrent effects of one actor keep their order.
 * @throws The first failure of an actor, or of `choose`. The effects that are still pending then never happen.
 */
export async function interleave(
  actors: Readonly<Record<string, (effect: Effect) => Promise<unknown>>>,
  choose: Choose,
): Promise<void> {
  const pending = new Map<string, Pending[]>();
  const failures: unknown[] = [];
  let running = 0;

  const begin = async (actor: string, act: (effect: Effect) => Promise<unknown>): Promise<void> => {
    const queue: Pending[] = [];
    pending.set(actor, queue);
    const effect: Effect = (name, touches, perform) =>
      new Promise((resolve, reject) => {
        const release = (): Promise<unknown> => perform().then(resolve, reject);
        queue.push({ step: { actor, effect: name, touches }, release });
      });
    try {
      await act(effect);
    } catch (error) {
      failures.push(error);
    }
    running -= 1;
  };
  for (const [actor, act] of Object.entries(actors)) {
    running += 1;
    void begin(actor, act);
  }

  for (;;) {
    // Between effects actors await nothing else: after a turn of the event loop each is at its next effect, or done.
    await turn();
    if (failures.length > 0) throw failures[0];
    const waiting = [...pending.values()].flatMap(([next]) => next?.step ?? []);
    if (waiting.length === 0) {
      if (running > 0) throw new Error('an actor waits for something other than an effect');
      return;
    }
    const { actor } = choose(waiting);
    await pending.get(actor)?.shift()?.release();
  }
}
