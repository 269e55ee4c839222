import { expect, test } from 'vitest';
import { markdown } from './report.ts';
import { ROWS } from './rows.ts';

/** Runs each row at its smallest size, to show that it still measures; figures mean nothing. */

/** `memory` has a test of its own. */
const rows = ROWS.filter(({ name }) => name !== 'memory');

test.each(rows)('the row $name measures a value for each of its marks', async ({ name, measure }) => {
  const result = await measure('tiny', () => {});
  expect(result.figures.length).toBeGreaterThan(0);
  for (const { median, what } of result.figures) expect.soft(median, what).toBeGreaterThan(0);
  for (const { value, what } of result.marks) expect.soft(value, what).toBeGreaterThan(0);
  const table = markdown({ [name]: result }).split('\n');
  expect(table).toHaveLength(2 + result.figures.length + result.marks.length);
});
