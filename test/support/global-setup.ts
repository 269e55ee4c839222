import { build } from '../../infra/build.ts';
import { findOrStartEmulators } from '../../infra/local/emulators.ts';

/**
 * Once per run: finds or starts the emulators, whose hosts the tests get through the environment as Google's
 * clients read it, and builds the functions that the tests serve.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  await build();
  const emulators = await findOrStartEmulators();
  process.env['FIRESTORE_EMULATOR_HOST'] = emulators.firestoreHost;
  process.env['PUBSUB_EMULATOR_HOST'] = emulators.pubsubHost;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  return () => emulators.stop();
}
