import { existsSync } from 'node:fs';
import { findOrStartEmulators } from '../../infra/local/emulators.ts';

const BUILD = new URL('../../infra/build.ts', import.meta.url);

/**
 * Once per run: finds or starts the emulators, whose hosts the tests get through the environment as Google's
 * clients read it, and builds the functions that the tests serve.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const [emulators] = await Promise.all([findOrStartEmulators(), buildFunctions()]);
  process.env['FIRESTORE_EMULATOR_HOST'] = emulators.firestoreHost;
  process.env['PUBSUB_EMULATOR_HOST'] = emulators.pubsubHost;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  return () => emulators.stop();
}

async function buildFunctions(): Promise<void> {
  if (!existsSync(BUILD)) return;
  const { build }: { build: () => Promise<void> } = await import(BUILD.href);
  await build();
}
