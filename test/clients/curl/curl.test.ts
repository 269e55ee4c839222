import { clientSuite } from '../../support/clients/client-suite.ts';

await clientSuite({
  name: 'curl',
  folder: import.meta.dirname,
  toolchain: ['bash', 'curl', 'gzip'],
  run: [['bash', 'client.sh']],
});
