/** Effects of actors on shared state, and which of them conflict. */

/**
 * What an effect reads and writes, by names such as `channels/7`. A name includes everything below it; the empty name includes
 * everything.
 */
export interface Footprint {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

/** An effect that an actor is about to have. */
export interface Step {
  readonly actor: string;
  readonly effect: string;
  readonly touches: Footprint;
}

const overlap = (one: string, other: string): boolean =>
  one === '' || other === '' || one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);

const meet = (some: readonly string[] = [], others: readonly string[] = []): boolean =>
  some.some((one) => others.some((other) => overlap(one, other)));

/** Returns whether the order of two effects can matter: one writes what the other reads or writes. */
export const conflict = ({ touches: one }: Step, { touches: other }: Step): boolean =>
  meet(one.writes, other.writes) || meet(one.writes, other.reads) || meet(one.reads, other.writes);

/** Formats an order of effects, one a line. */
export const orderText = (steps: readonly Step[]): string =>
  steps.map(({ actor, effect }, index) => `${String(index + 1).padStart(3)}. ${actor}: ${effect}`).join('\n');
