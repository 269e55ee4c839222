import { buildCommandLine } from '../../infra/build/cli.ts';
import { build } from '../../infra/build/functions.ts';
import { findOrStartEmulators } from '../../infra/local/emulators.ts';

/**
 * Runs once per run: builds the functions that the tests serve and the command line that they run, and finds or starts the emulators.
 * Tests read their hosts from the environment, as Google's clients do.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  await Promise.all([build(), buildCommandLine()]);
  const emulators = await findOrStartEmulators();
  process.env['FIRESTORE_EMULATOR_HOST'] = emulators.firestoreHost;
  process.env['PUBSUB_EMULATOR_HOST'] = emulators.pubsubHost;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  return () => emulators.stop();
}
