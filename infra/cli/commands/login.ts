import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

import { parseJson } from '../../../functions/runtime/json.ts';
import type { OAuthClient } from '../../../functions/calendar/auth/oauth.ts';
import { CredentialsError } from '../../../functions/calendar/errors.ts';
import { RESOURCES, type Resource } from '../../../functions/calendar/resources.ts';
import { parseSpec } from '../../../functions/watches/spec.ts';
import type { WatchResult } from '../../../functions/watches/watch.ts';
import { refreshTokenOf, consentDenied, secretFailure } from '../format/consent.ts';
import { Failure, UsageError } from '../failure.ts';
import { listenForRedirect } from '../auth/loopback.ts';
import type { Open, Session } from '../session.ts';
import { printResult, logProgress } from '../../terminal/output.ts';
import { number, oneOf, type CommandSpec } from '../declare.ts';

/** `calendar-mirror login`: asks a user for consent, and stores the refresh token where sync and renew read it. */
export const loginCommand: CommandSpec = {
  name: 'login <user>',
  about: 'Ask a user for OAuth consent and store the refresh token for sync and renew (CALENDAR_AUTH=oauth).',
  notes:
    'While the publishing status of the OAuth client is “Testing”, Google ends a consent after 7 days: set it to “In production” first. Paused watches of the user are checked again afterwards.',
  examples: [
    'login ada@example.com',
    'login ada@example.com --resource events,acl --client client.json',
    'login ada@example.com --port 8085',
  ],
  declare: (command) =>
    command
      .option(
        '--resource <resource>',
        `${RESOURCES.join(', ')} (comma-separated); by default those of the user’s watches, or else events`,
        oneOf(RESOURCES),
      )
      .option('--client <file>', 'JSON file of the OAuth client, instead of the secret calendar-oauth-client')
      .option(
        '--port <number>',
        'port on this machine to which the browser is redirected; a free one by default',
        parsePort,
      )
      .option('--timeout <seconds>', 'fail after this long without an answer', number, 300),
  run,
};

const Options = z.object({
  resource: z.array(z.enum(RESOURCES)).optional(),
  client: z.string().optional(),
  port: z.number().optional(),
  timeout: z.number().default(300),
});

/** @throws {InvalidArgumentError} */
function parsePort(value: string): number {
  const parsed = number(value);
  if (parsed > 65_535) throw new InvalidArgumentError('Give a port from 1 to 65535.');
  return parsed;
}

/** https://support.google.com/cloud/answer/15549945 */
const TESTING =
  'Check that the publishing status at https://console.cloud.google.com/auth/audience is “In production”: in “Testing”, Google ends this consent after 7 days.';

type Readable = Extract<WatchResult, { ok: true }>;

/** Returns the watches of a user that are not being removed. */
const watchesOf = (listed: readonly WatchResult[], user: string): readonly Readable[] =>
  listed.filter(
    (each): each is Readable =>
      each.ok &&
      each.watch.spec.ok &&
      each.watch.spec.value.target.user === user &&
      each.watch.spec.value.removed === undefined,
  );

/** Returns the default resources: those of the user's watches, so that a new consent does not revoke their access. */
function neededBy(watches: readonly Readable[]): readonly Resource[] {
  const needed = RESOURCES.filter((resource) =>
    watches.some(({ watch }) => watch.spec.ok && watch.spec.value.target.resource === resource),
  );
  return needed.length > 0 ? needed : ['events'];
}

/** Runs what reads or writes a secret. @throws {Failure} with the role to grant */
async function onSecret<T>({ config }: Session, id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw secretFailure(error, id, config.GOOGLE_CLOUD_PROJECT);
  }
}

/** As the Cloud console gives it: `installed` for a desktop client. Plain JSON does not say which kind it is. */
const webClient = z.object({ web: z.object({}) });

async function clientText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Failure(`${file} cannot be read`, 'give the JSON file of the client, from the Cloud console');
  }
}

/** Returns the client. @throws {Failure} if it is not one of type "Desktop app", which may redirect to this machine */
function checkDesktopClient(text: string, client: OAuthClient | undefined, source: string): OAuthClient {
  const next = 'create a client of type "Desktop app" in the Cloud console, and use its JSON file';
  if (client === undefined) throw new Failure(`${source} is not an OAuth client`, next);
  if (webClient.safeParse(parseJson(text)).success)
    throw new Failure(`the client in ${source} is for web applications`, next);
  return client;
}

async function askForConsent(
  { config }: Session,
  user: string,
  client: OAuthClient,
  resources: readonly Resource[],
  { port, timeout }: z.infer<typeof Options>,
): Promise<string> {
  const { createConsent } = await import('../auth/consent.ts');
  const state = randomBytes(24).toString('base64url');
  const loopback = await listenForRedirect(state, port);
  try {
    const consent = await createConsent({
      client,
      user,
      resources,
      state,
      redirectUri: loopback.uri,
      authorizeUrl: config.OAUTH_AUTHORIZE_URL,
      tokenUrl: config.OAUTH_TOKEN_URL,
    });
    logProgress(TESTING);
    logProgress(`Ask ${user} to open this address in a browser that can reach ${loopback.uri}:`);
    logProgress(consent.url);
    const answer = await loopback.answer(timeout);
    if (answer.is === 'consentDenied') throw consentDenied(user, answer.reason);
    return refreshTokenOf(user, await consent.redeem(answer.code));
  } finally {
    loopback.close();
  }
}

async function run(open: Open, [user = '']: readonly string[], given: unknown): Promise<void> {
  const options = Options.parse(given);
  const spec = parseSpec({ user, resource: 'settings' });
  if (!spec.ok)
    throw new UsageError(spec.problem.replaceAll('spec.', ''), 'see calendar-mirror login --help');
  const session = await open();
  const { config, admin } = session;
  const { parseClient } = await import('../../../functions/calendar/auth/oauth.ts');
  const { CLIENT_SECRET, createSecrets } = await import('../../../functions/calendar/auth/secrets.ts');
  const { createAmbient } = await import('../../../functions/calendar/auth/adc.ts');
  const text =
    options.client === undefined
      ? await onSecret(session, CLIENT_SECRET, () => createSecrets(config, createAmbient())(CLIENT_SECRET))
      : await clientText(options.client);
  const client = checkDesktopClient(text, parseClient(text), options.client ?? `the secret ${CLIENT_SECRET}`);
  const { openStore } = await import('../tokens/open.ts');
  const store = await openStore(session);
  const resources = [...new Set(options.resource ?? neededBy(watchesOf(await admin.listWatches(), user)))];

  const token = await askForConsent(session, user, client, resources, options);
  const { userSecret } = await import('../../../functions/calendar/auth/secrets.ts');
  const { tokenPath } = await import('../../../functions/calendar/auth/tokens.ts');
  const secret = userSecret(user);
  const { version, isNew, left } = await onSecret(session, secret, () => store.replace(user, token));

  const paused = watchesOf(await admin.listWatches(), user).filter(({ watch }) => watch.state === 'paused');
  const due = paused.map(({ watch }) => watch.id);
  for (const id of due) await admin.requestCheck(id);
  const isSecret = store.name === 'secret-manager';
  const place = isSecret ? { secret } : { document: tokenPath(user) };
  if (session.json) session.printJson({ user, resources, ...place, version, due });
  else {
    const where = isSecret
      ? `${secret}, version ${version}`
      : `${tokenPath(user)}, encrypted with ${version}`;
    printResult(`${user} has consented to ${resources.join(', ')}: ${where}.`);
  }
  if (left !== undefined) {
    const { message, next } = secretFailure(left, secret, config.GOOGLE_CLOUD_PROJECT);
    logProgress(`The versions before are still paid for: ${message}: ${next}`);
  }
  if (isNew) logProgress(`The secret is new: grant sync and renew roles/secretmanager.secretAccessor on it.`);
  if (due.length > 0) logProgress(`renew checks ${due.join(', ')} in its next run.`);
}
