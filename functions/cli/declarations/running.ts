import type { Command } from 'commander';

import { declare, waitOptions } from '../declare.ts';

/** What the functions do by themselves, now: `sync`, `renew`. */
export function declareRunning(program: Command): void {
  const sync = declare(program, {
    name: 'sync <watch>',
    about: 'Sync a watch now, and wait until it is done.',
    load: async () => (await import('../sync.ts')).run,
    examples: ['sync ada-events-ada-1f2e3d', 'sync ada-events-ada-1f2e3d --full'],
  });
  waitOptions(sync.option('--full', 'compare everything, not only what has changed since the last sync'));

  declare(program, {
    name: 'renew [watches...]',
    about: 'Let renew look at watches at its next run, instead of when they are due.',
    load: async () => (await import('../renew.ts')).run,
    examples: ['renew ada-events-ada-1f2e3d', 'renew --all', 'renew --dry-run', 'renew --dry-run --all'],
  })
    .option('--all', 'all watches')
    .option('--dry-run', 'change nothing; show what renew would do now: about what is due, or what is named');
}
