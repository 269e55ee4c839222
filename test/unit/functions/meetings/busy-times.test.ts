/** Busy and free times, by Google's rules. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { busyTimes, freeTimes, type Period } from '../../../../functions/meetings/index.ts';

const at = (startsAt: number, endsAt: number, event: object = {}) => ({
  startsAt,
  endsAt,
  event: { id: 'x', ...event },
});
const period = (startsAt: number, endsAt: number): Period => ({ startsAt, endsAt });
const WINDOW = { from: 10, to: 20 };
const me = (responseStatus: string) => ({ email: 'ana@example.com', self: true, responseStatus });

describe('an event', () => {
  test.each([
    ['without fields', {}],
    ['that is opaque', { transparency: 'opaque' }],
    ['that is tentative', { status: 'tentative' }],
    ['that was accepted', { attendees: [me('accepted')] }],
    ['that was tentatively accepted', { attendees: [me('tentative')] }],
    ['that was not answered', { attendees: [me('needsAction')] }],
    ['that others declined', { attendees: [{ email: 'b@example.com', responseStatus: 'declined' }] }],
    ['out of office', { eventType: 'outOfOffice' }],
    ['of focus time', { eventType: 'focusTime' }],
    ['from Gmail', { eventType: 'fromGmail' }],
    ['of all day', { start: { date: '2030-01-07' }, end: { date: '2030-01-08' } }],
    ['with attendees that cannot be read', { attendees: [null, 'x', 1] }],
  ])('%s is busy', (_, event) => {
    expect(busyTimes([at(12, 14, event)], WINDOW)).toEqual([period(12, 14)]);
  });

  test.each([
    ['that is transparent', { transparency: 'transparent' }],
    ['that is cancelled', { status: 'cancelled' }],
    ['that was declined', { attendees: [{ email: 'b@example.com' }, me('declined')] }],
    ['of a working location', { eventType: 'workingLocation' }],
    ['of a birthday', { eventType: 'birthday' }],
    ['out of office, but available', { eventType: 'outOfOffice', transparency: 'transparent' }],
  ])('%s is free', (_, event) => {
    expect(busyTimes([at(12, 14, event)], WINDOW)).toEqual([]);
  });
});

test('busy periods are clipped to the window, sorted, and joined if they overlap or touch', () => {
  const events = [
    at(18, 30),
    at(5, 11),
    at(13, 14),
    at(14, 15),
    at(13, 13),
    at(16, 16),
    at(1, 9),
    at(20, 21),
  ];
  expect(busyTimes(events, WINDOW)).toEqual([period(10, 11), period(13, 15), period(18, 20)]);
});

const times = fc.integer({ min: 0, max: 30 });
const periods = fc.array(fc.tuple(times, times).map(([a, b]) => period(a, b)));
const isIn = (list: readonly Period[], moment: number): boolean =>
  list.some(({ startsAt, endsAt }) => startsAt <= moment && moment < endsAt);

test('each moment of a window is either busy or free, and periods are as few as can be', () => {
  fc.assert(
    fc.property(periods, times, times, (given, from, length) => {
      const window = { from, to: from + length };
      const busy = busyTimes(
        given.map((each) => ({ ...each, event: { id: 'x' } })),
        window,
      );
      const free = freeTimes(given, window);
      for (let moment = from - 1; moment <= window.to; moment += 1) {
        const isWithin = moment >= window.from && moment < window.to;
        expect(isIn(busy, moment)).toBe(isWithin && isIn(given, moment));
        expect(isIn(free, moment)).toBe(isWithin && !isIn(given, moment));
      }
      const all = [...busy, ...free].toSorted((a, b) => a.startsAt - b.startsAt);
      expect(all.every(({ startsAt, endsAt }) => startsAt < endsAt)).toBe(true);
      for (const list of [busy, free])
        expect(list.every(({ startsAt }, index) => startsAt > (list[index - 1]?.endsAt ?? -1))).toBe(true);
    }),
    { numRuns: 1000, seed: 20_300_102 },
  );
});
