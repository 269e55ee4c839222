/** How the examples in Python and Go are installed and run, and the example consumers. */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const EXAMPLES = fileURLToPath(new URL('../../../infra/examples/', import.meta.url));
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
function toolchain(name: string, command: string, ...args: readonly string[]): string {
  const { error, status, stderr } = spawnSync(command, args, {
    cwd: `${EXAMPLES}consumers/go`,
    encoding: 'utf8',
  });
  if (error) return `left out: ${name} is not installed`;
  return status === 0 ? '' : `left out: ${name} cannot be used, ${stderr.trim()}`;
}

/** Installs the example in a folder of `infra/examples`, with what it needs, in a virtual environment at `path`. */
export async function installPython(example: string, path: string): Promise<Command> {
  await run('python3', ['-m', 'venv', '--without-pip', path]);
  // All versions are pinned. Resolving them again, and compiling files that are not used, would take twice the time.
  const requirements = ['--no-deps', '--no-compile', '-r', `${EXAMPLES}${example}/requirements.txt`];
  const pip = ['-m', 'pip', '--python', `${path}/bin/python`, '--quiet', 'install'];
  await run('python3', [...pip, ...requirements]);
  return [`${path}/bin/python`, '-B', `${EXAMPLES}${example}/main.py`];
}

/** Builds the example in a folder of `infra/examples` as a program at `path`. */
export async function buildGo(example: string, path: string): Promise<Command> {
  await run('go', ['build', '-C', `${EXAMPLES}${example}`, '-o', path, '.']);
  return [path];
}

/** The limit of a test that installs a program: with an empty cache, Go compiles hundreds of packages for it. */
export const INSTALLING = { timeout: 600_000 };

export const missingPython = (): string => toolchain('Python', 'python3', '-c', 'import pip, venv');
/** Fails if the version of Go is below the one that the consumer needs. */
export const missingGo = (): string => toolchain('Go', 'go', 'list', '-m');

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
        `${EXAMPLES}consumers/typescript/index.ts`,
      ]),
  },
  {
    name: 'Python',
    ordered: false,
    missing: missingPython,
    install: (path) => installPython('consumers/python', path),
  },
  {
    name: 'Go',
    ordered: true,
    missing: missingGo,
    install: (path) => buildGo('consumers/go', path),
  },
];
