import * as z from 'zod';

/**
 * `epochs/{watchId}`: the latest epoch in which a watch id numbered a change. It is a document of its own, so that no number is
 * reused when the watch document is overwritten, or deleted and created again.
 */

/** The first number of epoch `e` is `e × EPOCH_SIZE + 1`. */
export const EPOCH_SIZE = 1_000_000_000;

/** Returns the epoch of a sequence number. */
export const epochOf = (sequence: number): number => Math.floor(sequence / EPOCH_SIZE);

/** Returns the last number before an epoch's first. */
export const baseOf = (epoch: number): number => epoch * EPOCH_SIZE;

/** Returns the position in the outbox of a change, or of a message about the watch that follows it. Positions sort as text. */
export const positionOf = (sequence: number, message?: number): string =>
  `${String(sequence).padStart(16, '0')}${message === undefined ? '' : `~${String(message)}`}`;

const recordSchema = z.object({ epoch: z.number().int().nonnegative() });

/** Returns the epoch that these changes start, undefined if they continue one. */
export function begunEpoch(changes: readonly { readonly sequence: number }[] = []): number | undefined {
  const first = changes.find(({ sequence }) => sequence % EPOCH_SIZE === 1);
  return first && epochOf(first.sequence);
}

/** Returns the path of the document that records a watch's latest epoch. */
export const epochPath = (watchId: string): string => `epochs/${watchId}`;

/** Returns the epoch in an `epochs` or `claims` document, undefined if it has none. */
export const recordedEpoch = (data: unknown): number | undefined => recordSchema.safeParse(data).data?.epoch;
