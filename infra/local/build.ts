import { existsSync } from 'node:fs';

/** The build script. The relative path is the same from this file and from its bundle in `dist/cli`. */
const BUILDER = new URL('../../infra/build/functions.ts', import.meta.url);

/** Builds the functions in a clone. Returns false in an installed package, which contains the built functions and no sources. */
export async function buildFunctions(): Promise<boolean> {
  if (!existsSync(BUILDER)) return false;
  const { build } = await import('../build/functions.ts');
  await build();
  return true;
}
