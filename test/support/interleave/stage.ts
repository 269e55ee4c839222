import { setImmediate as turn } from 'node:timers/promises';

import type { Choose } from './explore.ts';
import type { Footprint, Step } from './steps.ts';

/** Holds up every effect of some parties until it is let go, so that one comes after the other in an order of our choice. */

interface Held {
  readonly step: Step;
  readonly letGo: () => Promise<unknown>;
}

/** Has an effect when its turn comes. */
export type Effect = <T>(effect: string, touches: Footprint, perform: () => Promise<T>) => Promise<T>;

/**
 * Lets `actors` go, each with what its effects go through, until all are done. Effects that one party asks for at once keep
 * the order in which it asks.
 * @throws whatever a party fails with, and what `choose` throws; whoever waits then waits for ever.
 */
export async function direct(
  actors: Readonly<Record<string, (effect: Effect) => Promise<unknown>>>,
  choose: Choose,
): Promise<void> {
  const held = new Map<string, Held[]>();
  const failures: unknown[] = [];
  let going = 0;

  const begin = async (actor: string, act: (effect: Effect) => Promise<unknown>): Promise<void> => {
    const queue: Held[] = [];
    held.set(actor, queue);
    const effect: Effect = (name, touches, perform) =>
      new Promise((resolve, reject) => {
        const letGo = (): Promise<unknown> => perform().then(resolve, reject);
        queue.push({ step: { actor, effect: name, touches }, letGo });
      });
    try {
      await act(effect);
    } catch (error) {
      failures.push(error);
    }
    going -= 1;
  };
  for (const [actor, act] of Object.entries(actors)) {
    going += 1;
    void begin(actor, act);
  }

  for (;;) {
    // Between its effects nobody waits for anything: after a turn everybody is at the next one, or done.
    await turn();
    if (failures.length > 0) throw failures[0];
    const waiting = [...held.values()].flatMap(([next]) => next?.step ?? []);
    if (waiting.length === 0) {
      if (going > 0) throw new Error('somebody waits for something that is no effect');
      return;
    }
    const { actor } = choose(waiting);
    await held.get(actor)?.shift()?.letGo();
  }
}
