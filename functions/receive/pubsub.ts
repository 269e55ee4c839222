import type { GoogleAuth } from 'google-auth-library';

import type { PubSubServer } from '../feed/rest-publisher.ts';
import { once } from '../once.ts';

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

/** Where receive publishes: at Google, or at the emulator that PUBSUB_EMULATOR_HOST names. */
export const pubSubServer = (emulatorHost: string | undefined): PubSubServer =>
  emulatorHost === undefined
    ? { rootUrl: ROOT_URL, token: createToken() }
    : { rootUrl: `http://${emulatorHost}` };
