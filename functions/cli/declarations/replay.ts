import type { Command } from 'commander';

import { declare } from '../declare.ts';

/** What a consumer that comes later is given: `replay`. */
export function declareReplay(program: Command): void {
  declare(program, {
    name: 'replay <watch>',
    about: 'Publish all that is mirrored for a watch as snapshot changes, for a new consumer.',
    load: async () => (await import('../replay.ts')).run,
    examples: [
      'replay ada-events-ada-1f2e3d --topic new-consumer',
      'replay ada-events-ada-1f2e3d --topic new-consumer --json',
    ],
  })
    .requiredOption('--topic <topic>', 'where to; all its subscriptions get them')
    .option('--force', 'also to the topic of the live changes, where every consumer gets them');
}
