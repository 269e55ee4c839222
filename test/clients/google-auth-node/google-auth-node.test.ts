import { clientSuite } from '../../support/clients/client-suite.ts';

await clientSuite({
  name: 'google-auth-library',
  folder: import.meta.dirname,
  shared: ['tap.js'],
  toolchain: ['node', 'npm'],
  prepare: [['npm', 'install', '--silent', '--no-audit', '--no-fund', '--no-package-lock']],
  run: [['node', 'client.js']],
  emulator: { initial: { users: [{ email: 'ada@example.com' }, { email: 'ben@example.com' }] } },
});
