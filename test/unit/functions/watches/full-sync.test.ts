import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullSyncDueAt, reconcileMsOf } from '../../../../functions/watches/full-sync.ts';
import { listWatch, NOW, sampleWatch, synced } from '../../../support/sample-watch.ts';

const DAY = 86_400_000;
const MONTH = 30 * DAY;
const fullAt = NOW - DAY;
const sync = synced({ fullStartedAt: fullAt });
const afterFull = (id: string, reconcileMs = MONTH): number =>
  fullSyncDueAt(sampleWatch({ id, sync }), reconcileMs) - fullAt;

describe('the next full sync of a watch', () => {
  test('is due within the last tenth of the time, and always at the same moment', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 365 * DAY }), (id, reconcileMs) => {
        const after = afterFull(id, reconcileMs);
        expect(after).toBeLessThanOrEqual(reconcileMs);
        expect(after).toBeGreaterThan(0.9 * reconcileMs - 1);
        expect(afterFull(id, reconcileMs)).toBe(after);
      }),
    );
  });

  test('is spread evenly over watches that were created together', () => {
    const tenths = new Map<number, number>();
    for (let number = 0; number < 1000; number += 1) {
      const tenth = Math.floor((afterFull(`watch-${String(number)}`) / MONTH - 0.9) * 100);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
    }
    expect(tenths.size).toBe(10);
    for (const count of tenths.values()) expect(count).toBeGreaterThan(60);
  });

  test('is never due where reconciliation is switched off, but for calendar lists', () => {
    const never = reconcileMsOf(0);
    expect(afterFull('watch-1', never)).toBe(Infinity);
    expect(fullSyncDueAt(listWatch(sync), never)).toBe(fullAt + DAY);
  });

  test('is due every day for a calendar list, or more often where all are', () => {
    expect(fullSyncDueAt(listWatch(sync), MONTH)).toBe(fullAt + DAY);
    expect(fullSyncDueAt(listWatch(sync), reconcileMsOf(3600)) - fullAt).toBeLessThanOrEqual(3_600_000);
  });

  test('is due at once if none has completed', () => {
    expect(fullSyncDueAt(sampleWatch({ sync: synced({ fullStartedAt: undefined }) }), MONTH)).toBeLessThan(
      NOW,
    );
  });
});
