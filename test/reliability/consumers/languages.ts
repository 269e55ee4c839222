/** The example consumers: how each is installed, and run. */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const EXAMPLES = fileURLToPath(new URL('../../../infra/examples/consumers/', import.meta.url));
const run = promisify(execFile);

/** The command that runs an installed program, before its own arguments. */
export type Command = readonly [program: string, ...args: string[]];

export interface Language {
  readonly name: string;
  /** Whether the subscription of the test delivers in order. */
  readonly ordered: boolean;
  /** Returns why its tests are left out here; an empty text if they are not. */
  readonly missing: () => string;
  /** Installs the example with what it needs at a path that does not exist yet. */
  readonly install: (path: string) => Promise<Command>;
}

/** Returns why a command that only looks at a toolchain fails. */
export function toolchain(name: string, command: string, ...args: readonly string[]): string {
  const { error, status, stderr } = spawnSync(command, args, { cwd: `${EXAMPLES}go`, encoding: 'utf8' });
  if (error) return `left out: ${name} is not installed`;
  return status === 0 ? '' : `left out: ${name} cannot be used, ${stderr.trim()}`;
}

export const LANGUAGES: readonly Language[] = [
  {
    name: 'TypeScript',
    ordered: true,
    missing: () => '',
    // In a project with its own `calendar-mirror`: here that is the source.
    install: () =>
      Promise.resolve([
        process.execPath,
        '--conditions=calendar-mirror-source',
        `${EXAMPLES}typescript/index.ts`,
      ]),
  },
  {
    name: 'Python',
    ordered: false,
    missing: () => toolchain('Python', 'python3', '-c', 'import pip, venv'),
    install: async (path) => {
      await run('python3', ['-m', 'venv', '--without-pip', path]);
      // All versions are pinned. Resolving them again, and compiling files that are not used, would take twice the time.
      const requirements = ['--no-deps', '--no-compile', '-r', `${EXAMPLES}python/requirements.txt`];
      const pip = ['-m', 'pip', '--python', `${path}/bin/python`, '--quiet', 'install'];
      await run('python3', [...pip, ...requirements]);
      return [`${path}/bin/python`, `${EXAMPLES}python/main.py`];
    },
  },
  {
    name: 'Go',
    ordered: true,
    // Fails if the version of Go is below that in go.mod.
    missing: () => toolchain('Go', 'go', 'list', '-m'),
    install: async (path) => {
      await run('go', ['build', '-C', `${EXAMPLES}go`, '-o', path, '.']);
      return [path];
    },
  },
];
