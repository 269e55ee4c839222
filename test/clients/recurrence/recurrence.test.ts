import { clientSuite } from '../../support/clients/client-suite.ts';

await clientSuite({
  name: 'recurrence',
  folder: import.meta.dirname,
  toolchain: ['python3'],
  probe: {
    what: 'Python 3.11 with venv',
    command: ['python3', '-c', 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'],
  },
  prepare: [
    ['python3', '-m', 'venv', 'venv'],
    ['venv/bin/pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '-r', 'requirements.txt'],
  ],
  run: [['venv/bin/python', '-m', 'judge']],
  // The time zones of the pinned package, not those of the machine.
  environment: { PYTHONTZPATH: '', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
});
