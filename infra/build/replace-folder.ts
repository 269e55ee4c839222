import { rename, rm } from 'node:fs/promises';

/** Puts a finished folder in place of the old one, so that a program that is using it never finds half a build. */
export async function replaceFolder(old: string, finished: string): Promise<void> {
  const aside = `${finished}-old`;
  await rename(old, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(finished, old);
  await rm(aside, { recursive: true, force: true });
}
