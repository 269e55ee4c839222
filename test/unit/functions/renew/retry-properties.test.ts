import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LiveChannel } from '../../../../functions/watches/status.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { plan } from '../../../../functions/renew/plan.ts';
import { nextCheckAt, renewAt, type Rules } from '../../../../functions/renew/schedule.ts';
import { CHANNEL, living, NOW, RULES, sampleWatch, SYNCED } from '../../../support/sample-watch.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failure = fc.record({
  failures: fc.integer({ min: 1, max: 200 }),
  reason: fc.constantFrom('network', 'forbidden', 'pushNotSupportedForRequestedResource'),
});

const options = ({ channel, watchCall: failedCall }: Watch, random: number) => ({
  channel,
  failedCall,
  now: NOW,
  rules: RULES,
  random,
});

describe('while a live channel remains,', () => {
  const left = fc.integer({ min: 2, max: DAY });

  test('a failed watch call is retried within an eighth of its remaining lifetime', () => {
    fc.assert(
      fc.property(left, failure, dice, (ms, failed, random) => {
        const watch = sampleWatch({ channel: living(ms), watchCall: { ...failed, failedAt: NOW } });
        const wait = nextCheckAt(watch, options(watch, random)) - NOW;
        expect(wait).toBeLessThanOrEqual(Math.max(1, ms / 8));
        expect(wait).toBeGreaterThanOrEqual(Math.min(MINUTE, Math.floor(ms / 8)));
      }),
      { numRuns: 300 },
    );
  });

  test('the check that is scheduled for a retry makes it', () => {
    fc.assert(
      fc.property(left, failure, dice, dice, (ms, failed, random, later) => {
        const watch = sampleWatch({ channel: living(ms), watchCall: { ...failed, failedAt: NOW } });
        const at = nextCheckAt(watch, options(watch, random));
        expect(plan(watch, at, RULES, later).do).toBe('open');
      }),
      { numRuns: 300 },
    );
  });
});

/** Returns the longest time (ms) without a live channel, in virtual time. `isAnswered` decides whether the response to a watch call arrives. */
function longestGap(
  rules: Rules,
  cadenceMs: number,
  end: number,
  isAnswered: () => boolean,
  random: () => number,
): number {
  const open = (now: number): LiveChannel => {
    const lifetimeMs = Math.floor(rules.ttlMs * (1 - random() / 20));
    return { ...CHANNEL, createdAt: now, expiresAt: now + lifetimeMs, lifetimeMs };
  };
  let watch: Watch = sampleWatch({ channel: open(NOW) });
  let dueAt = renewAt(watch.channel ?? CHANNEL, rules);
  let gap = 0;
  /** The first run of renew at or after a time. */
  const runAt = (time: number): number => NOW + Math.ceil((time - NOW) / cadenceMs) * cadenceMs;
  for (let now = runAt(dueAt); now < NOW + end; now = Math.max(now + cadenceMs, runAt(dueAt))) {
    const expiresAt = watch.channel?.expiresAt ?? NOW;
    gap = Math.max(gap, now - expiresAt);
    // Each check syncs, in full: only the channel is of interest here.
    watch = { ...watch, sync: { ...SYNCED, startedAt: now, completedAt: now, fullStartedAt: now } };
    const todo = plan(watch, now, rules, random());
    if (todo.do === 'poll') dueAt = todo.nextDueAt;
    if (todo.do !== 'open') continue;
    const failures = (watch.watchCall?.failures ?? 0) + 1;
    watch = isAnswered()
      ? { ...watch, channel: open(now), watchCall: undefined }
      : { ...watch, watchCall: { failures, failedAt: now, reason: 'network' } };
    const live = watch.channel !== undefined && watch.channel.expiresAt > now ? watch.channel : undefined;
    dueAt = nextCheckAt(watch, { channel: live, failedCall: watch.watchCall, now, rules, random: random() });
  }
  return gap;
}

describe('a watch always has a live channel', () => {
  test.each([
    ['of 45 s, replaced 25 s early, checked every second', 45 * SECOND, 25 * SECOND, SECOND],
    ['of 20 min, replaced 10 min early, checked every minute', 20 * MINUTE, 10 * MINUTE, MINUTE],
    ['of a week, replaced a day early, checked every minute', 7 * DAY, DAY, MINUTE],
  ])(
    'even if a fifth of the watch responses is lost, for channels %s',
    (_, ttlMs, renewBeforeMs, cadenceMs) => {
      const rules = { ...RULES, ttlMs, renewBeforeMs };
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat({ max: 4 })), fc.infiniteStream(dice), (answers, chances) => {
          const isAnswered = (): boolean => answers.next().value !== 0;
          const random = (): number => chances.next().value ?? 0;
          expect(longestGap(rules, cadenceMs, 40 * ttlMs, isAnswered, random)).toBeLessThanOrEqual(0);
        }),
        { numRuns: 20 },
      );
    },
  );
});
