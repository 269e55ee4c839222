import { createRandom, type Random } from '../../../infra/emulator/state/random.ts';

/** Random numbers from one seed. Every subject and purpose has a stream of its own, so that they do not affect each other. */

export type { Random };

/** Returns the stream of these names. */
export function streamOf(seed: number, ...names: readonly (string | number)[]): Random {
  let hash = 0x811c9dc5;
  for (const character of `${String(seed)}/${names.join('/')}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return createRandom(hash);
}

/** Returns a number from `least` up to `most`. */
export const between = (random: Random, least: number, most: number): number =>
  least + random() * (most - least);

/** Returns the time to the next of independent events that are `mean` apart on average. */
export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random());

/** Returns one of these. @throws {RangeError} if there is none. */
export function pick<T>(random: Random, all: readonly T[]): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new RangeError('there is nothing to pick from');
  return one;
}
