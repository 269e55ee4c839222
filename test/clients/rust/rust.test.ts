import { clientSuite } from '../../support/clients/client-suite.ts';

await clientSuite({
  name: 'Rust',
  folder: import.meta.dirname,
  toolchain: ['cargo'],
  prepare: [['cargo', 'build', '--locked']],
  run: [['./target/debug/calendar-client']],
});
