import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createLog, errorText, takeOverConsole, type LogFields } from '../../functions/log.ts';
import { anyCharacter } from '../support/any-character.ts';

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
    const field = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.double(),
      fc.boolean(),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.dictionary(fc.string(), field), (message, fields) => {
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

describe('what a library writes to the console', () => {
  const before = { ...console };
  afterEach(() => {
    Object.assign(console, before);
  });

  test('becomes one entry of bounded length, whatever it is', () => {
    const lines: string[] = [];
    takeOverConsole(createLog((line) => lines.push(line)));
    const { error, warn } = console;
    const said = fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.constant(new Error('a\nb')));
    fc.assert(
      fc.property(fc.array(said), (words) => {
        lines.length = 0;
        error(...words);
        warn(...words, 'x'.repeat(5_000));
        expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
          { severity: 'ERROR', message: expect.any(String) },
          { severity: 'WARNING', message: expect.any(String) },
        ]);
        for (const line of lines) expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(13_000);
      }),
    );
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
