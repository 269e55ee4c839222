import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = `${ROOT}node_modules/typescript/bin/tsc`;
const run = promisify(execFile);

/** Settings of a consumer who resolves modules as Node does, or as bundlers do. */
const RESOLUTIONS = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const;

type Resolution = keyof typeof RESOLUTIONS;

/** An npm package as its users get it: packed, and installed in a folder that has nothing else. */
export interface InstalledPackage {
  readonly folder: string;
  /** The path of the packed file. */
  readonly tarball: string;
  /**
   * Compiles a program strictly, declarations of libraries included, once. Returns the path of the JavaScript.
   * @param types the packages of types that the program names; a package that needs others names them itself
   */
  compile(source: string, resolution: Resolution, types?: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Packs and installs the package in a folder of the project; npm builds it for that. */
export async function installPackage(path: string): Promise<InstalledPackage> {
  const folder = await mkdtemp(`${tmpdir()}/calendar-mirror-`);
  await run('npm', ['pack', '--pack-destination', folder], { cwd: `${ROOT}${path}` });
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  await writeFile(`${folder}/package.json`, '{"type":"module"}');
  await install(folder, `./${packed}`);
  const compile = async (
    source: string,
    name: string,
    resolution: Resolution,
    types: readonly string[],
  ): Promise<string> => {
    await copyFile(source, `${folder}/${name}.ts`);
    const compilerOptions = {
      ...RESOLUTIONS[resolution],
      target: 'es2024',
      strict: true,
      types,
      typeRoots: [`${ROOT}node_modules/@types`],
      rootDir: folder,
      outDir: `${folder}/${resolution}`,
    };
    const project = `${folder}/${resolution}.tsconfig.json`;
    await writeFile(project, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
    await run(process.execPath, [TSC, '-p', project]).catch((error: { stdout?: string }) => {
      throw new Error(`${name} does not compile: ${error.stdout ?? ''}`, { cause: error });
    });
    return `${folder}/${resolution}/${name}.js`;
  };
  const compiled = new Map<string, Promise<string>>();
  return {
    folder,
    tarball: `${folder}/${packed}`,
    compile(source, resolution, types = ['node']) {
      const name = basename(source, '.ts');
      const key = `${resolution}/${name}`;
      const result = compiled.get(key) ?? compile(source, name, resolution, types);
      compiled.set(key, result);
      return result;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/**
 * Installs the latest Node of a major version from the registry. Returns the path of its executable, or why it is missing.
 */
export async function installNode(
  major: string,
): Promise<{ readonly path: string; remove(): Promise<void> } | { readonly missing: string }> {
  const folder = await mkdtemp(`${tmpdir()}/node-${major}-`);
  const remove = (): Promise<void> => rm(folder, { recursive: true });
  try {
    await writeFile(`${folder}/package.json`, '{"allowScripts":{"node":true}}');
    await install(folder, `node@${major}`);
    return { path: `${folder}/node_modules/node/bin/node`, remove };
  } catch (error) {
    await remove();
    return { missing: String(error) };
  }
}

/** Installs a package from a tarball or the registry. */
async function install(folder: string, spec: string): Promise<void> {
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', spec], { cwd: folder });
}
