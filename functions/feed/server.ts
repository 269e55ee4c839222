import type { GoogleAuth } from 'google-auth-library';

import { createTokens, type Tokens } from './tokens.ts';

/** Pub/Sub's endpoint and credentials. */
export interface PubSubServer {
  /** Root URL of the API, without a trailing slash. */
  readonly rootUrl: string;
  /** Access tokens; undefined for the emulator. */
  readonly tokens?: Tokens | undefined;
}

const ROOT_URL = 'https://pubsub.googleapis.com';
const SCOPE = 'https://www.googleapis.com/auth/pubsub';

/** Loads the library that finds Application Default Credentials, only when a token is needed. */
async function loadAuth(): Promise<GoogleAuth> {
  const library = await import('google-auth-library');
  return new library.GoogleAuth({ scopes: [SCOPE] });
}

/** Returns Google's Pub/Sub, or the emulator at `emulatorHost` (`PUBSUB_EMULATOR_HOST`). */
export const pubSubServer = (emulatorHost: string | undefined): PubSubServer =>
  emulatorHost === undefined
    ? { rootUrl: ROOT_URL, tokens: createTokens(loadAuth) }
    : { rootUrl: `http://${emulatorHost}` };
