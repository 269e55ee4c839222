import { expect, test } from 'vitest';
import { isChromiumInstalled } from '../support/browser/chromium.ts';
import { ROWS } from './rows.ts';
import { unmeasured, SLOW } from './smoke.ts';

const slow: readonly string[] = Object.values(SLOW).flat();
/** Rows that cannot run on this machine. */
const missing: readonly string[] = isChromiumInstalled() ? [] : ['console'];

test('every row is measured by one of the tests', () => {
  expect(ROWS.map(({ name }) => name)).toEqual(expect.arrayContaining([...slow]));
});

test.each(ROWS.filter(({ name }) => ![...slow, ...missing].includes(name)))(
  'the row $name measures a value for each of its marks',
  async (row) => expect(await unmeasured(row)).toEqual([]),
);
