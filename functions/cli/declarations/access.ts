import { InvalidArgumentError, type Command } from 'commander';

import { RESOURCES } from '../../calendar/resources.ts';
import { declare, number, oneOf } from '../declare.ts';

/** @throws {InvalidArgumentError} */
function port(value: string): number {
  const parsed = number(value);
  if (parsed > 65_535) throw new InvalidArgumentError('There are ports up to 65535.');
  return parsed;
}

/** What may be read in a user's name: `login`. */
export function declareAccess(program: Command): void {
  declare(program, {
    name: 'login <user>',
    about: 'Ask a user for consent, and store it where sync and renew read it (CALENDAR_AUTH=oauth).',
    load: async () => (await import('../login.ts')).run,
    examples: [
      'login ada@example.com',
      'login ada@example.com --resource events,acl --client client.json',
      'login ada@example.com --port 8085',
    ],
  })
    .option(
      '--resource <resource>',
      `what for: ${RESOURCES.join(', ')}; by default what the user’s watches need, or else events`,
      oneOf(RESOURCES),
    )
    .option('--client <file>', 'the JSON of the OAuth client, instead of the secret calendar-oauth-client')
    .option(
      '--port <number>',
      'where the browser is sent back to on this machine; a free one by default',
      port,
    )
    .option('--timeout <seconds>', 'give up when nobody has consented for this long', number, 300);
}
