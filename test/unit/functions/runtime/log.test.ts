import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createLog, errorText, redirectConsole, type LogFields } from '../../../../functions/runtime/log.ts';
import { withMetric } from '../../../../functions/runtime/metrics.ts';
import { anyCharacter } from '../../../support/any-character.ts';

const Entry = z.record(z.string(), z.unknown());

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
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { severity, message: 'synced', watch: 'w', pages: 2, full: true },
    ]);
  });

  test('of an error, and no other, is recognized by Error Reporting and grouped by its message', () => {
    const lines: string[] = [];
    const log = createLog((line) => lines.push(line), 'sync');
    log.error('sync failed, will be redelivered', { error: 'one' });
    log.error('sync failed, will be redelivered', { error: 'two' });
    log.warning('sync failed');
    const [first, second, warning] = lines.map((line) => Entry.parse(JSON.parse(line)));
    expect(first).toMatchObject({
      '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
      message: 'sync failed, will be redelivered',
      serviceContext: { service: 'sync' },
      context: { reportLocation: { functionName: 'sync failed, will be redelivered' } },
    });
    expect(second?.['context']).toEqual(first?.['context']);
    expect(warning).toEqual({ severity: 'WARNING', message: 'sync failed' });
  });

  test('that is also a metric names it beside its own fields', () => {
    const lines: string[] = [];
    const log = createLog((line) => lines.push(line));
    log.info('a', withMetric({ watch: 'w' }, undefined));
    log.info('b', withMetric({ watch: 'w' }, { metric: 'outbox', entries: 1, ageSeconds: 2 }));
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { severity: 'INFO', message: 'a', watch: 'w' },
      { severity: 'INFO', message: 'b', watch: 'w', metric: 'outbox', entries: 1, ageSeconds: 2 },
    ]);
  });

  test('has the fields of its context, at every severity', () => {
    const lines: string[] = [];
    const log = createLog(
      (line) => lines.push(line),
      'sync',
      () => ({ trace: 't' }),
    );
    log.info('a', { watch: 'w' });
    log.error('b');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { message: 'a', watch: 'w', trace: 't' },
      { message: 'b', trace: 't' },
    ]);
  });

  test('is one line for any message and fields', () => {
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

  test('is of bounded length', () => {
    const line = written('notification rejected', { reason: 'x'.repeat(1_000_000), state: 'exists' });
    expect(line.length).toBeLessThan(1000);
    expect(JSON.parse(line)).toMatchObject({ reason: `${'x'.repeat(500)}…`, state: 'exists' });
  });

  test('keeps a value of 500 characters as it is', () => {
    expect(written('m', { reason: 'x'.repeat(500) })).toContain(`"${'x'.repeat(500)}"`);
  });
});

describe('console output of a library', () => {
  const before = { ...console };
  afterEach(() => {
    Object.assign(console, before);
  });

  test('becomes one entry of bounded length for any arguments', () => {
    const lines: string[] = [];
    redirectConsole(createLog((line) => lines.push(line)));
    const { error, warn } = console;
    const value = fc.oneof(fc.anything(), fc.string({ unit: anyCharacter }), fc.constant(new Error('a\nb')));
    fc.assert(
      fc.property(fc.array(value), (values) => {
        lines.length = 0;
        error(...values);
        warn(...values, 'x'.repeat(5_000));
        expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
          { severity: 'ERROR', message: expect.any(String) },
          { severity: 'WARNING', message: expect.any(String) },
        ]);
        for (const line of lines) expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(15_000);
      }),
    );
  });
});

describe('the text of a thrown value', () => {
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
