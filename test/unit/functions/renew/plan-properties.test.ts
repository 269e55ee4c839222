import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATES } from '../../../../functions/watches/states.ts';
import type { LiveChannel, SyncStatus } from '../../../../functions/watches/status.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { plan, type Plan } from '../../../../functions/renew/plan.ts';
import { renewAt, usableChannel, type Rules } from '../../../../functions/renew/schedule.ts';
import {
  CHANNEL,
  NOW,
  sampleWatch,
  SPEC,
  SYNCED,
  WATCH_SPEC,
  specOf,
} from '../../../support/sample-watch.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const LIST = specOf({ user: SPEC.user, resource: 'calendarList' });

const time = fc.integer({ min: NOW - 40 * DAY, max: NOW + 40 * DAY });
const channel = fc
  .record({
    createdAt: time,
    expiresAt: time,
    parametersKey: fc.constantFrom(WATCH_SPEC.parametersKey, 'other'),
  })
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
    suspectChannelId: fc.constantFrom('channel-1', 'x'),
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
    collection: fc.constantFrom(undefined, WATCH_SPEC.collection, LIST.collection),
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
  reconcileMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: SECOND, max: 365 * DAY })),
});
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const holds = (judge: (watch: Watch, plan: Plan, rules: Rules) => void): void =>
  fc.assert(
    fc.property(watch, rules, random, (given, by, chance) => {
      judge(given, plan(given, NOW, by, chance), by);
    }),
    { numRuns: 700 },
  );

describe('for any watch,', () => {
  test('the next check is later than now', () => {
    holds((_, todo) => {
      expect('nextDueAt' in todo ? todo.nextDueAt : Infinity).toBeGreaterThan(NOW);
    });
  });

  test('a watch that is neither resting nor removed is checked within its longest interval', () => {
    holds((_, todo, by) => {
      const longest = todo.do === 'poll' ? Math.max(by.maxStalenessMs, by.pollMs, 7.5 * HOUR) : Infinity;
      expect('nextDueAt' in todo ? todo.nextDueAt - NOW : 0).toBeLessThanOrEqual(longest);
    });
  });

  test('a wanted watch that owns its collection is polled or gets a channel', () => {
    holds((given, todo) => {
      const spec = given.spec.ok ? given.spec.value : undefined;
      const wanted = spec !== undefined && spec.removed === undefined && spec.collection === given.collection;
      const settled =
        !['removed', 'removing'].includes(given.state) &&
        given.reason !== 'invalidSpec' &&
        given.reason !== 'collectionTaken';
      expect(!(wanted && settled) || todo.do === 'poll' || todo.do === 'open').toBe(true);
    });
  });

  test('a watch without a usable channel does not become active', () => {
    holds((given, todo) => {
      const usable = given.spec.ok && usableChannel(given, given.spec.value, NOW) !== undefined;
      const becomesActive = todo.do === 'poll' && todo.to?.state === 'active';
      expect(becomesActive && !usable).toBe(false);
    });
  });

  test('a channel is not replaced in the first half of its lifetime', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 * DAY }), rules, (lifetimeMs, by) => {
        const opened: LiveChannel = { ...CHANNEL, createdAt: NOW, expiresAt: NOW + lifetimeMs, lifetimeMs };
        expect(renewAt(opened, by)).toBeGreaterThanOrEqual(NOW + lifetimeMs / 2);
      }),
    );
  });

  test('a usable channel is not replaced before its renewal is due', () => {
    holds((given, todo, by) => {
      const usable = given.spec.ok ? usableChannel(given, given.spec.value, NOW) : undefined;
      expect(todo.do === 'open' && usable !== undefined && NOW < renewAt(usable, by)).toBe(false);
    });
  });
});
