import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build as bundle, type Plugin } from 'esbuild';

import lock from '../../package-lock.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };
import { lean } from './lean.ts';
import { lockFor } from './lock.ts';
import { replaceFolder } from './replace-folder.ts';

/**
 * Bundles each function into `dist/<name>`, a folder that functions-framework serves and a deployment uploads as it is. The framework
 * is not bundled, because a function must register with the copy that serves it.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const FRAMEWORK = '@google-cloud/functions-framework';
const FUNCTIONS = ['receive', 'sync', 'renew'] as const;

const BUNDLE_OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Google's client libraries are CommonJS and call `require` at run time, which an ES module does not have.
  format: 'cjs',
} as const;

interface BuildOptions {
  /** Parent of the functions' folders. Must be in the project, from which they load the framework. `dist` by default. */
  readonly dist?: string;
  /** Additional plugins, with which tests instrument the code. */
  readonly plugins?: Plugin[];
}

/**
 * Bundles a function.
 * @param entry the source file, relative to the project
 * @param options.target the name under which the function registers; `name` by default
 */
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
    ...BUNDLE_OPTIONS,
    external: [FRAMEWORK],
    // Resolves imports of the project's own package to its sources. `module` is esbuild's default, which this replaces.
    conditions: ['module', 'calendar-mirror-source'],
    // Shortens each start. Identifiers are kept for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    // Node prints the source line of an uncaught error.
    lineLimit: 200,
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    plugins: [lean, ...plugins],
    logLevel: 'warning',
  });
  await bundle({
    entryPoints: ['index', 'compile'].map((part) => `${root}infra/build/startup/${part}.ts`),
    outdir: folder,
    ...BUNDLE_OPTIONS,
    external: [`${FRAMEWORK}/testing`],
  });
  const deployed = {
    name: `calendar-mirror-${name}`,
    version: manifest.version,
    private: true,
    main: 'index.js',
    // Run by Google's buildpack, with the Node version that serves the function.
    // https://cloud.google.com/docs/buildpacks/nodejs
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
  await replaceFolder(`${dist}/${name}`, folder);
}

/** Builds `dist/receive`, `dist/sync` and `dist/renew`. */
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
