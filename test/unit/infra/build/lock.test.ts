/** The package-lock.json of a function, derived from the project's. */
import { expect, test } from 'vitest';
import { lockFor } from '../../../../infra/build/lock.ts';

const manifest = (dependencies: Readonly<Record<string, string>>) => ({
  name: 'part',
  version: '1.0.0',
  dependencies,
});
const PROJECT = {
  lockfileVersion: 3,
  packages: {
    '': { name: 'whole' },
    'node_modules/a': {
      version: '1.0.0',
      dependencies: { b: '^1.0.0', c: '*' },
      optionalDependencies: { gone: '*' },
    },
    'node_modules/a/node_modules/c': { version: '1.1.0', dependencies: { b: '*' } },
    'node_modules/b': { version: '1.2.0', peerDependencies: { a: '*' } },
    'node_modules/c': { version: '2.0.0' },
    'node_modules/other': { version: '3.0.0' },
  },
};

test('contains exactly the dependencies, with the project’s versions and paths', () => {
  const { packages } = PROJECT;
  expect(lockFor(manifest({ a: '^1.0.0' }), PROJECT)).toEqual({
    name: 'part',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': manifest({ a: '^1.0.0' }),
      'node_modules/a': packages['node_modules/a'],
      'node_modules/a/node_modules/c': packages['node_modules/a/node_modules/c'],
      'node_modules/b': packages['node_modules/b'],
    },
  });
});

test('a dependency that the project’s lock lacks is an error', () => {
  expect(() => lockFor(manifest({ missing: '*' }), PROJECT)).toThrow('package-lock.json has no missing');
});
