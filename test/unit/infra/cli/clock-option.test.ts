/** `calendar-mirror watch --clock`: moments in short forms and as in a spec. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../functions/watches/spec.ts';
import { clockInput, momentOf, moments } from '../../../../infra/cli/clock-option.ts';
import { watchCommand } from '../../../../infra/cli/commands/watch.ts';
import { Command } from 'commander';

describe('a moment', () => {
  test.each([
    ['start', 'start'],
    ['end', 'end'],
    ['10m', '-PT10M'],
    ['-10m', '-PT10M'],
    ['+5m', 'PT5M'],
    ['1h30m', '-PT1H30M'],
    ['1d', '-P1D'],
    ['+1w2d3h4m5s', 'P1W2DT3H4M5S'],
    ['90s', '-PT90S'],
    ['-PT10M', '-PT10M'],
    ['PT5M', 'PT5M'],
  ])('%s is %s', (given, expected) => {
    expect(momentOf(given)).toBe(expected);
    expect(moments(given)).toEqual([expected]);
  });

  test.each([
    '',
    'm',
    '10',
    '10x',
    'm10',
    '1m1h',
    '0m',
    '32d',
    'begin',
    '+start',
    '--10m',
    'P1Y',
    '10m,',
    '+',
  ])('%j is rejected, with the forms that are valid', (given) => {
    expect(() => moments(given)).toThrow(/^Choose from start, end, and times /);
  });

  test('of any length has the same offset in its short form as in a spec', () => {
    const amount = fc.nat(59);
    fc.assert(
      fc.property(
        fc.nat(30),
        fc.nat(23),
        amount,
        amount,
        fc.constantFrom('', '-', '+'),
        (d, h, m, s, sign) => {
          fc.pre(d + h + m + s > 0);
          const parsed = parseSpec({
            user: 'me',
            resource: 'events',
            calendarId: 'c',
            clock: moments(`${sign}${d}d${h}h${m}m${s}s`),
          });
          const seconds = ((d * 24 + h) * 60 + m) * 60 + s;
          expect(parsed.ok && parsed.value.clock?.moments).toMatchObject([
            { offsetMs: seconds * (sign === '+' ? 1000 : -1000) },
          ]);
        },
      ),
    );
  });
});

const parsedClock = (...args: readonly string[]): unknown => {
  const command = new Command('watch').argument('<user>').exitOverride();
  watchCommand.declare?.(command);
  return command.parse(['ada@example.com', ...args], { from: 'user' }).opts()['clock'];
};

describe('the option --clock', () => {
  test.each([
    [['--clock', '-PT10M,start']],
    [['--clock=-PT10M,start']],
    [['--clock', '10m,start']],
    [['--clock', '-10m , start']],
    [['--clock', '10m', '--clock', 'start']],
  ])('%j has the moments -PT10M and start', (args) => {
    expect(parsedClock(...args)).toEqual(['-PT10M', 'start']);
  });

  test('without it the watch has none', () => {
    expect(parsedClock()).toBeUndefined();
  });
});

test('a clock is a list, unless all-day events have moments too', () => {
  expect(clockInput(['start'], false)).toEqual(['start']);
  expect(clockInput(['start'], true)).toEqual({ moments: ['start'], allDay: true });
});
