import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import * as z from 'zod';

import { createAmbient } from '../calendar/auth/ambient.ts';
import { createConsent } from '../calendar/auth/consent.ts';
import { parseClient, type OAuthClient } from '../calendar/auth/oauth-client.ts';
import { CLIENT_SECRET, createSecrets, userSecret } from '../calendar/auth/secrets.ts';
import { createVault } from '../calendar/auth/vault.ts';
import { CredentialsError } from '../calendar/errors.ts';
import { RESOURCES, type Resource } from '../calendar/resources.ts';
import { parseSpec } from '../mirror/spec.ts';
import type { Listed } from '../mirror/wishes.ts';
import { mustConsent, refusedFailure, secretFailure } from './consent-words.ts';
import { Failure, WrongUse } from './failure.ts';
import { listenForRedirect } from './loopback.ts';
import type { Open, Session } from './session.ts';
import { print, tell } from './terminal.ts';

/** `calendar-mirror login`: asks a user for consent, and stores what comes of it where sync and renew read it. */

const Options = z.object({
  resource: z.array(z.enum(RESOURCES)).optional(),
  client: z.string().optional(),
  port: z.number().optional(),
  timeout: z.number().default(300),
});

type Readable = Extract<Listed, { ok: true }>;

/** The watches of a user that are wanted. */
const watchesOf = (listed: readonly Listed[], user: string): readonly Readable[] =>
  listed.filter(
    (each): each is Readable =>
      each.ok &&
      each.watch.spec.ok &&
      each.watch.spec.wish.target.user === user &&
      each.watch.spec.wish.removed === undefined,
  );

/** What is asked for where nobody says: what the user's watches need, so that a new consent takes nothing from them. */
function neededBy(watches: readonly Readable[]): readonly Resource[] {
  const needed = RESOURCES.filter((resource) =>
    watches.some(({ watch }) => watch.spec.ok && watch.spec.wish.target.resource === resource),
  );
  return needed.length > 0 ? needed : ['events'];
}

/** Runs what reads or writes a secret. @throws {Failure} that says what to grant. */
async function onSecret<T>({ config }: Session, id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw secretFailure(error, id, config.GOOGLE_CLOUD_PROJECT);
  }
}

async function clientText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Failure(
      `${file} cannot be read`,
      'give the JSON that the Cloud console hands out for the client',
    );
  }
}

/** @throws {Failure} for what is no client, or none that may be sent back to this machine. */
function mustBeDesktop(text: string, source: string): OAuthClient {
  const client = parseClient(text);
  const next = 'make a client of type "Desktop app" in the Cloud console, and take its JSON';
  if (client === undefined) throw new Failure(`${source} holds no OAuth client`, next);
  if (client.kind === 'web') throw new Failure(`the client in ${source} is for web applications`, next);
  return client;
}

async function askForConsent(
  { config }: Session,
  user: string,
  client: OAuthClient,
  resources: readonly Resource[],
  { port, timeout }: z.infer<typeof Options>,
): Promise<string> {
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
    tell(`Let ${user} open this address, in any browser that reaches ${loopback.uri}:`);
    tell(consent.url);
    const answer = await loopback.answer(timeout);
    if (answer.is === 'refused') throw refusedFailure(user, answer.reason);
    return mustConsent(user, await consent.redeem(answer.code));
  } finally {
    loopback.close();
  }
}

export async function run(open: Open, [user = '']: readonly string[], given: unknown): Promise<void> {
  const options = Options.parse(given);
  const spec = parseSpec({ user, resource: 'settings' });
  if (!spec.ok) throw new WrongUse(spec.problem.replaceAll('spec.', ''), 'see calendar-mirror login --help');
  const session = await open();
  const { config, wishes } = session;
  const ambient = createAmbient();
  const place = { rootUrl: config.SECRET_MANAGER_ROOT_URL, project: config.GOOGLE_CLOUD_PROJECT };
  const text =
    options.client === undefined
      ? await onSecret(session, CLIENT_SECRET, () =>
          createSecrets(place, ambient, session.now).read(CLIENT_SECRET),
        )
      : await clientText(options.client);
  const client = mustBeDesktop(text, options.client ?? `the secret ${CLIENT_SECRET}`);
  const resources = [...new Set(options.resource ?? neededBy(watchesOf(await wishes.listWatches(), user)))];

  const token = await askForConsent(session, user, client, resources, options);
  const secret = userSecret(user);
  const { version, isNew } = await onSecret(session, secret, () =>
    createVault(place, ambient).store(secret, token),
  );

  const paused = watchesOf(await wishes.listWatches(), user).filter(({ watch }) => watch.state === 'paused');
  const due = paused.map(({ watch }) => watch.id);
  for (const id of due) await wishes.askLook(id);
  if (session.json) session.printJson({ user, resources, secret, version, due });
  else print(`${user} has consented to ${resources.join(', ')}: ${secret}, version ${version}.`);
  if (isNew) tell(`The secret is new: sync and renew need roles/secretmanager.secretAccessor on it.`);
  if (due.length > 0) tell(`renew looks at ${due.join(', ')} at its next run.`);
}
