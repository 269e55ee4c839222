import { auth } from 'googleapis/build/src/apis/calendar/index.js';

import { unavailable } from './ask.ts';

/** The function's own identity, with which it asks for the credentials of others. */
export interface Ambient {
  /** An access token for Google Cloud. */
  readonly token: () => Promise<string>;
  /** The address of the service account, if it is one. */
  readonly email: () => Promise<string | undefined>;
}

/** IAM Credentials and Secret Manager take no narrower one; what it allows is bounded by the account's roles. */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** Application Default Credentials: the metadata server in Google Cloud, a file or a login elsewhere. */
export function createAmbient(): Ambient {
  const google = new auth.GoogleAuth({ scopes: [SCOPE] });
  return {
    token: async () => (await google.getAccessToken()) ?? '',
    email: async () => (await google.getCredentials()).client_email,
  };
}

/**
 * The header that makes a request one of the function's own. Whatever is the matter with the function's identity passes,
 * or ends with its instance; and nothing is wrong with the user.
 */
export async function asMyself(ambient: Ambient): Promise<{ readonly authorization: string }> {
  try {
    return { authorization: `Bearer ${await ambient.token()}` };
  } catch {
    throw unavailable('ambientCredentials');
  }
}

/** The function's own address. @throws {CredentialsError} `temporary`, if it cannot be found out now. */
export async function ownEmail(ambient: Ambient): Promise<string | undefined> {
  try {
    return await ambient.email();
  } catch {
    throw unavailable('ambientCredentials');
  }
}
