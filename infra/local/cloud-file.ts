import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import type { Cloud } from './cloud.ts';

/** Path of the file that describes the cloud on this machine to other programs. It exists while the cloud runs. */
export const CLOUD_FILE = fileURLToPath(
  new URL('../../node_modules/.cache/calendar-mirror/cloud.json', import.meta.url),
);

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

/** Returns what another program needs to connect to a cloud. */
export function describeCloud({ projectId, urls, env }: Cloud) {
  return { pid: process.pid, projectId, urls, env };
}

/** Writes the file. Replaces one that an earlier cloud left behind. */
export async function writeCloudFile(cloud: Cloud): Promise<void> {
  await mkdir(dirname(CLOUD_FILE), { recursive: true });
  // Readable by the owner only, because it contains the channel token keys.
  await writeFile(CLOUD_FILE, `${JSON.stringify(describeCloud(cloud), null, 2)}\n`, { mode: 0o600 });
}

/** Removes the file, unless another process has written it since. */
export async function removeCloudFile(): Promise<void> {
  try {
    const { pid } = CloudDescription.parse(JSON.parse(await readFile(CLOUD_FILE, 'utf8')));
    if (pid === process.pid) await rm(CLOUD_FILE, { force: true });
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

/** Returns the cloud that runs on this machine, undefined if none does. */
export function findLocalCloud(file = CLOUD_FILE): CloudDescription | undefined {
  try {
    const description = CloudDescription.parse(JSON.parse(readFileSync(file, 'utf8')));
    return isAlive(description.pid) ? description : undefined;
  } catch {
    return undefined;
  }
}
