import type { CommandSpec } from '../declare.ts';
import { Failure } from '../failure.ts';

/** `calendar-mirror demo`: plays every kind of change on this machine, and verifies mirror and feed. */

export const demoCommand: CommandSpec = {
  name: 'demo',
  about: 'Play every kind of change and failure on this machine, and verify the mirror and the feed.',
  examples: ['demo'],
  notes:
    'Uses the emulators that FIRESTORE_EMULATOR_HOST and PUBSUB_EMULATOR_HOST name.\nOthers are started with gcloud.',
  globals: ['verbose'],
  run,
};

async function run(): Promise<void> {
  const { runDemo } = await import('../../local/demo/run.ts');
  const { onThisMachine } = await import('../this-machine.ts');
  if (!(await onThisMachine(runDemo)))
    throw new Failure('the mirror or the feed differs from the calendars', 'see the differences above');
}
