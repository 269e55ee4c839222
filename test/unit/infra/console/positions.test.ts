import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPositions } from '../../../../infra/console/server/positions.ts';
import type { StreamMessage } from '../../../../infra/console/model/stream.ts';

const message = (id: number): StreamMessage => ({ type: 'hops', id: String(id), hops: [] });

/** What was sent after a position. */
const sequenceFrom = (position: number, sent: number) =>
  Array.from({ length: Math.max(0, sent - position) }, (_, index) => ({
    position: position + index + 1,
    message: message(position + index + 1),
  }));

test('a page that comes back gets exactly what it missed, or starts anew', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(100), fc.nat(120), (limit, sent, position) => {
      const positions = createPositions(limit);
      for (let id = 1; id <= sent; id += 1) positions.add(message(id));
      const missed = positions.after(position);
      const known = missed ?? sequenceFrom(position, sent);
      expect(known).toEqual(sequenceFrom(position, sent));
      // It starts anew only when some of it may be forgotten, or the position is of another start.
      expect(missed !== undefined || position > sent || sent - position > limit).toBe(true);
    }),
  );
});

test.each([Number.NaN, -1, 1.5])('the position %d is of no stream', (position) => {
  const positions = createPositions(5);
  positions.add(message(1));
  expect(positions.after(position)).toBeUndefined();
});
