import { describe, expect, test } from 'vitest';

import { timeOf } from '../../../../functions/watches/clock-due.ts';
import { clockAt, type ClockStatus } from '../../../../functions/watches/clock-status.ts';
import { dueAfterCheck } from '../../../../functions/watches/watches.ts';
import { NOW, SPEC, sampleWatch, specOf } from '../../../support/sample-watch.ts';

const spec = { ...SPEC, clock: ['start'] };
const CLOCK: ClockStatus = {
  key: specOf(spec).clock?.key ?? '',
  until: NOW - 60_000,
  nextAt: NOW + 80_000,
  sequence: 10,
};
const LATER = NOW + 3_600_000;
const watchWith = (clock: ClockStatus) => sampleWatch({ spec, clock, checkAt: LATER });

describe('after renew has sent a message for a clock that was due', () => {
  const read = watchWith(CLOCK);

  test('the watch is due for its check, until sync has looked at the clock', () => {
    expect(dueAfterCheck(read, read, LATER)).toEqual({ nextDueAt: LATER, checkAt: LATER });
  });

  test('the watch is due for the next moment that sync has found meanwhile', () => {
    const clock = { ...CLOCK, until: NOW + 90_000, nextAt: NOW + 600_000 };
    expect(dueAfterCheck(watchWith(clock), read, LATER)?.nextDueAt).toBe(clockAt(clock));
  });

  test('the watch stays due if sync has left the moment for later, by a slower clock', () => {
    const clock = { ...CLOCK, until: NOW + 60_000 };
    expect(dueAfterCheck(watchWith(clock), read, LATER)?.nextDueAt).toBe(clockAt(CLOCK));
  });
});

test('the time for a clock is that of the instance, but not before the watch was read', () => {
  const watch = sampleWatch({ readTime: NOW });
  expect(timeOf(watch, NOW + 5)).toBe(NOW + 5);
  expect(timeOf(watch, NOW - 60_000)).toBe(NOW);
});
