import { existsSync } from 'node:fs';
import { clientSuite } from '../../support/clients/client-suite.ts';

/** Debian's package is some years older than the pinned one, and is tested where it and its transport are installed. */
const isPackaged = ['google/auth', 'requests'].every((module) =>
  existsSync(`/usr/lib/python3/dist-packages/${module}`),
);

await clientSuite({
  name: 'google-auth for Python',
  folder: import.meta.dirname,
  toolchain: ['python3'],
  prepare: isPackaged
    ? []
    : [
        ['python3', '-m', 'venv', 'venv'],
        ['venv/bin/pip', 'install', '--quiet', '--only-binary=:all:', '-r', 'requirements.txt'],
      ],
  run: [[isPackaged ? '/usr/bin/python3' : 'venv/bin/python', 'client.py']],
  environment: { PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  emulator: { initial: { users: [{ email: 'ada@example.com' }, { email: 'ben@example.com' }] } },
});
