import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentsOf, windowsOf, type DueMoment } from '../../../../functions/agenda/moments.ts';
import { agendaOf } from '../../../../functions/agenda/occurrences.ts';
import type { Item } from '../../../../functions/calendar/resources.ts';
import { anyCalendar, FIRST, itemsOf } from '../../../support/any-calendar.ts';
import { anyClock, clockOf } from '../../../support/any-clock.ts';
import { event } from '../../../support/sample-items.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WIDE = { from: FIRST - 200 * DAY, to: FIRST + 400 * DAY };

const shown = (moments: readonly DueMoment[]): readonly string[] =>
  moments
    .map(
      ({ moment, dueAt, occurrence: { event: of } }) =>
        `${of.id} ${moment.name} ${new Date(dueAt).toISOString()}`,
    )
    .toSorted();
const at = (text: string): number => Date.parse(text);
const occurrencesIn = (items: readonly Item[], timeZone: string, window = WIDE) =>
  agendaOf(items, window, timeZone).occurrences;

/** Every day at nine in Zurich, where the clocks go forward on 28 March. */
const DAILY = event('daily', {
  start: { dateTime: '2027-03-26T09:00:00+01:00', timeZone: 'Europe/Zurich' },
  end: { dateTime: '2027-03-26T09:30:00+01:00', timeZone: 'Europe/Zurich' },
  recurrence: ['RRULE:FREQ=DAILY'],
});
const HOLIDAY = event('holiday', { start: { date: '2027-03-29' }, end: { date: '2027-03-30' } });

describe('the moments of occurrences', () => {
  test('are those that are due after the one time and up to the other, in order', () => {
    const clock = clockOf(['-PT10M', 'start', 'PT5M', 'end', '-P1D']);
    const span = { after: at('2027-03-27T07:50:00Z'), until: at('2027-03-28T07:00:00Z') };
    const moments = momentsOf(occurrencesIn([DAILY], 'UTC'), clock, span);
    expect(moments.map(({ dueAt }) => dueAt)).toEqual(
      moments.map(({ dueAt }) => dueAt).toSorted((a, b) => a - b),
    );
    expect(shown(moments)).toEqual([
      'daily_20270327T080000Z PT5M 2027-03-27T08:05:00.000Z',
      'daily_20270327T080000Z end 2027-03-27T08:30:00.000Z',
      'daily_20270327T080000Z start 2027-03-27T08:00:00.000Z',
      'daily_20270328T070000Z -PT10M 2027-03-28T06:50:00.000Z',
      'daily_20270328T070000Z start 2027-03-28T07:00:00.000Z',
      'daily_20270329T070000Z -P1D 2027-03-28T07:00:00.000Z',
    ]);
    // A day has 24 hours, also where the clocks change.
    expect(
      shown(momentsOf(occurrencesIn([DAILY], 'UTC'), clock, { ...span, after: at('2027-03-27T06:59:59Z') })),
    ).toContain('daily_20270328T070000Z -P1D 2027-03-27T07:00:00.000Z');
  });

  test('are those of all-day events only if the clock asks for them, from midnight in the calendar’s zone', () => {
    const span = { after: at('2027-03-28T00:00:00Z'), until: at('2027-03-29T23:00:00Z') };
    const of = (clock: unknown, timeZone: string) =>
      shown(momentsOf(occurrencesIn([HOLIDAY], timeZone), clockOf(clock), span));
    expect(of(['start', '-PT8H'], 'UTC')).toEqual([]);
    expect(of({ moments: ['start', '-PT8H'], allDay: true }, 'Asia/Tokyo')).toEqual([
      'holiday -PT8H 2027-03-28T07:00:00.000Z',
      'holiday start 2027-03-28T15:00:00.000Z',
    ]);
    expect(of({ moments: ['end'], allDay: true }, 'Europe/Zurich')).toEqual([
      'holiday end 2027-03-29T22:00:00.000Z',
    ]);
  });

  test('of a cancelled event are none', () => {
    const cancelled = { ...DAILY, status: 'cancelled' };
    expect(
      momentsOf(occurrencesIn([cancelled], 'UTC'), clockOf(['start']), { after: 0, until: Infinity }),
    ).toEqual([]);
  });
});

describe('the windows of a clock', () => {
  test('are one for moments that are close together, and narrow ones for others', () => {
    const span = { after: 0, until: DAY };
    expect(windowsOf(clockOf(['-PT10M', 'start', 'end', 'PT5M']), span)).toHaveLength(1);
    expect(windowsOf(clockOf(['-P7D', 'start', '-PT10M']), span)).toEqual([
      { from: -1 - 0, to: DAY + 10 * MINUTE + 1 },
      { from: 7 * DAY - 1, to: 8 * DAY + 1 },
    ]);
  });

  test('contain every occurrence with a moment in the span, for any calendar and clock', () => {
    let found = 0;
    fc.assert(
      fc.property(anyCalendar, anyClock, fc.integer({ min: 1, max: 20 * DAY }), (given, clock, length) => {
        const { timeZone } = given;
        const items = itemsOf(given);
        const after = FIRST + given.from * HOUR;
        const span = { after, until: after + length };
        const windows = windowsOf(clock, span);
        for (const [index, { from }] of windows.entries()) {
          expect(from).toBeGreaterThan(windows[index - 1]?.to ?? -Infinity);
        }
        const inWindows = new Map(
          windows
            .flatMap((window) => occurrencesIn(items, timeZone, window))
            .map((each) => [`${each.event.id} ${String(each.startsAt)}`, each]),
        );
        const expected = shown(momentsOf(occurrencesIn(items, timeZone), clock, span));
        found += expected.length;
        expect(shown(momentsOf([...inWindows.values()], clock, span))).toEqual(expected);
      }),
    );
    expect(found).toBeGreaterThan(10);
  });
});

test('a watch of single events has the same moments as one of series', () => {
  fc.assert(
    fc.property(anyCalendar, anyClock, (given, clock) => {
      const items = itemsOf(given);
      const span = { after: FIRST + given.from * HOUR, until: FIRST + (given.from + 48) * HOUR };
      const whole = agendaOf(items, WIDE, given.timeZone);
      // What Google lists with `singleEvents` are the occurrences themselves.
      const single = whole.occurrences.map(({ event: each }) => each);
      fc.pre(whole.notExpanded.length === 0);
      expect(shown(momentsOf(occurrencesIn(single, given.timeZone), clock, span))).toEqual(
        shown(momentsOf(whole.occurrences, clock, span)),
      );
    }),
  );
});
