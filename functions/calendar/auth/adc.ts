import { auth } from 'googleapis/build/src/apis/calendar/index.js';

import { withTimeout } from '../../runtime/promises.ts';
import type { Credentials } from './credentials.ts';
import { request, TIMEOUT_MS, unavailable, type Service } from './request.ts';

/** The function's own identity, with which it requests the credentials of users. */
export interface Ambient {
  /** Returns an access token for Google Cloud. */
  readonly token: () => Promise<string>;
  /** Returns the address of the service account, if it is one. */
  readonly email: () => Promise<string | undefined>;
}

/** IAM Credentials and Secret Manager accept no narrower scope; the account's roles limit what it allows. */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Application Default Credentials: the metadata server in Google Cloud, a file or a login elsewhere. Google's library waits for the
 * metadata server without a timeout, so this one adds it.
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 *
 * @param timeoutMs how long to wait for a token or an address.
 */
export function createAmbient(timeoutMs = TIMEOUT_MS): Ambient {
  const bounded = withTimeLimit(SCOPE, timeoutMs);
  return {
    token: async () => (await bounded((google) => google.getAccessToken())) ?? '',
    email: async () => (await bounded((google) => google.getCredentials())).client_email,
  };
}

type GoogleAuth = InstanceType<typeof auth.GoogleAuth>;

/** Returns a function that runs `work` with a client of Google's library within a time limit. */
function withTimeLimit(scope: string, timeoutMs: number) {
  const make = () => new auth.GoogleAuth({ scopes: [scope] });
  let google = make();
  return <T>(work: (google: GoogleAuth) => Promise<T>): Promise<T> => {
    const current = google;
    return withTimeout(work(current), timeoutMs, () => {
      // The library shares pending requests: only a new client makes another.
      if (google === current) google = make();
      return unavailable('ambientCredentials');
    });
  };
}

/** Any failure counts as temporary: it ends by itself or with the instance, and is not about the user. */
const asTemporary = (): never => {
  throw unavailable('ambientCredentials');
};

/**
 * Calls a service of Google Cloud as the function itself, with a POST if there is `content`.
 * @throws {CredentialsError} `temporary`
 */
export async function requestAs(ambient: Ambient, service: Service, url: string, content?: object) {
  const authorization = `Bearer ${await ambient.token().catch(asTemporary)}`;
  const headers = { authorization, 'content-type': 'application/json' };
  return request(service, url, {
    headers,
    ...(content === undefined ? {} : { method: 'POST', body: JSON.stringify(content) }),
  });
}

/** Returns the function's own address. @throws {CredentialsError} `temporary` */
export const ownEmail = (ambient: Ambient): Promise<string | undefined> => ambient.email().catch(asTemporary);

/**
 * Returns credentials of the function's own account, for any user: Application Default Credentials, with tokens cached by Google's
 * library.
 *
 * @param timeoutMs how long to wait for an access token; the library itself has no timeout.
 */
export function createServiceAccount(scope: string, timeoutMs = TIMEOUT_MS): Credentials {
  const bounded = withTimeLimit(scope, timeoutMs);
  return {
    use: async (call) => {
      const google = await bounded(async (client) => {
        await client.getAccessToken();
        return client;
      });
      // The call itself does not wait: it finds the token in the library's cache.
      return call(google);
    },
  };
}
