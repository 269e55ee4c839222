import { expect, test } from 'vitest';
import { readStartTime } from '../../../infra/emulator/state/start-time.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const HOUR = 3_600_000;

test.each([
  ['2030-01-01T00:00:00Z', 0],
  ['2030-01-01T01:00:00+01:00', 0],
  ['2029-12-31T23:00:00.500Z', -HOUR + 500],
  ['+90s', 90_000],
  ['+45m', 45 * 60_000],
  ['+2h', 2 * HOUR],
  ['+1d12h', 36 * HOUR],
  ['+2w', 14 * 24 * HOUR],
  ['+P1DT12H', 36 * HOUR],
  ['+pt30m', HOUR / 2],
  ['+0s', 0],
])('%s is %i ms from now', (text, expected) => {
  expect(readStartTime(text, NOW)).toBe(expected);
});

test.each([
  '',
  '+',
  '+P',
  '+PT',
  '2h',
  '-2h',
  '+2y',
  '+1.5h',
  'tomorrow',
  '2030-01-01',
  '2030-01-01T00:00:00',
])("'%s' is not a start time", (text) => {
  expect(() => readStartTime(text, NOW)).toThrow(RangeError);
});

test('a day that does not exist is not a start time, and the message says what is', () => {
  expect(() => readStartTime('2030-02-31T00:00:00Z', NOW)).toThrow(/2030-02-31T00:00:00Z.*RFC 3339.*\+2h/);
});

test.each(['+99999999999d', '9990-01-01T00:00:00Z'])('%s is too late for a start time', (text) => {
  expect(() => readStartTime(text, NOW)).toThrow(`'${text}' is beyond the year 9989`);
});
