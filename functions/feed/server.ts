import type { GoogleAuth } from 'google-auth-library';

import { once } from '../once.ts';

/** Where Pub/Sub is, and what it wants to know of who calls. */
export interface PubSubServer {
  /** Of the API, without a slash at its end. */
  readonly rootUrl: string;
  /** An access token for it; the emulator wants none. */
  readonly token?: (() => Promise<string>) | undefined;
}

const ROOT_URL = 'https://pubsub.googleapis.com';
const SCOPE = 'https://www.googleapis.com/auth/pubsub';

async function loadAuth(): Promise<GoogleAuth> {
  const library = await import('google-auth-library');
  return new library.GoogleAuth({ scopes: [SCOPE] });
}

/** Access tokens out of Application Default Credentials; what gets them is loaded when one is asked for. */
function createToken(): () => Promise<string> {
  const auth = once(loadAuth);
  return async () => (await (await auth()).getAccessToken()) ?? '';
}

/** Google's Pub/Sub, or the emulator that PUBSUB_EMULATOR_HOST names. */
export const pubSubServer = (emulatorHost: string | undefined): PubSubServer =>
  emulatorHost === undefined
    ? { rootUrl: ROOT_URL, token: createToken() }
    : { rootUrl: `http://${emulatorHost}` };
