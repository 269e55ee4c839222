import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CLOUD_FILE, CloudDescription } from '../../functions/cli/cloud-file.ts';
import type { Cloud } from './cloud.ts';

/** What another program must know of a cloud to join it. */
export function describeCloud({ projectId, urls, env }: Cloud) {
  return { pid: process.pid, projectId, urls, env };
}

/** Writes how to join the cloud, in place of what an earlier one may have left behind. */
export async function writeCloudFile(cloud: Cloud): Promise<void> {
  await mkdir(dirname(CLOUD_FILE), { recursive: true });
  // It holds the keys of the channel tokens.
  await writeFile(CLOUD_FILE, `${JSON.stringify(describeCloud(cloud), null, 2)}\n`, { mode: 0o600 });
}

/** Removes what this process wrote; what another cloud wrote since stays. */
export async function removeCloudFile(): Promise<void> {
  try {
    const { pid } = CloudDescription.parse(JSON.parse(await readFile(CLOUD_FILE, 'utf8')));
    if (pid === process.pid) await rm(CLOUD_FILE, { force: true });
  } catch {
    // There is none, or none that could be ours.
  }
}
