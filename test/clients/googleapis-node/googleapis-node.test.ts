import { clientSuite } from '../../support/clients/client-suite.ts';

const users = ['ada@example.com', 'bob@example.com'].map((email) => ({ email }));

await clientSuite({
  name: 'googleapis',
  folder: import.meta.dirname,
  shared: ['tap.js'],
  toolchain: ['node', 'npm'],
  prepare: [['npm', 'install', '--silent', '--no-audit', '--no-fund', '--no-package-lock']],
  run: [['node', 'client.js']],
  emulator: {
    initial: { users: [...users, { email: 'root@example.com', admin: true }] },
    channels: { retryBaseMs: 1, deliveryDelayMs: [0, 0] },
    oauth: { consent: 'allow' },
  },
});
