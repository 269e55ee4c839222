import { auth } from 'googleapis/build/src/apis/calendar/index.js';

import { withTimeout } from '../../runtime/promises.ts';
import type { Credentials } from './credentials.ts';
import { TIMEOUT_MS, unavailable } from './request.ts';

/** The function's own identity, with which it requests the credentials of users. */
export interface Ambient {
  /** Returns an access token for Google Cloud. */
  readonly token: () => Promise<string>;
  /** Returns the address of the service account, if it is one. */
  readonly email: () => Promise<string | undefined>;
}

/** IAM Credentials and Secret Manager accept no narrower scope; the account's roles limit what it allows. */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

const createClient = () => new auth.GoogleAuth({ scopes: [SCOPE] });

/**
 * Application Default Credentials: the metadata server in Google Cloud, a file or a login elsewhere. Google's library waits for the
 * metadata server without a timeout, so this one adds it.
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 *
 * @param timeoutMs how long to wait for a token or an address.
 */
export function createAmbient(timeoutMs = TIMEOUT_MS): Ambient {
  let google = createClient();
  const bounded = <T>(work: Promise<T>): Promise<T> =>
    withTimeout(work, timeoutMs, () => {
      // The library shares pending requests: only a new client makes another.
      google = createClient();
      return unavailable('ambientCredentials');
    });
  return {
    token: async () => (await bounded(google.getAccessToken())) ?? '',
    email: async () => (await bounded(google.getCredentials())).client_email,
  };
}

/** Any failure counts as temporary: it ends by itself or with the instance, and is not about the user. */
const asTemporary = (): never => {
  throw unavailable('ambientCredentials');
};

/** Returns the header that authorizes a request as the function itself. @throws {CredentialsError} `temporary` */
export const authHeader = async (ambient: Ambient): Promise<{ readonly authorization: string }> => ({
  authorization: `Bearer ${await ambient.token().catch(asTemporary)}`,
});

/** Returns the function's own address. @throws {CredentialsError} `temporary` */
export const ownEmail = (ambient: Ambient): Promise<string | undefined> => ambient.email().catch(asTemporary);

/**
 * Returns credentials of the function's own account, for any user: Application Default Credentials, with tokens cached by Google's
 * library.
 *
 * @param timeoutMs how long to wait for an access token; the library itself has no timeout.
 */
export function createServiceAccount(scope: string, timeoutMs = TIMEOUT_MS): Credentials {
  const make = () => new auth.GoogleAuth({ scopes: [scope] });
  let own = make();
  return {
    use: async (call) => {
      const current = own;
      // The call itself does not wait: it finds the token in the library's cache.
      await withTimeout(current.getAccessToken(), timeoutMs, () => {
        if (own === current) own = make();
        return unavailable('ambientCredentials');
      });
      return call(current);
    },
  };
}
