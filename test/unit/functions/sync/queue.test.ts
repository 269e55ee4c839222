/** Simulates queues of notifications: edits behind them are mirrored soon, at the cost of few list calls. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SyncStatus } from '../../../../functions/watches/status.ts';
import { decide } from '../../../../functions/sync/decide.ts';
import { intervals, NOW, PUSH, sampleWatch, SYNCED } from '../../../support/sample-watch.ts';

/** Duration of a delivery that is skipped, and of a sync, in ms. */
const PUSH_MS = 50;
const SYNC_MS = 250;
const MIN_INTERVAL_MS = 2000;

interface Queue {
  readonly notifications: number;
  /** Time over which the notifications are published, in ms. */
  readonly publishedWithin: number;
  /** When events are edited, in ms after the first notification. Each edit has a notification of its own. */
  readonly edits: readonly number[];
  readonly pushMs?: number;
}

/** Delivers a queue one message at a time, as Pub/Sub does for one ordering key. Times are ms after the first one. */
function simulate({ notifications, publishedWithin, edits, pushMs = PUSH_MS }: Queue) {
  const published = [
    ...Array.from({ length: notifications }, (_, index) => (index * publishedWithin) / notifications),
    ...edits,
  ].toSorted((a, b) => a - b);
  let sync: SyncStatus = { ...SYNCED, startedAt: NOW - 3_600_000 };
  let now = 0;
  let lists = 0;
  const mirroredAt = new Map<number, number>();
  for (const publishedAt of published) {
    now = Math.max(now, publishedAt) + pushMs;
    for (;;) {
      const decision = decide(
        PUSH,
        NOW + publishedAt,
        sampleWatch({ sync, readTime: NOW + Math.floor(now) }),
        intervals(MIN_INTERVAL_MS),
      );
      if (decision.do === 'wait') now += decision.ms;
      else if (decision.do === 'sync') {
        const startedAt = NOW + Math.floor(now);
        const found = edits.filter((edit) => edit <= now && !mirroredAt.has(edit));
        now += SYNC_MS;
        lists += 1;
        for (const edit of found) mirroredAt.set(edit, now);
        sync = {
          ...sync,
          startedAt,
          ...(found.length > 0 ? { changedAt: startedAt } : {}),
          completedAt: NOW + Math.floor(now),
        };
        break;
      } else break;
    }
  }
  const waits = edits.map((edit) => (mirroredAt.get(edit) ?? Number.POSITIVE_INFINITY) - edit);
  return { lists, longest: Math.max(0, ...waits), drained: now };
}

describe('an edit behind notifications of its own watch is mirrored within 3 s', () => {
  test.each([200, 2000, 10_000])('if %i came within two seconds', (notifications) => {
    const { longest, lists, drained } = simulate({ notifications, publishedWithin: 2000, edits: [2001] });
    expect(longest).toBeLessThanOrEqual(3000);
    expect(drained).toBeGreaterThanOrEqual(notifications * PUSH_MS);
    expect(lists).toBeLessThanOrEqual(notifications === 10_000 ? 15 : 10);
  });

  test('whenever it is made in the first seconds, with at most ten list calls', () => {
    const edit = fc.integer({ min: 0, max: 6000 });
    fc.assert(
      fc.property(edit, fc.integer({ min: 1, max: 6000 }), (at, publishedWithin) => {
        const { longest, lists } = simulate({ notifications: 2000, publishedWithin, edits: [at] });
        expect(longest).toBeLessThanOrEqual(3000);
        expect(lists).toBeLessThanOrEqual(10);
      }),
      { numRuns: 20 },
    );
  });

  test('with at most four list calls if 200 came within a second', () => {
    expect(
      simulate({ notifications: 200, publishedWithin: 1000, edits: [], pushMs: 30 }).lists,
    ).toBeLessThanOrEqual(4);
  });

  test('while edits continue, however old the queue is', () => {
    const edits = Array.from({ length: 300 }, (_, index) => 100 + index * 200);
    const { longest } = simulate({ notifications: 2000, publishedWithin: 2000, edits });
    expect(longest).toBeLessThanOrEqual(3000);
  });

  test('or, made late, within two thirds of the age of the queue', () => {
    const { longest } = simulate({ notifications: 2000, publishedWithin: 2000, edits: [30_000] });
    expect(longest).toBeLessThanOrEqual(20_000 + SYNC_MS);
  });
});
