/** README.md is for a user in a hurry, in a terminal or on a page. */
import { expect, test } from 'vitest';
import { readDocument, tableRowsOf } from '../../support/documents.ts';

const readme = readDocument('README.md');

test('README has at most 180 lines and 12 KB', () => {
  expect(readme.text.split('\n').length - 1).toBeLessThanOrEqual(180);
  expect(Buffer.byteLength(readme.text)).toBeLessThanOrEqual(12 * 1024);
});

test('no table of README is wider than a terminal of 100 columns', () => {
  const rows = tableRowsOf(readme);
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter((row) => row.length > 100)).toEqual([]);
});

test('rows of tables are found, and lines of code blocks are not', () => {
  const text = '| a | b |\n| - | - |\n\n```\n| no |\n```\n\nno | table\n';
  expect(tableRowsOf({ path: 'x.md', text })).toEqual(['| a | b |', '| - | - |']);
});
