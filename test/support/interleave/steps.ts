/** What two parties that share something do to it, one effect at a time. */

/**
 * What an effect reads and writes, by names like `channels/7`; a name stands for everything below it as well, and the empty
 * one for everything there is.
 */
export interface Footprint {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

/** An effect that one of the parties is about to have. */
export interface Step {
  readonly actor: string;
  readonly effect: string;
  readonly touches: Footprint;
}

const overlap = (one: string, other: string): boolean =>
  one === '' || other === '' || one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);

const meet = (some: readonly string[] = [], others: readonly string[] = []): boolean =>
  some.some((one) => others.some((other) => overlap(one, other)));

/** Whether it can matter which of two effects comes first: one writes what the other reads or writes. */
export const conflict = ({ touches: one }: Step, { touches: other }: Step): boolean =>
  meet(one.writes, other.writes) || meet(one.writes, other.reads) || meet(one.reads, other.writes);

/** An order of effects as one reads it. */
export const orderText = (steps: readonly Step[]): string =>
  steps.map(({ actor, effect }, index) => `${String(index + 1).padStart(3)}. ${actor}: ${effect}`).join('\n');
