import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

/** Where the cloud that runs on this machine says how to join it (`npm start` writes it, and removes it at its end). */
export const CLOUD_FILE = fileURLToPath(
  new URL('../../node_modules/.cache/calendar-mirror/cloud.json', import.meta.url),
);

/** What is read of it. */
export const CloudDescription = z.object({
  /** The process that the cloud lives in. */
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
export type CloudDescription = z.infer<typeof CloudDescription>;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The cloud that runs on this machine; undefined where there is none, or none any more. */
export function findLocalCloud(file = CLOUD_FILE): CloudDescription | undefined {
  try {
    const description = CloudDescription.parse(JSON.parse(readFileSync(file, 'utf8')));
    return isAlive(description.pid) ? description : undefined;
  } catch {
    return undefined;
  }
}
