import { randomBytes } from 'node:crypto';

/** Returns the variables with which a function starts on the emulators of this process. */
export const environment = (projectId: string) => ({
  GOOGLE_CLOUD_PROJECT: projectId,
  FIRESTORE_EMULATOR_HOST: process.env['FIRESTORE_EMULATOR_HOST'] ?? '',
  PUBSUB_EMULATOR_HOST: process.env['PUBSUB_EMULATOR_HOST'] ?? '',
  METADATA_SERVER_DETECTION: 'none',
  CALENDAR_AUTH: 'emulator',
  CHANNEL_ADDRESS: 'http://127.0.0.1/',
  CHANNEL_TOKEN_KEYS: `bench:${randomBytes(32).toString('base64')}`,
});
