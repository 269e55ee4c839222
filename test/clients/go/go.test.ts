import { clientSuite } from '../../support/clients/client-suite.ts';

await clientSuite({
  name: 'Go',
  folder: import.meta.dirname,
  toolchain: ['go'],
  // Without optimizations it builds in two thirds of the time, and it runs once.
  prepare: [['go', 'build', '-gcflags=all=-N -l', '-ldflags=-s -w', '-o', 'client', '.']],
  run: [['./client']],
});
