import { clientSuite } from '../../support/clients/client-suite.ts';

await clientSuite({
  name: 'Go',
  folder: import.meta.dirname,
  toolchain: ['go'],
  prepare: [['go', 'build', '-o', 'client', '.']],
  run: [['./client']],
});
