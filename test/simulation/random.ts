import { createRandom, type Random } from '../../infra/local/calendar/random.ts';

/** Chance, from one seed: a stream of its own for every subject and purpose, so that they do not disturb each other. */

export type { Random };

/** The stream of these names. */
export function streamOf(seed: number, ...names: readonly (string | number)[]): Random {
  let hash = 0x811c9dc5;
  for (const character of `${String(seed)}/${names.join('/')}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return createRandom(hash);
}

/** A number from `least` up to `most`. */
export const between = (random: Random, least: number, most: number): number =>
  least + random() * (most - least);

/** The time to the next of things that come independently of each other, `mean` apart on average. */
export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random());

/** One of these. @throws {RangeError} when there is none. */
export function pick<T>(random: Random, all: readonly T[]): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new RangeError('there is nothing to pick from');
  return one;
}
