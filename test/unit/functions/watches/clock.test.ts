import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../../functions/watches/clock.ts';
import { parseSpec } from '../../../../functions/watches/spec.ts';

const EVENTS = { user: 'ana@example.com', resource: 'events', calendarId: 'team@example.com' };
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function clockOf(clock: unknown): Clock | undefined {
  const parsed = parseSpec({ ...EVENTS, clock });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value.clock;
}
function problemOf(clock: unknown, more: object = {}): string {
  const parsed = parseSpec({ ...EVENTS, ...more, clock });
  return parsed.ok ? '' : parsed.problem;
}

describe('a moment of spec.clock', () => {
  test.each([
    ['start', 'start', 0],
    ['end', 'end', 0],
    ['-PT10M', 'start', -10 * MINUTE],
    ['PT5M', 'start', 5 * MINUTE],
    ['-PT0H30M', 'start', -30 * MINUTE],
    ['PT1S', 'start', SECOND],
    ['-P1D', 'start', -DAY],
    ['-P1W', 'start', -7 * DAY],
    ['-P31D', 'start', -31 * DAY],
    ['P1W2DT3H4M5S', 'start', 9 * DAY + 3 * HOUR + 4 * MINUTE + 5 * SECOND],
  ] as const)('%s is relative to the %s by %d ms', (name, of, offsetMs) => {
    expect(clockOf([name])?.moments).toEqual([{ name, of, offsetMs }]);
  });

  test.each([
    '',
    'Start',
    'begin',
    '10m',
    'P',
    '-P',
    'PT',
    'P1DT',
    'PT0S',
    '-PT0M',
    'P1M',
    'P1Y',
    'PT1.5S',
    '+PT5M',
    '--PT5M',
    'PT5M ',
    'P32D',
    '-PT745H',
    'P1D2W',
    'PT5M10H',
    `PT${'9'.repeat(400)}S`,
    10,
    null,
    { start: true },
  ])('is not %j, and the message says what to write', (moment) => {
    expect(problemOf(['start', moment])).toBe(
      'spec.clock.moments.1: is neither "start" nor "end", nor a duration of at most 31 days before or after the start, such as "-PT10M" or "PT5M"',
    );
  });

  test('is any duration of up to 31 days that is not zero', () => {
    const amounts = fc.record({
      days: fc.nat({ max: 30 }),
      hours: fc.nat({ max: 23 }),
      minutes: fc.nat({ max: 59 }),
      seconds: fc.integer({ min: 1, max: 59 }),
      isBefore: fc.boolean(),
    });
    fc.assert(
      fc.property(amounts, ({ days, hours, minutes, seconds, isBefore }) => {
        const name = `${isBefore ? '-' : ''}P${days}DT${hours}H${minutes}M${seconds}S`;
        const offsetMs = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
        expect(clockOf([name])?.moments).toEqual([
          { name, of: 'start', offsetMs: isBefore ? -offsetMs : offsetMs },
        ]);
      }),
    );
  });
});

const meaning = ({ moments: names, allDay }: { moments: string[]; allDay: boolean }) =>
  `${names.toSorted().join()} ${String(allDay)}`;

const keyOf = (spec: object) => {
  const parsed = parseSpec({ ...EVENTS, ...spec });
  return parsed.ok ? parsed.value.parametersKey : undefined;
};

describe('spec.clock', () => {
  test('is a list, or an object with a list and options', () => {
    expect(clockOf(['start'])).toEqual(clockOf({ moments: ['start'] }));
    expect(clockOf({ moments: ['start'], allDay: false })).toEqual(clockOf(['start']));
    expect(clockOf({ moments: ['start'], allDay: true })).toMatchObject({ allDay: true });
    expect(clockOf(undefined)).toBeUndefined();
  });

  test('has one key for equal clocks, whatever the order, and another for others', () => {
    const moments = fc.uniqueArray(fc.constantFrom('start', 'end', '-PT10M', 'PT5M', '-P1D'), {
      minLength: 1,
    });
    const clock = fc.record({ moments, allDay: fc.boolean() });
    fc.assert(
      fc.property(clock, clock, (one, other) => {
        expect(clockOf(one)?.key === clockOf(other)?.key).toBe(meaning(one) === meaning(other));
      }),
    );
    expect(clockOf(['start', 'start'])).toEqual(clockOf(['start']));
  });

  test.each([
    ['start', 'spec.clock'],
    [null, 'spec.clock'],
    [{}, 'spec.clock.moments'],
    [[], 'spec.clock.moments'],
    [{ moments: 'start' }, 'spec.clock.moments'],
    [Array.from({ length: 21 }, (_, index) => `PT${index + 1}M`), 'spec.clock.moments'],
  ])('is not %j, and the message says what to write', (clock, path) => {
    expect(problemOf(clock)).toBe(
      `${path}: must be a list of 1 to 20 moments, such as ["-PT10M", "start"], or { moments: […], allDay: true }`,
    );
  });

  test.each([
    [{ moments: ['start'], allday: true }, {}, /^spec\.clock: .*"allday"/],
    [{ moments: ['start'], allDay: 'yes' }, {}, /^spec\.clock\.allDay: .*boolean/],
    [['start'], { resource: 'acl' }, /^spec\.clock: is only valid with events$/],
  ])('is not %j with %j', (clock, more, expected) => {
    expect(problemOf(clock, more)).toMatch(expected);
  });

  test('does not belong to the list parameters: an edit starts no full sync', () => {
    expect(keyOf({ clock: ['start'] })).toBe(keyOf({}));
  });
});
