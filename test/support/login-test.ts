/** Tests of `calendar-mirror login`. A `fetch` stands in for the browser, and stand-ins for Google's services. */
import { Firestore } from '@google-cloud/firestore';
import { expect, test as base } from 'vitest';
import { commandLine, type CommandLine, type Outcome } from './command-line.ts';
import { eventually } from './eventually.ts';
import { AMBIENT_TOKEN } from './identity/reply.ts';
import { CLIENT } from './identity/rules.ts';
import { startIdentity, type IdentityServer } from './identity/server.ts';

/** The secret with the OAuth client. */
export const CLIENT_SECRET = 'calendar-oauth-client';

let projects = 0;

/** Returns the environment of a command line that finds Google's services in their stand-ins. */
export const environmentOf = (identity: IdentityServer, project: string) => ({
  GOOGLE_CLOUD_PROJECT: project,
  FIRESTORE_EMULATOR_HOST: process.env['FIRESTORE_EMULATOR_HOST'] ?? '',
  PUBSUB_EMULATOR_HOST: process.env['PUBSUB_EMULATOR_HOST'] ?? '',
  METADATA_SERVER_DETECTION: 'assume-present',
  GCE_METADATA_HOST: new URL(identity.url).host,
  ...identity.environment,
});

/** Each test has Google's services, a project and a command line of its own. */
export const loginTest = base
  .extend('identity', async ({}, { onCleanup }) => {
    const identity = await startIdentity();
    identity.state.secrets.set(CLIENT_SECRET, JSON.stringify({ installed: CLIENT }));
    onCleanup(() => identity.close());
    return identity;
  })
  .extend('project', () => {
    projects += 1;
    return `demo-login-${String(process.pid)}-${String(projects)}`;
  })
  .extend('firestore', ({ project }, { onCleanup }) => {
    const firestore = new Firestore({ projectId: project });
    onCleanup(() => firestore.terminate());
    return firestore;
  })
  .extend('cli', ({ identity, project }) => commandLine(environmentOf(identity, project)))
  .extend('login', ({ cli, identity }) => loginWith(cli, identity));

type Open = (address: string) => Promise<unknown>;

/** Returns a function that runs `login`, and opens the URL that it prints as a browser would. */
export const loginWith =
  (cli: CommandLine, identity: IdentityServer) =>
  async (
    args: readonly string[],
    open: Open = (address) => fetch(address),
  ): Promise<Outcome & { readonly address: string }> => {
    const running = cli.begin('login', ...args);
    const address = await Promise.race([
      eventually(() => {
        const found = running.stderr.find((line) => line.startsWith(identity.url));
        if (found === undefined) throw new Error(`no address yet: ${running.stderr.join(' ')}`);
        return found;
      }),
      running.ended.then(() => ''),
    ]);
    if (address !== '') await open(address);
    const code = await running.ended;
    const outcome = { code, stdout: running.stdout.join('\n'), stderr: running.stderr.join('\n') };
    const output = [outcome.stdout, outcome.stderr].join('\n');
    for (const secret of [
      ...identity.page.issued,
      AMBIENT_TOKEN,
      CLIENT.client_secret,
      'ya29.',
      'code_verifier',
    ])
      expect(output).not.toContain(secret);
    return { ...outcome, address };
  };

/** Returns the last line of what a command printed to stderr. */
export const lastLine = ({ stderr }: Outcome): string => stderr.split('\n').at(-1) ?? '';
