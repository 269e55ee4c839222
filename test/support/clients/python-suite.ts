/** Runs a client that is a Python module, with the packages that its folder pins. */
import { clientSuite } from './client-suite.ts';

/**
 * Installs `requirements.txt` into a virtual environment and runs the module of the folder.
 * @param name the name of the suite
 */
export const pythonSuite = (name: string, folder: string, module: string): Promise<void> =>
  clientSuite({
    name,
    folder,
    toolchain: ['python3'],
    probe: {
      what: 'Python 3.11 with venv',
      command: ['python3', '-c', 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'],
    },
    prepare: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '-r', 'requirements.txt'],
    ],
    run: [['venv/bin/python', '-m', module]],
    // The time zones of the pinned package, not those of the machine.
    environment: { PYTHONTZPATH: '', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  });
