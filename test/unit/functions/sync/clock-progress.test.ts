import { describe, expect, test } from 'vitest';
import type { ClockStatus } from '../../../../functions/watches/clock-status.ts';
import { afterChanges } from '../../../../functions/sync/clock-changes.ts';
import { isOwed, progressOf } from '../../../../functions/sync/clock-progress.ts';
import type { Item } from '../../../../functions/calendar/resources.ts';
import { clockOf } from '../../../support/any-clock.ts';
import { clockStatus, NOW } from '../../../support/sample-watch.ts';
import { event } from '../../../support/sample-items.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CLOCK = clockOf(['start']);
const iso = (at: number): string => new Date(at).toISOString();
const meeting = (startsIn: number, more: object = {}): Item =>
  event('meeting', {
    start: { dateTime: iso(NOW + startsIn) },
    end: { dateTime: iso(NOW + startsIn + HOUR) },
    updated: iso(NOW - 2 * MINUTE),
    ...more,
  });

describe('a clock starts', () => {
  const status = { ...clockStatus(NOW - 5 * MINUTE), until: NOW - 5 * MINUTE, sequence: 7 };
  test.each<readonly [string, ClockStatus | undefined, object]>([
    ['at first when it was asked for', undefined, { until: NOW - 1000, from: NOW - 1000, sequence: 0 }],
    ['where it has got', status, { until: NOW - 5 * MINUTE, from: NOW - 5 * MINUTE, sequence: 7 }],
    [
      'earlier, if changes have brought moments',
      { ...status, from: NOW - 9 * MINUTE },
      { until: NOW - 5 * MINUTE, from: NOW - 9 * MINUTE, sequence: 7 },
    ],
    [
      'at its next moment, before which nothing was due',
      { ...status, nextAt: NOW - MINUTE },
      { until: NOW - MINUTE - 1, from: NOW - MINUTE - 1, sequence: 7 },
    ],
    [
      'now, if its next moment is to come',
      { ...status, nextAt: NOW + HOUR },
      { until: NOW, from: NOW, sequence: 7 },
    ],
    [
      'now, if it was edited, so that its new moments are not taken for published',
      { ...status, key: 'another', until: NOW + MINUTE },
      { until: NOW, from: NOW, sequence: 7 },
    ],
    [
      'where it has got, if it was edited while moments were owed',
      { ...status, key: 'another' },
      { until: NOW - 5 * MINUTE, from: NOW - 5 * MINUTE, sequence: 7 },
    ],
  ])('%s', (_, given, expected) => {
    expect(progressOf(given, CLOCK, NOW - 1000, NOW)).toEqual(expected);
  });

  test('not in the future, whatever the publish time of the message', () => {
    expect(progressOf(undefined, CLOCK, NOW + MINUTE, NOW)).toMatchObject({ until: NOW, from: NOW });
  });
});

describe('a moment is owed', () => {
  const progress = { until: NOW + MINUTE, from: NOW - HOUR, sequence: 7 };
  const [moment] = CLOCK.moments;
  const owes = (dueIn: number, sequence: number, updatedIn: number): boolean => {
    if (moment === undefined) throw new Error('the clock has no moments');
    const startsAt = NOW + dueIn;
    const occurrence = {
      startsAt,
      endsAt: startsAt + HOUR,
      event: meeting(dueIn, { updated: iso(NOW + updatedIn) }),
    };
    return isOwed({ moment, dueAt: startsAt, occurrence, sequence }, progress, NOW);
  };
  test.each([
    [true, 'due after what was done', 2 * MINUTE, 1, 0],
    [true, 'to come: a copy does no harm', MINUTE, 1, 0],
    [true, 'past, of an event that was changed since and was at that time before', -MINUTE, 8, -2 * MINUTE],
    [false, 'past, of an event that was not changed since', -MINUTE, 7, -2 * MINUTE],
    [false, 'past, of an event that was moved there afterwards', -MINUTE, 8, 0],
  ])('%s: %s', (expected, _, dueIn, sequence, updatedIn) => {
    expect(owes(dueIn, sequence, updatedIn)).toBe(expected);
  });
});

const change = (before: Item | null, after: Item | null, kind: 'updated' | 'none' = 'updated') => ({
  change: kind,
  before,
  after: after === null ? null : { item: after, omitted: [] },
});

describe('after changes', () => {
  const status = { ...clockStatus(NOW + HOUR), until: NOW + MINUTE };
  const setting = { clock: CLOCK, timeZone: undefined, now: NOW };
  test.each<readonly [string, ReturnType<typeof change>[], Partial<ClockStatus>]>([
    ['without moments, the status is the same', [change(meeting(HOUR), meeting(HOUR, { summary: 'x' }))], {}],
    [
      'the next moment is an earlier one',
      [change(null, meeting(10 * MINUTE))],
      { nextAt: NOW + 10 * MINUTE },
    ],
    ['a later moment changes nothing', [change(null, meeting(2 * HOUR))], {}],
    ['rewritten documents change nothing', [change(null, meeting(10 * MINUTE), 'none')], {}],
    ['a deletion changes nothing', [change(meeting(10 * MINUTE), null)], {}],
    [
      'a moment in the time that is done with makes the clock due and is looked at again',
      [change(null, meeting(30_000))],
      { from: NOW + 30_000 - 1, nextAt: NOW },
    ],
    [
      'the earliest of several counts',
      [change(null, meeting(30_000)), change(null, meeting(-MINUTE)), change(null, meeting(10 * MINUTE))],
      { from: NOW - MINUTE - 1, nextAt: NOW },
    ],
  ])('%s', (_, changes, expected) => {
    expect(afterChanges(setting, status, changes)).toEqual({ ...status, ...expected });
  });

  test('the status of another clock is left alone', () => {
    const another = { ...status, key: 'another' };
    expect(afterChanges(setting, another, [change(null, meeting(30_000))])).toEqual(another);
  });
});
