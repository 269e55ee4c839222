/** Which epoch a watch numbers its changes in: one above every number that a collection's items can carry. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochFor, type Numbering } from '../../../../functions/watches/claims.ts';
import { baseOf, begunEpoch, EPOCH_SIZE, epochOf } from '../../../../functions/watches/epochs.ts';
import { inEpoch } from '../../../../functions/watches/watch.ts';
import { SYNCED } from '../../../support/sample-watch.ts';

const UNKNOWN: Numbering = { claimed: undefined, holder: undefined, used: undefined, highest: 0 };
const NEW = { id: 'b', epoch: 0, sequence: 0 };

describe('the epoch of a watch', () => {
  test.each<[string, typeof NEW, Partial<Numbering>, number]>([
    ['no watch has claimed before is the first', NEW, {}, 0],
    ['it has claimed itself before stays', { ...NEW, sequence: 18 }, { claimed: 0, holder: 'b' }, 0],
    ['another watch has numbered is the next', NEW, { claimed: 0, holder: 'a', used: 0 }, 1],
    ['another watch claimed but never numbered is that one', NEW, { claimed: 1, holder: 'a' }, 1],
    ['another watch numbered in a later epoch is above that', NEW, { claimed: 1, holder: 'a', used: 3 }, 4],
    ['a claim without an epoch leaves to another watch is the next', NEW, { holder: 'a' }, 1],
    ['it claimed before its status was lost, without an epoch, is the next', NEW, { holder: 'b' }, 1],
    ['has items with numbers of an unknown watch is the next', NEW, { highest: 18 }, 1],
    ['has items with its own numbers stays', { ...NEW, sequence: 18 }, { highest: 18 }, 0],
    [
      'another watch numbered lower stays',
      { id: 'b', epoch: 5, sequence: baseOf(5) + 1 },
      { claimed: 1, holder: 'a', used: 1 },
      5,
    ],
  ])('over a collection that %s', (_, watch, numbering, expected) => {
    expect(epochFor(watch, { ...UNKNOWN, ...numbering })).toBe(expected);
  });

  test('is never below its own, nor at or below one that another watch has used', () => {
    const epoch = fc.nat(1000);
    const numbering = fc.record({
      claimed: fc.option(epoch, { nil: undefined }),
      holder: fc.constantFrom('a', 'b', undefined),
      used: fc.option(epoch, { nil: undefined }),
      highest: fc.nat(5 * EPOCH_SIZE),
    });
    fc.assert(
      fc.property(epoch, fc.nat(100), numbering, (own, count, known) => {
        const sequence = baseOf(own) + count;
        const found = epochFor({ id: 'b', epoch: own, sequence }, known);
        expect(found).toBeGreaterThanOrEqual(own);
        const others = known.holder === 'a' ? (known.used ?? -1) : -1;
        const strays = known.claimed === undefined && known.highest > sequence ? epochOf(known.highest) : -1;
        expect(found).toBeGreaterThan(Math.max(others, strays));
      }),
    );
  });
});

test('the numbers of an epoch begin just above its base', () => {
  expect([0, 1, EPOCH_SIZE - 1, EPOCH_SIZE, EPOCH_SIZE + 1].map(epochOf)).toEqual([0, 0, 0, 1, 1]);
  expect(begunEpoch([{ sequence: 1 }])).toBe(0);
  expect(begunEpoch([{ sequence: baseOf(3) }, { sequence: baseOf(3) + 1 }])).toBe(3);
  expect(begunEpoch([{ sequence: 2 }])).toBeUndefined();
  expect(begunEpoch()).toBeUndefined();
});

test('a watch without a number in its epoch starts as though it had never synced', () => {
  expect(inEpoch(SYNCED, 0)).toBe(SYNCED);
  expect(inEpoch({ ...SYNCED, failures: 2, error: 'backendError' }, 1)).toEqual({
    sequence: baseOf(1),
    failures: 2,
    error: 'backendError',
  });
});
