import { expect, test } from 'vitest';
import { readTap } from '../../support/clients/tap.ts';

test('checks, their messages, the plan and the number of assertions are read', () => {
  const output = [
    'TAP version 13',
    'some noise',
    'ok 1 - lists events',
    'not ok 2 - deletes',
    '# expected 204',
    '# actual 500',
    'ok',
    '1..3',
    '# assertions 12',
  ].join('\n');
  expect(readTap(output)).toEqual({
    results: [
      { name: 'lists events', ok: true, message: '' },
      { name: 'deletes', ok: false, message: 'expected 204\nactual 500\n' },
      { name: '', ok: true, message: '' },
    ],
    assertions: 12,
    complete: true,
  });
});

test.each([
  ['nothing', ''],
  ['a plan without checks', '1..0'],
  ['checks without a plan', 'ok 1 - a'],
  ['fewer checks than planned', '1..2\nok 1 - a'],
])('%s is not complete', (_name, output) => {
  expect(readTap(output).complete).toBe(false);
});
