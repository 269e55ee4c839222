import { Option, type Command } from 'commander';

import { AUTH_MODES } from '../../config.ts';
import { declare } from '../declare.ts';

/** What is wrong with a deployment: `doctor`. */
export function declareDoctor(program: Command): void {
  declare(program, {
    name: 'doctor',
    about: 'Look at everything that a deployment needs, and say what mends what is wrong.',
    load: async () => (await import('../doctor/index.ts')).run,
    examples: ['doctor', 'doctor --user ada@example.com', `doctor --json | jq 'select(.verdict != "well")'`],
  })
    .option('--user <user>', 'also try whether what this user has can be read')
    .addOption(
      new Option('--auth <mode>', 'how that is authorised (CALENDAR_AUTH, or as sync is deployed)').choices(
        AUTH_MODES,
      ),
    );
}
