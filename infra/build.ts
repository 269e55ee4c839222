import { execFile } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build as bundle, type Plugin } from 'esbuild';

import lock from '../package-lock.json' with { type: 'json' };
import manifest from '../package.json' with { type: 'json' };
import { lean } from './lean.ts';
import { lockFor } from './lock.ts';

/**
 * Bundles each function into `dist/<name>`: a folder that functions-framework serves and that a deployment uploads as
 * it is. The framework itself stays outside, as the function must register with the very copy that serves it.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const FRAMEWORK = '@google-cloud/functions-framework';
const FUNCTIONS = ['receive', 'sync', 'renew'] as const;

const FORM = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Google's client libraries are CommonJS and `require` at run time; a bundle of the same kind leaves that alone.
  format: 'cjs',
} as const;

interface BuildOptions {
  /** Where the functions' folders are to stand; below the project, as they load the framework from there. `dist` by default. */
  readonly dist?: string;
  /** What else is to happen to the code: tests build in what they need to see. */
  readonly plugins?: Plugin[];
}

/** Bundles a function whose entry is that file, relative to the project; `target` is the name by which it registers, if another. */
export async function buildFunction(
  name: string,
  entry: string,
  { dist = `${root}dist`, plugins = [], target = name }: BuildOptions & { readonly target?: string } = {},
): Promise<void> {
  const folder = `${dist}/.${name}-${String(process.pid)}`;
  await mkdir(folder, { recursive: true });
  const { metafile } = await bundle({
    entryPoints: [`${root}${entry}`],
    outfile: `${folder}/function.js`,
    ...FORM,
    external: [FRAMEWORK],
    // What the project exports to others is here in its source. `module` is what esbuild would go by without that.
    conditions: ['module', 'calendar-mirror-source'],
    // Less to read at each start. Names stay what they are: they stand in stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    // An error that nobody catches is told with the line that it comes from.
    lineLimit: 200,
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    plugins: [lean, ...plugins],
    logLevel: 'warning',
  });
  await bundle({
    entryPoints: ['index', 'compile'].map((part) => `${root}infra/startup/${part}.ts`),
    outdir: folder,
    ...FORM,
    external: [`${FRAMEWORK}/testing`],
  });
  const deployed = {
    name: `calendar-mirror-${name}`,
    version: manifest.version,
    private: true,
    main: 'index.js',
    // Google's builder runs it, with the Node that will serve the function.
    scripts: { 'gcp-build': `node compile.js ${target}` },
    engines: { node: '24' },
    dependencies: { [FRAMEWORK]: manifest.dependencies[FRAMEWORK] },
  };
  await writeFile(`${folder}/package.json`, `${JSON.stringify(deployed, null, 2)}\n`);
  await writeFile(`${folder}/package-lock.json`, `${JSON.stringify(lockFor(deployed, lock), null, 2)}\n`);
  await promisify(execFile)(process.execPath, [`${folder}/compile.js`, target]);
  await writeFile(
    `${dist}/${name}.inputs.json`,
    `${JSON.stringify(Object.keys(metafile.inputs), null, 1)}\n`,
  );
  await replace(`${dist}/${name}`, folder);
}

/** Puts a finished folder in place of the old one, so that nobody who serves it meanwhile finds half a build. */
async function replace(old: string, finished: string): Promise<void> {
  const aside = `${finished}-old`;
  await rename(old, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(finished, old);
  await rm(aside, { recursive: true, force: true });
}

/** Writes `dist/receive`, `dist/sync` and `dist/renew`, replacing what was there. */
export async function build(options: BuildOptions = {}): Promise<void> {
  await Promise.all(FUNCTIONS.map((name) => buildFunction(name, `functions/${name}/index.ts`, options)));
}

if (import.meta.main) {
  await build();
  const name = 'react-to-changes';
  await buildFunction(name, `infra/examples/${name}/index.ts`, {
    dist: `${root}dist/examples`,
    target: 'react',
  });
}
