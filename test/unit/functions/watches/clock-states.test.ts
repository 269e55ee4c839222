import { Timestamp } from '@google-cloud/firestore';
import { describe, expect, test } from 'vitest';
import { clockDueAt, isDueForClockOnly } from '../../../../functions/watches/clock-due.ts';
import { STATES, type State } from '../../../../functions/watches/states.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { dueAfterCheck } from '../../../../functions/watches/watches.ts';
import { movesCheck, nextDueOf } from '../../../../functions/mirror/commit.ts';
import { CLOCKED, clockStatus, NOW, sampleWatch, SPEC, SYNCED } from '../../../support/sample-watch.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LEAD = 90_000;

const clocked = (given: Parameters<typeof sampleWatch>[0] = {}): Watch =>
  sampleWatch({ spec: CLOCKED, clock: clockStatus(NOW + HOUR), checkAt: NOW + 6 * HOUR, ...given });

describe('the clock of a watch is due', () => {
  test.each<readonly [string, Parameters<typeof sampleWatch>[0], number]>([
    ['90 s before its next moment', {}, NOW + HOUR - LEAD],
    ['at once if it never ran', { clock: undefined }, 0],
    ['at once if the spec was edited', { clock: { ...clockStatus(NOW), key: 'another' } }, 0],
    ['never without spec.clock', { spec: SPEC }, Infinity],
    ['never with an invalid spec', { spec: { ...CLOCKED, clock: [] } }, Infinity],
    ['never while its removal is requested', { spec: { ...CLOCKED, removed: 'keep' } }, Infinity],
    ['never without a claim', { collection: undefined }, Infinity],
    ['never with the claim of another collection', { collection: 'users/x/calendars/y/events' }, Infinity],
    ['never before its first sync', { sync: { ...SYNCED, completedAt: undefined } }, Infinity],
  ])('%s', (_, given, expected) => {
    expect(clockDueAt(clocked(given))).toBe(expected);
  });

  const IN_STATE: Readonly<Record<State, boolean>> = {
    pending: true,
    active: true,
    polling: true,
    paused: false,
    gone: false,
    removing: false,
    removed: false,
  };
  test.each(STATES)('only if its mirror is kept up to date: %s', (state) => {
    expect(clockDueAt(clocked({ state })) < Infinity).toBe(IN_STATE[state]);
  });
});

describe('a watch is due for its clock alone', () => {
  const dueAt = NOW + HOUR - LEAD;
  const due = { nextDueAt: dueAt };
  test.each<readonly [string, boolean, Parameters<typeof sampleWatch>[0]]>([
    ['nextDueAt is that of the clock', true, due],
    ['a person has set nextDueAt to another time', false, { nextDueAt: dueAt - 1 }],
    ['its check is due too', false, { ...due, checkAt: NOW }],
    ['it was never checked', false, { ...due, checkAt: undefined }],
    ['the clock was edited', false, { ...due, clock: { ...clockStatus(NOW + HOUR), key: 'another' } }],
    ['it is paused', false, { ...due, state: 'paused' }],
    ['it has no clock any more', false, { ...due, spec: SPEC }],
  ])('if %s: %s', (_, expected, given) => {
    expect(isDueForClockOnly(clocked(given), NOW)).toBe(expected);
  });
});

describe('after a check, a watch is due', () => {
  const LATER = NOW + 6 * HOUR;
  const overdue = clocked({ clock: clockStatus(NOW), checkAt: NOW });
  test.each([
    [
      'for its clock, if that is earlier',
      clocked(),
      clocked(),
      { nextDueAt: NOW + HOUR - LEAD, checkAt: LATER },
    ],
    [
      'for its check, if that is earlier',
      clocked({ clock: clockStatus(LATER + HOUR) }),
      clocked({ clock: clockStatus(LATER + HOUR) }),
      { nextDueAt: LATER, checkAt: LATER },
    ],
    ['not for what sync was asked for', overdue, overdue, { nextDueAt: LATER, checkAt: LATER }],
    [
      'for the next moment, if sync has published meanwhile',
      { ...overdue, clock: clockStatus(NOW + HOUR) },
      overdue,
      { nextDueAt: NOW + HOUR - LEAD, checkAt: LATER },
    ],
    [
      'for a moment that became near after renew read the watch',
      clocked({ clock: clockStatus(NOW + MINUTE), readTime: NOW - 2 * MINUTE }),
      clocked({ clock: clockStatus(NOW + MINUTE), readTime: NOW - 2 * MINUTE }),
      { nextDueAt: NOW + MINUTE - LEAD, checkAt: LATER },
    ],
    [
      'for the check that sync has requested meanwhile',
      clocked({ checkAt: NOW + MINUTE }),
      clocked(),
      { nextDueAt: NOW + MINUTE, checkAt: NOW + MINUTE },
    ],
    [
      'for its check alone without a clock, and has no checkAt',
      sampleWatch(),
      sampleWatch(),
      { nextDueAt: LATER, checkAt: undefined },
    ],
    [
      'for its check alone if it is paused',
      clocked({ state: 'paused' }),
      clocked({ state: 'paused' }),
      { nextDueAt: LATER, checkAt: LATER },
    ],
    [
      'at once, if sync has requested that meanwhile',
      clocked({ sync: { ...SYNCED, suspectChannelId: 'channel-1' } }),
      clocked(),
      undefined,
    ],
  ])('%s', (_, watch, read, expected) => {
    expect(dueAfterCheck(watch, read, LATER)).toEqual(expected);
  });
});

const step = (clock: Watch['clock'], nextDueAt: number, dueAt?: number) => {
  const watch = clocked({ nextDueAt });
  return {
    watch,
    version: { ...watch.version, nextDueAt: Timestamp.fromMillis(nextDueAt) },
    sync: SYNCED,
    clock,
    dueAt,
  };
};

describe('a commit of sync', () => {
  test.each([
    [
      'makes the watch due 90 s before the next moment',
      clockStatus(NOW + HOUR),
      NOW + 6 * HOUR,
      NOW + HOUR - LEAD,
    ],
    ['leaves a watch that is due earlier', clockStatus(NOW + HOUR), NOW + MINUTE, undefined],
    ['leaves a clock that is due already to this invocation', clockStatus(NOW), NOW + 6 * HOUR, undefined],
  ])('%s', (_, clock, nextDueAt, expected) => {
    expect(nextDueOf(step(clock, nextDueAt))?.toMillis()).toBe(expected);
  });

  test('moves the check of a watch with a clock only to an earlier time', () => {
    const moved = (dueAt?: number) => movesCheck(step(undefined, NOW, dueAt));
    expect([moved(), moved(NOW), moved(NOW + 7 * HOUR)]).toEqual([false, true, false]);
    const without = step(undefined, NOW, NOW);
    expect(movesCheck({ ...without, watch: sampleWatch() })).toBe(false);
  });
});
