import { Option, type Command } from 'commander';
import * as z from 'zod';

import { TOKEN_STORES } from '../../../functions/calendar/auth/modes.ts';
import { printResult, logProgress, printable, table } from '../../terminal/output.ts';
import type { CommandGroup } from '../declare.ts';
import { Failure } from '../failure.ts';
import type { Open, Session } from '../session.ts';

/** `calendar-mirror tokens`: where the refresh tokens of users are kept (CALENDAR_AUTH=oauth). */
export const tokensCommand: CommandGroup = {
  name: 'tokens',
  about: 'List the refresh tokens of users, or move them between Secret Manager and Firestore.',
  commands: [
    {
      name: 'list [users...]',
      isDefault: true,
      about: 'List where refresh tokens are kept, and in which version. No token is opened.',
      examples: ['tokens list', 'tokens list ada@example.com --json'],
      run: list,
    },
    {
      name: 'move [users...]',
      about: 'Move refresh tokens to the other store, of all users or of those named.',
      notes:
        'A token is removed from the old store only after it was read back from the new one. Safe to interrupt and to repeat. If both stores have a token of a user, the later consent counts. To switch without a pause, move with --keep, deploy the functions with the new OAUTH_TOKEN_STORE, then move without it.',
      examples: [
        'tokens move --to firestore --dry-run',
        'tokens move --to firestore --keep',
        'tokens move --to secret-manager ada@example.com',
      ],
      declare: (command) =>
        dryRun(command)
          .addOption(
            new Option('--to <store>', 'the store to move to').choices(TOKEN_STORES).makeOptionMandatory(),
          )
          .option('--keep', 'leave the tokens in the old store as well'),
      run: move,
    },
    {
      name: 'reencrypt [users...]',
      about: 'Encrypt refresh tokens in Firestore again, where another key version than the primary one did.',
      notes:
        'After a rotation, run it before the old version of the key is disabled. Tokens of another key are encrypted with OAUTH_KMS_KEY.',
      examples: ['tokens reencrypt --dry-run', 'tokens reencrypt'],
      declare: dryRun,
      run: reencrypt,
    },
  ],
};

function dryRun(command: Command): Command {
  return command.option('--dry-run', 'only show what would be done');
}

const Options = z.object({
  to: z.enum(TOKEN_STORES).default('firestore'),
  keep: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});

/** Returns the users that have watches. */
async function watchedUsers({ admin }: Session): Promise<readonly string[]> {
  const watches = await admin.listWatches();
  return watches.flatMap((each) => (each.ok && each.watch.spec.ok ? each.watch.spec.value.target.user : []));
}

/** Runs `work` for each user. What fails for one does not stop the others. @throws {Failure} if it failed for some */
async function forEach(
  session: Session,
  users: readonly string[],
  verb: string,
  work: (user: string) => Promise<void>,
): Promise<void> {
  const { tokenFailure } = await import('../tokens/failure.ts');
  const failed: string[] = [];
  let next = '';
  for (const user of users) {
    try {
      await work(user);
    } catch (error) {
      const failure = tokenFailure(error, user, session.config.GOOGLE_CLOUD_PROJECT);
      failed.push(user);
      next = failure.next;
      if (session.json) session.printJson({ user, failed: failure.message });
      logProgress(`${user}: ${failure.message}`);
    }
  }
  if (failed.length === 0) return;
  const which = failed.length === 1 ? 'the token' : `${String(failed.length)} tokens`;
  throw new Failure(`${which} of ${failed.slice(0, 5).join(', ')} could not be ${verb}`, next);
}

async function list(open: Open, given: readonly string[]): Promise<void> {
  const session = await open();
  const { openStores } = await import('../tokens/open.ts');
  const { stores } = await openStores(session);
  const found: { user: string; store: string; version: string; storedAt: string }[] = [];
  for (const store of stores) {
    const { users, unknown } =
      given.length > 0 ? { users: given, unknown: [] } : await store.users(await watchedUsers(session));
    await forEach(session, users, 'listed', async (user) => {
      const info = await store.peek(user);
      if (info === undefined) return;
      const storedAt = new Date(info.storedAt).toISOString();
      found.push({ user, store: store.name, version: info.version, storedAt });
    });
    for (const id of unknown) logProgress(`The secret ${id} is of a user without a watch.`);
  }
  if (session.json) for (const each of found) session.printJson(each);
  else if (found.length > 0)
    printResult(
      table([
        ['user', 'store', 'version', 'stored at'],
        ...found.map((each) => [printable(each.user), each.store, each.version, each.storedAt]),
      ]),
    );
  if (found.length === 0) logProgress('There are no refresh tokens.');
}

async function move(open: Open, given: readonly string[], options: unknown): Promise<void> {
  const { to: name, keep, dryRun: dry } = Options.parse(options);
  const session = await open();
  const { openStores } = await import('../tokens/open.ts');
  const { moveToken } = await import('../tokens/move.ts');
  const { patiently } = await import('../tokens/kms.ts');
  const { stores } = await openStores(session, name);
  const to = stores.find((store) => store.name === name);
  const from = stores.find((store) => store.name !== name);
  if (from === undefined || to === undefined) return;
  const { users, unknown } =
    given.length > 0 ? { users: given, unknown: [] } : await from.users(await watchedUsers(session));
  let moved = 0;
  await forEach(session, users, 'moved', async (user) => {
    const result = await patiently(() => moveToken(user, from, to, { keep, dryRun: dry }));
    if (result === 'missing' && given.length === 0) return;
    if (result !== 'present' && result !== 'missing') moved += 1;
    if (session.json) session.printJson({ user, from: from.name, to: to.name, result, dryRun: dry });
    else printResult(`${user}: ${result}`);
  });
  for (const id of unknown)
    logProgress(`The secret ${id} stays: it is of a user without a watch. Name the user to move it.`);
  logProgress(`${String(moved)} of ${String(users.length)} ${dry ? 'would be moved' : 'moved'}.`);
}

async function reencrypt(open: Open, given: readonly string[], options: unknown): Promise<void> {
  const { dryRun: dry } = Options.parse(options);
  const session = await open();
  const { openStores } = await import('../tokens/open.ts');
  const { reencryptToken } = await import('../tokens/move.ts');
  const { patiently } = await import('../tokens/kms.ts');
  const { stores, primaryVersion } = await openStores(session, 'firestore');
  const store = stores.find((each) => each.name === 'firestore');
  if (store === undefined) return;
  const { users } = given.length > 0 ? { users: given } : await store.users([]);
  const primary = await primaryVersion();
  let done = 0;
  await forEach(session, users, 'encrypted again', async (user) => {
    const before = await patiently(() => reencryptToken(user, store, primary, dry));
    if (before === undefined) return;
    done += 1;
    if (session.json) session.printJson({ user, from: before, to: primary, dryRun: dry });
    else printResult(`${user}: ${before}`);
  });
  const verb = dry ? 'would be encrypted again' : 'encrypted again';
  logProgress(`${String(done)} of ${String(users.length)} ${verb}, with ${primary}.`);
}
