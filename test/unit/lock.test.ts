/** The lock of a function's folder, taken out of the project's. */
import { expect, test } from 'vitest';
import { lockFor } from '../../infra/lock.ts';

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

test('has what is depended on, in the project’s versions and places, and nothing else', () => {
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

test('is not made of a lock that does not have what is needed', () => {
  expect(() => lockFor(manifest({ missing: '*' }), PROJECT)).toThrow('package-lock.json has no missing');
});
