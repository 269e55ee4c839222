import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentsOf } from '../../../../functions/agenda/moments.ts';
import { earliestNew, editedAt, type ChangedEvent } from '../../../../functions/agenda/new-moments.ts';
import { agendaOf } from '../../../../functions/agenda/occurrences.ts';
import type { Item } from '../../../../functions/calendar/resources.ts';
import { anyClock, clockOf } from '../../../support/any-clock.ts';
import { event, occurrence } from '../../../support/sample-items.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2027-03-26T09:00:00Z');
const SPAN = { after: NOW - HOUR, until: NOW + DAY };

const time = (at: number) => ({ dateTime: new Date(at).toISOString(), timeZone: 'Europe/Zurich' });
const meeting = (startsIn: number, more: object = {}): Item =>
  event('meeting', {
    start: time(NOW + startsIn),
    end: time(NOW + startsIn + HOUR),
    updated: new Date(NOW - 1000).toISOString(),
    ...more,
  });
const DAILY = ['RRULE:FREQ=DAILY'];
const exception = (startsIn: number, originalIn: number, more: object = {}): Item =>
  occurrence('series_x', {
    ...meeting(startsIn),
    id: 'series_x',
    originalStartTime: time(NOW + originalIn),
    ...more,
  });
const CANCELLED = { status: 'cancelled' };

const earliest = (change: ChangedEvent, moments: readonly string[] = ['start']) => {
  const found = earliestNew(change, clockOf(moments), SPAN, NOW, 'UTC');
  return found === undefined ? undefined : (found - NOW) / MINUTE;
};

const allOf = (item: Item) =>
  agendaOf([item], { from: NOW - 100 * DAY, to: NOW + 100 * DAY }, 'UTC').occurrences;

describe('the earliest new moment, in minutes from now,', () => {
  test.each<readonly [string, ChangedEvent, readonly string[], number | undefined]>([
    ['of a new event is its first', { before: null, after: meeting(HOUR) }, ['start', '-PT10M'], 50],
    [
      'of a renamed event is none',
      { before: meeting(HOUR), after: meeting(HOUR, { summary: 'x' }) },
      ['start'],
      undefined,
    ],
    [
      'of a moved event is at its new time',
      { before: meeting(HOUR), after: meeting(2 * HOUR) },
      ['start'],
      120,
    ],
    [
      'of a longer event is its new end',
      { before: meeting(HOUR), after: meeting(HOUR, { end: time(NOW + 3 * HOUR) }) },
      ['start', 'end'],
      180,
    ],
    [
      'of a cancelled event is none',
      { before: meeting(HOUR), after: meeting(HOUR, CANCELLED) },
      ['start'],
      undefined,
    ],
    [
      'of a restored event is its own',
      { before: meeting(HOUR, CANCELLED), after: meeting(HOUR) },
      ['start'],
      60,
    ],
    ['of a deleted event is none', { before: meeting(HOUR), after: null }, ['start'], undefined],
    ['of an event that came and went is none', { before: null, after: null }, ['start'], undefined],
    ['of an event after the span is none', { before: null, after: meeting(2 * DAY) }, ['start'], undefined],
    ['of an event after the span may be in it', { before: null, after: meeting(2 * DAY) }, ['-P2D'], 0],
    [
      'of a new series is that of its next occurrence',
      { before: null, after: meeting(HOUR - 7 * DAY, { recurrence: DAILY }) },
      ['start'],
      60,
    ],
    [
      'of a series whose rule was edited is that of an occurrence that it did not have',
      {
        before: meeting(HOUR - DAY, { recurrence: ['RRULE:FREQ=DAILY;COUNT=1'] }),
        after: meeting(HOUR - DAY, { recurrence: DAILY }),
      },
      ['start'],
      60,
    ],
    [
      'of a deleted exception is at the time that the series has',
      { before: exception(5 * HOUR, HOUR), after: null },
      ['start'],
      60,
    ],
    [
      'of a deleted series is none',
      { before: meeting(HOUR, { recurrence: DAILY }), after: null },
      ['start'],
      undefined,
    ],
    [
      'of an exception that was cancelled is none',
      { before: null, after: exception(HOUR, HOUR, CANCELLED) },
      ['start'],
      undefined,
    ],
    [
      'of an exception that is moved is at its new time',
      { before: null, after: exception(2 * HOUR, HOUR) },
      ['start'],
      120,
    ],
    [
      'that has passed counts if the event was at that time before',
      { before: null, after: meeting(-MINUTE, { updated: new Date(NOW - 2 * MINUTE).toISOString() }) },
      ['start'],
      -1,
    ],
    [
      'that has passed does not count if the event was edited later',
      { before: null, after: meeting(-MINUTE) },
      ['start'],
      undefined,
    ],
    [
      'is not more than an hour ago',
      { before: null, after: meeting(-2 * HOUR, { updated: undefined }) },
      ['start'],
      undefined,
    ],
    [
      'of an all-day event is none',
      { before: null, after: event('day', { start: { date: '2027-03-27' }, end: { date: '2027-03-28' } }) },
      ['start'],
      undefined,
    ],
    ['of an event without a start is none', { before: null, after: event('odd') }, ['start'], undefined],
  ])('%s', (_, change, moments, expected) => {
    expect(earliest(change, moments)).toBe(expected);
  });

  test('is that of all occurrences that were not there, for any series and clock', () => {
    const anyEvent = fc
      .record({
        startsIn: fc.integer({ min: -3 * 24, max: 48 }),
        rule: fc.constantFrom('', 'DAILY', 'DAILY;COUNT=2', 'WEEKLY'),
      })
      .map(({ startsIn, rule }) =>
        meeting(startsIn * HOUR, rule === '' ? {} : { recurrence: [`RRULE:FREQ=${rule}`] }),
      );
    fc.assert(
      fc.property(fc.option(anyEvent), anyEvent, anyClock, (before, after, clock) => {
        const keysOf = (item: Item) =>
          momentsOf(allOf(item), clock, SPAN).map(
            ({ dueAt, moment, occurrence: { startsAt, event: of } }) => ({
              dueAt,
              key: `${of.id} ${String(startsAt)} ${moment.name} ${String(dueAt)}`,
            }),
          );
        const known = new Set(before === null ? [] : keysOf(before).map(({ key }) => key));
        const added = keysOf(after).find(({ key, dueAt }) => !known.has(key) && dueAt >= editedAt(after));
        expect(earliestNew({ before, after }, clock, SPAN, NOW, 'UTC')).toBe(added?.dueAt);
      }),
    );
  });
});

test.each([
  [{ updated: '2027-03-26T09:00:00.000Z' }, NOW],
  [{ updated: 'yesterday' }, 0],
  [{ updated: 7 }, 0],
  [{}, 0],
])('an event with %j was edited at %d', (fields, expected) => {
  expect(editedAt(fields)).toBe(expected);
});
