/** .github/CONTRIBUTING.md says why each dependency is there. */
import { expect, test } from 'vitest';
import emulator from '../../../infra/emulator/package.json' with { type: 'json' };
import manifest from '../../../package.json' with { type: 'json' };
import { readDocument, tableRowsOf } from '../../support/documents.ts';

const contributing = readDocument('.github/CONTRIBUTING.md');
const [, text = ''] = contributing.text.split('\n## Dependencies\n');
const rows = tableRowsOf({ ...contributing, text });
const explained = rows.flatMap((row) =>
  [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
);
const dependencies = [
  manifest.dependencies,
  manifest.devDependencies,
  emulator.dependencies,
  emulator.devDependencies,
].flatMap((each) => Object.keys(each));

test('every dependency has a row that says why it is there', () => {
  expect(dependencies.filter((name) => !explained.includes(name))).toEqual([]);
});

test('no row is about a package that is not a dependency', () => {
  expect(explained.filter((name) => name !== undefined && !dependencies.includes(name))).toEqual([]);
});
