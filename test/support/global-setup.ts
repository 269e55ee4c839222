import { existsSync } from 'node:fs';
import { findOrStartEmulators } from '../../infra/local/emulators.ts';

const ROOT = new URL('../../', import.meta.url);
const NEEDED = [
  'infra/build.ts',
  ...['receive', 'sync', 'renew'].map((name) => `functions/${name}/index.ts`),
];

/**
 * Once per run: finds or starts the emulators, whose hosts the tests get through the environment as Google's
 * clients read it, and builds the functions that the tests serve.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  await buildFunctions();
  const emulators = await findOrStartEmulators();
  process.env['FIRESTORE_EMULATOR_HOST'] = emulators.firestoreHost;
  process.env['PUBSUB_EMULATOR_HOST'] = emulators.pubsubHost;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  return () => emulators.stop();
}

async function buildFunctions(): Promise<void> {
  if (!NEEDED.every((file) => existsSync(new URL(file, ROOT)))) return;
  const { build }: { build: () => Promise<void> } = await import(new URL('infra/build.ts', ROOT).href);
  await build();
}
