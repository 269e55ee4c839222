/** The latest messages by position, so that a page that lost its connection can resume without a gap. Pure. */
import { keepLatest } from '../../emulator/journal/keep-latest.ts';
import type { StreamMessage } from '../model/stream.ts';

export interface Positioned {
  readonly position: number;
  readonly message: StreamMessage;
}

/** Returns an empty list that keeps the latest `limit` messages or more. Positions count from 1. */
export function createPositions(limit: number) {
  const kept: Positioned[] = [];
  let last = 0;
  return {
    /** Adds a message and returns it with its position. */
    add(message: StreamMessage): Positioned {
      const added = { position: ++last, message };
      keepLatest(kept, added, limit);
      return added;
    },
    last: (): number => last,
    /** Returns the messages after a position; undefined if some of them were dropped, or the position was never assigned. */
    after(position: number): readonly Positioned[] | undefined {
      const missing = last - position;
      if (!Number.isInteger(position) || missing < 0 || missing > kept.length) return undefined;
      return missing === 0 ? [] : kept.slice(-missing);
    },
  };
}
