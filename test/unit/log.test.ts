import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, errorText, type LogFields } from '../../functions/log.ts';

function written(message: string, fields?: LogFields): string {
  const lines: string[] = [];
  createLog((line) => lines.push(line)).warning(message, fields);
  expect(lines).toHaveLength(1);
  return lines.join('');
}

describe('a log entry', () => {
  test.each([
    ['debug', 'DEBUG'],
    ['info', 'INFO'],
    ['warning', 'WARNING'],
    ['error', 'ERROR'],
  ] as const)('of %s is JSON with severity %s, message and fields', (level, severity) => {
    const lines: string[] = [];
    createLog((line) => lines.push(line))[level]('synced', {
      watch: 'w',
      pages: 2,
      full: true,
      none: undefined,
    });
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { severity, message: 'synced', watch: 'w', pages: 2, full: true },
    ]);
  });

  test('is one line, whatever the values are', () => {
    const field = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(undefined));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), field), (message, fields) => {
        const line = written(message, fields);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(JSON.parse(line)).toBeTypeOf('object');
      }),
    );
  });

  test('is of bounded length, whatever came from outside', () => {
    const line = written('notification refused', { reason: 'x'.repeat(1_000_000), state: 'exists' });
    expect(line.length).toBeLessThan(1000);
    expect(JSON.parse(line)).toMatchObject({ reason: `${'x'.repeat(500)}…`, state: 'exists' });
  });

  test('keeps a value of 500 characters as it is', () => {
    expect(written('m', { reason: 'x'.repeat(500) })).toContain(`"${'x'.repeat(500)}"`);
  });
});

describe('the text of what was thrown', () => {
  test.each([
    ['an error', new Error('one'), 'one'],
    [
      'an error with causes',
      new Error('one', { cause: new Error('two', { cause: 'three' }) }),
      'one: two: three',
    ],
    ['text', 'one', 'one'],
    ['nothing', undefined, 'undefined'],
  ])('is that of %s', (_, thrown, text) => {
    expect(errorText(thrown)).toBe(text);
  });
});
