import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSlots, type Release } from '../../../../functions/runtime/slots.ts';

/** Lets every promise settle that can. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('slots', () => {
  test('are taken in the order of the calls, each as soon as one is free', async () => {
    const slots = createSlots(1);
    const order: number[] = [];
    const releases: Release[] = [];
    const takeAs = async (number: number): Promise<void> => {
      const release = await slots.take();
      order.push(number);
      releases.push(release);
    };
    const all = Promise.all([1, 2, 3].map(takeAs));
    for (const taken of [[1], [1, 2], [1, 2, 3]]) {
      await settle();
      expect(order).toEqual(taken);
      releases.at(-1)?.();
    }
    await all;
  });

  test('are not taken ahead of a call that waits', async () => {
    const slots = createSlots(1);
    const release = await slots.take();
    const waiting = slots.take();
    expect(slots.tryTake()).toBeUndefined();
    release();
    expect(slots.tryTake()).toBeUndefined();
    (await waiting)();
    await settle();
    (await slots.tryTake())?.();
  });

  test('are never more than their number, and all free again in the end', async () => {
    const actions = fc.array(fc.constantFrom('take', 'tryTake', 'release', 'releaseTwice'), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), actions, async (count, steps) => {
        const slots = createSlots(count);
        const held: Release[] = [];
        const hold = (taken: Promise<Release> | undefined): void =>
          void taken?.then((release) => held.push(release));
        for (const step of steps) {
          if (step === 'take') hold(slots.take());
          if (step === 'tryTake') hold(slots.tryTake());
          const release = step.startsWith('release') ? held.shift() : undefined;
          release?.();
          if (step === 'releaseTwice') release?.();
          await settle();
          expect(held.length).toBeLessThanOrEqual(count);
        }
        for (let release = held.shift(); release !== undefined; release = held.shift()) {
          release();
          await settle();
        }
        for (let free = 0; free < count; free += 1) expect(slots.tryTake()).toBeDefined();
      }),
      { numRuns: 50 },
    );
  });
});
