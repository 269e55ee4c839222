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
 * The `package-lock.json` of a folder that depends on a part of what the project does, with the project's own versions: so what
 * Google's builder installs is what the tests ran with.
 * @throws Error when the project's lock does not have what the folder depends on.
 */
export function lockFor(manifest: Manifest, projectLock: unknown): object {
  const { packages } = lockFile.parse(projectLock);

  /** Where Node finds a package from another: in its own node_modules, or in one further up. */
  const find = (name: string, from: string): string | undefined => {
    const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
    if (path in packages) return path;
    return from === ''
      ? undefined
      : find(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
  };

  const taken = new Map<string, unknown>();
  const take = (name: string, from: string, isNeeded: boolean): void => {
    const path = find(name, from);
    if (path === undefined && isNeeded) throw new Error(`package-lock.json has no ${name}`);
    if (path === undefined || taken.has(path)) return;
    const { dependencies, optionalDependencies, peerDependencies } = entry.parse(packages[path]);
    taken.set(path, packages[path]);
    for (const each of Object.keys(dependencies)) take(each, path, !(each in optionalDependencies));
    for (const each of Object.keys({ ...optionalDependencies, ...peerDependencies })) take(each, path, false);
  };
  for (const name of Object.keys(manifest.dependencies)) take(name, '', true);

  const { name, version } = manifest;
  const sorted = [...taken].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': manifest, ...Object.fromEntries(sorted) },
  };
}
