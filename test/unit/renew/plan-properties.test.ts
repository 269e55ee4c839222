import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATES, type LiveChannel, type SyncStatus, type Watch } from '../../../functions/mirror/watch.ts';
import { plan, renewAt, usable, type Plan, type Rules } from '../../../functions/renew/plan.ts';
import { CHANNEL, NOW, sampleWatch, SPEC, SYNCED, WISH, wishOf } from '../../support/sample-watch.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const LIST = wishOf({ user: SPEC.user, resource: 'calendarList' });

const time = fc.integer({ min: NOW - 40 * DAY, max: NOW + 40 * DAY });
const channel = fc
  .record({ createdAt: time, expiresAt: time, parametersKey: fc.constantFrom(WISH.parametersKey, 'other') })
  .map((given): LiveChannel => ({ ...CHANNEL, ...given }));
const watchCall = fc.record({
  failures: fc.integer({ min: 1, max: 50 }),
  failedAt: time,
  reason: fc.constantFrom('x', 'pushNotSupportedForRequestedResource'),
});
const sync = fc
  .record({
    failures: fc.nat({ max: 50 }),
    failedAt: time,
    startedAt: time,
    fullStartedAt: time,
    completedAt: fc.option(time, { nil: undefined }),
    unannounced: fc.constantFrom('channel-1', 'x'),
  })
  .map((given): SyncStatus => ({ ...SYNCED, ...given }));
const watch = fc
  .record({
    spec: fc.constantFrom<unknown>(
      SPEC,
      { ...SPEC, singleEvents: true },
      { ...SPEC, removed: 'purge' },
      { user: SPEC.user, resource: 'calendarList' },
      {},
    ),
    state: fc.constantFrom(...STATES),
    reason: fc.constantFrom(undefined, 'invalidSpec', 'collectionTaken', 'authError'),
    collection: fc.constantFrom(undefined, WISH.collection, LIST.collection),
    channel: fc.option(channel, { nil: undefined }),
    watchCall: fc.option(watchCall, { nil: undefined }),
    sync,
  })
  .map(sampleWatch);
const rules = fc.record({
  ttlMs: fc.integer({ min: SECOND, max: 30 * DAY }),
  renewBeforeMs: fc.integer({ min: 0, max: 30 * DAY }),
  maxStalenessMs: fc.integer({ min: SECOND, max: 30 * DAY }),
  pollMs: fc.integer({ min: SECOND, max: DAY }),
});
const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const holds = (judge: (watch: Watch, plan: Plan, rules: Rules) => void): void =>
  fc.assert(
    fc.property(watch, rules, dice, (given, by, random) => {
      judge(given, plan(given, NOW, by, random), by);
    }),
    { numRuns: 2000 },
  );

describe('whatever a watch is like,', () => {
  test('the next look is later than now', () => {
    holds((_, todo) => {
      expect('nextDueAt' in todo ? todo.nextDueAt : Infinity).toBeGreaterThan(NOW);
    });
  });

  test('a watch that is neither resting nor removed is looked at again within its longest interval', () => {
    holds((_, todo, by) => {
      const longest = todo.do === 'poll' ? Math.max(by.maxStalenessMs, by.pollMs, 7.5 * HOUR) : Infinity;
      expect('nextDueAt' in todo ? todo.nextDueAt - NOW : 0).toBeLessThanOrEqual(longest);
    });
  });

  test('what is wanted and whose collection is its own is polled or gets a channel', () => {
    holds((given, todo) => {
      const spec = given.spec.ok ? given.spec.wish : undefined;
      const wanted = spec !== undefined && spec.removed === undefined && spec.collection === given.collection;
      const settled =
        !['removed', 'removing'].includes(given.state) &&
        given.reason !== 'invalidSpec' &&
        given.reason !== 'collectionTaken';
      expect(!(wanted && settled) || todo.do === 'poll' || todo.do === 'open').toBe(true);
    });
  });

  test('a channel that is not to be relied on is no reason to be active', () => {
    holds((given, todo) => {
      const good = given.spec.ok && usable(given, given.spec.wish, NOW) !== undefined;
      const becomesActive = todo.do === 'poll' && todo.to?.state === 'active';
      expect(becomesActive && !good).toBe(false);
    });
  });

  test('a channel is not replaced while it lives, serves the wish, and is not yet due', () => {
    holds((given, todo, by) => {
      const good = given.spec.ok ? usable(given, given.spec.wish, NOW) : undefined;
      expect(todo.do === 'open' && good !== undefined && NOW < renewAt(good, by)).toBe(false);
    });
  });
});
