import type { Command } from 'commander';

import { declare, number, settle } from '../declare.ts';

const readOptions = (command: Command): Command =>
  command
    .option('--subscription <name>', 'where they are read from (DEAD_LETTERS_SUBSCRIPTION)')
    .option('--limit <number>', 'no more than so many', number, 1_000);

/** What could not be processed: `dead-letters`. */
export function declareDeadLetters(program: Command): void {
  const group = settle(program.command('dead-letters'), 'calendar-mirror dead-letters')
    .helpOption('-h, --help', 'show this help')
    .description('What sync could not process: list it, have it processed after all, or forget it.');
  readOptions(
    declare(group, {
      name: 'list',
      isDefault: true,
      about: 'List them, with the reason. All stay where they are.',
      load: async () => (await import('../dead-letters.ts')).list,
      examples: ['dead-letters list', 'dead-letters list --json'],
    }),
  );
  readOptions(
    declare(group, {
      name: 'replay [messages...]',
      about: 'Publish them again, all or those named, once what was wrong is mended.',
      load: async () => (await import('../dead-letters.ts')).replay,
      examples: ['dead-letters replay', 'dead-letters replay 12345 12346'],
    }),
  );
  readOptions(
    declare(group, {
      name: 'purge [messages...]',
      about: 'Forget them for good, all or those named. Asks first.',
      load: async () => (await import('../dead-letters.ts')).purge,
      examples: ['dead-letters purge 12345', 'dead-letters purge --yes'],
    }),
  ).option('--yes', 'do not ask');
}
