import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How code for programs and command lines is bundled. */
export const ESM_BUNDLE = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  // Keeps dynamic imports in separate files, so that only what is needed is loaded.
  splitting: true,
  logLevel: 'warning',
} as const;

interface Library {
  /** Folder of the sources, relative to the project. The built files keep its layout. */
  readonly base: string;
  /** Folder of the built files, relative to the project. Emptied first. */
  readonly outdir: string;
  /** Modules for programs, relative to `base`: built with their types. */
  readonly modules: readonly string[];
}

/**
 * Builds the modules of an npm package: ES modules for Node 22 and later, and their declarations. Code of the project that they import
 * is bundled. Libraries are dependencies of the package instead.
 * @throws Error if a declaration depends on one outside `base`
 */
export async function buildLibrary({ base, outdir, modules }: Library): Promise<void> {
  await rm(`${root}${outdir}`, { recursive: true, force: true });
  await build({
    ...ESM_BUNDLE,
    entryPoints: modules.map((module) => `${base}/${module}`),
    outbase: base,
    outdir,
    packages: 'external',
  });
  const emitted = await mkdtemp(`${tmpdir()}/calendar-mirror-types-`);
  try {
    const compiler = `${root}node_modules/typescript/bin/tsc`;
    const project = `${root}infra/build/types.tsconfig.json`;
    await promisify(execFile)(process.execPath, [compiler, '-p', project, '--outDir', emitted]);
    await copyTypes(`${emitted}/${base}`, `${root}${outdir}`, modules);
  } finally {
    await rm(emitted, { recursive: true });
  }
}

/** Copies the declarations of modules and of their imports. The other declarations are of code that only the bundles use. */
async function copyTypes(from: string, to: string, modules: readonly string[]): Promise<void> {
  const pending = modules.map((module) => join(from, declarationOf(module)));
  const seen = new Set(pending);
  for (const file of seen) {
    const path = relative(from, file);
    if (path.startsWith('..'))
      throw new Error(`the types of ${modules.join(', ')} import ${path}, outside the folder of the package`);
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(file, join(to, path));
    const text = await readFile(file, 'utf8');
    for (const [, imported = ''] of text.matchAll(/(?:from |import\()['"](\.[^'"]+\.ts)['"]/g))
      seen.add(join(dirname(file), declarationOf(imported)));
  }
}

const declarationOf = (module: string): string => module.replace(/\.ts$/, '.d.ts');
