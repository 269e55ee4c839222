import * as z from 'zod';

const entry = z.looseObject({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});
const lockFile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), z.unknown()) });

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Returns the `package-lock.json` of a folder whose dependencies are a subset of the project's. Its versions are those of the
 * project's lock, so that a deployment installs what the tests ran with.
 * @throws Error if the project's lock lacks a dependency
 */
export function lockFor(manifest: Manifest, projectLock: unknown): object {
  const { packages } = lockFile.parse(projectLock);

  /** Returns where Node finds a package: in the importing package's node_modules, or in that of an ancestor. */
  const find = (name: string, from: string): string | undefined => {
    const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
    if (path in packages) return path;
    return from === ''
      ? undefined
      : find(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
  };

  const included = new Map<string, unknown>();
  const include = (name: string, from: string, isRequired: boolean): void => {
    const path = find(name, from);
    if (path === undefined && isRequired) throw new Error(`package-lock.json has no ${name}`);
    if (path === undefined || included.has(path)) return;
    const { dependencies, optionalDependencies, peerDependencies } = entry.parse(packages[path]);
    included.set(path, packages[path]);
    for (const each of Object.keys(dependencies)) include(each, path, !(each in optionalDependencies));
    for (const each of Object.keys({ ...optionalDependencies, ...peerDependencies }))
      include(each, path, false);
  };
  for (const name of Object.keys(manifest.dependencies)) include(name, '', true);

  const { name, version } = manifest;
  const sorted = [...included].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': manifest, ...Object.fromEntries(sorted) },
  };
}
