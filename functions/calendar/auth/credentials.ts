import { auth } from 'googleapis/build/src/apis/calendar/index.js';

import { CredentialsError, isTokenRejected } from '../errors.ts';
import type { TokenStoreName } from './modes.ts';

/** Access tokens for calls: fetched when needed, shared until they expire, replaced when Google rejects them. */

export type Authorization = InstanceType<typeof auth.OAuth2> | InstanceType<typeof auth.GoogleAuth>;

/** The part of a function's configuration that credentials depend on: see `config.ts`. */
export interface CredentialsConfig {
  readonly GOOGLE_CLOUD_PROJECT: string;
  readonly DELEGATION_SERVICE_ACCOUNT?: string | undefined;
  readonly OAUTH_TOKEN_URL: string;
  readonly IAM_CREDENTIALS_ROOT_URL: string;
  readonly SECRET_MANAGER_ROOT_URL: string;
  readonly KMS_ROOT_URL: string;
  readonly OAUTH_TOKEN_STORE: TokenStoreName;
  readonly OAUTH_KMS_KEY?: string | undefined;
}

/** Credentials for calls on behalf of one user to one resource. */
export interface Credentials {
  /** Makes a call, and repeats it with a new token if Google rejects the first (401). */
  readonly use: <T>(call: (authorization: Authorization) => Promise<T>) => Promise<T>;
}

export interface AccessToken {
  readonly token: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Fetches a new access token for a user and a scope. @throws {CredentialsError} */
export type FetchToken = (user: string, scope: string) => Promise<AccessToken>;

/** A token is replaced when it has less than this left, so that none expires in flight. */
const EARLY_MS = 5 * 60_000;

/** Returns an authorization that sends this token only, so that Google's library attempts no refresh. */
export function bearer(token: string): Authorization {
  const client = new auth.OAuth2();
  client.setCredentials({ access_token: token });
  return client;
}

/**
 * Returns credentials with tokens from `fetchToken`. Concurrent calls share one fetch. The refresh of Google's library is not used:
 * it mistakes the 403 of a rate limit for a stale token, and is not shared between calls.
 */
export function createCredentialsFrom(
  fetchToken: () => Promise<AccessToken>,
  now: () => number,
): Credentials {
  let held: AccessToken | undefined;
  let fetching: Promise<AccessToken> | undefined;

  const refresh = async (): Promise<AccessToken> => {
    try {
      return (held = await fetchToken());
    } catch (error) {
      const isTemporary = error instanceof CredentialsError && error.problem.kind === 'temporary';
      if (isTemporary && held !== undefined && held.expiresAt > now()) return held;
      throw error;
    } finally {
      fetching = undefined;
    }
  };
  const current = async (): Promise<AccessToken> =>
    held !== undefined && held.expiresAt - EARLY_MS > now() ? held : (fetching ??= refresh());

  return {
    use: async (call) => {
      const { token } = await current();
      try {
        return await call(bearer(token));
      } catch (error) {
        if (!isTokenRejected(error)) throw error;
        // Of many calls that were rejected with one token, the first drops it; the others use the new one.
        if (held?.token === token) held = undefined;
        return call(bearer((await current()).token));
      }
    },
  };
}
