import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import * as z from 'zod';

import type { Cloud } from './cloud.ts';

/**
 * Returns the path of the file that describes a user's cloud to other programs. It exists while the cloud runs. It is not in the folder
 * of the package, because users may not write to a global installation.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cloudFilePath(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME: given = '' } = env;
  const cache = isAbsolute(given) ? given : join(homedir(), '.cache');
  return join(cache, 'calendar-mirror', 'cloud.json');
}

/** The fields of the file that programs read. */
const CloudDescription = z.object({
  /** The process that runs the cloud. */
  pid: z.number(),
  env: z.object({
    GOOGLE_CLOUD_PROJECT: z.string(),
    FIRESTORE_EMULATOR_HOST: z.string(),
    PUBSUB_EMULATOR_HOST: z.string(),
    METADATA_SERVER_DETECTION: z.string(),
    CALENDAR_AUTH: z.string(),
    CALENDAR_API_ROOT_URL: z.string(),
    CHANNEL_ADDRESS: z.string(),
  }),
});
type CloudDescription = z.infer<typeof CloudDescription>;

/** The parts of a cloud that others need to know. */
type Described = Pick<Cloud, 'projectId' | 'urls' | 'env'>;

/** Returns what another program needs to connect to a cloud. */
export function describeCloud({ projectId, urls, env }: Described) {
  return { pid: process.pid, projectId, urls, env };
}

/**
 * Writes the file. Replaces one that an earlier cloud left behind.
 * @returns whether it was written. The cloud works without it, and its users can set the variables themselves.
 */
export async function writeCloudFile(cloud: Described, file = cloudFilePath()): Promise<boolean> {
  try {
    await mkdir(dirname(file), { recursive: true });
    // Readable by the owner only, because it contains the channel token keys.
    await writeFile(file, `${JSON.stringify(describeCloud(cloud), null, 2)}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** Removes the file, unless another process has written it since. */
export async function removeCloudFile(file = cloudFilePath()): Promise<void> {
  try {
    const { pid } = CloudDescription.parse(JSON.parse(await readFile(file, 'utf8')));
    if (pid === process.pid) await rm(file, { force: true });
  } catch {
    // The file is missing, or was written by another version.
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Returns the cloud that the user runs on this machine, undefined if there is none. */
export function findLocalCloud(file = cloudFilePath()): CloudDescription | undefined {
  try {
    const description = CloudDescription.parse(JSON.parse(readFileSync(file, 'utf8')));
    return isAlive(description.pid) ? description : undefined;
  } catch {
    return undefined;
  }
}
