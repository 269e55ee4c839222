import { auth } from 'googleapis/build/src/apis/calendar/index.js';

import { CredentialsError, isTokenRejected } from '../errors.ts';

/** Access tokens as calls use them: fetched when needed, shared while they last, replaced when Google takes them no more. */

export type Authorization = InstanceType<typeof auth.OAuth2> | InstanceType<typeof auth.GoogleAuth>;

/** Credentials for calls in one user's name to one resource. */
export interface Credentials {
  /** Makes a call, and makes it once more with a fresh token where Google does not take the one it had (401). */
  readonly use: <T>(call: (authorization: Authorization) => Promise<T>) => Promise<T>;
}

export interface AccessToken {
  readonly token: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Gets a new access token for a user and a scope. @throws {CredentialsError} if there is none to be had. */
export type FetchToken = (user: string, scope: string) => Promise<AccessToken>;

/** A token is replaced when it has less than this left, so that none expires under way. */
const EARLY_MS = 5 * 60_000;

/** What sends a token as it is. It knows of no other, so that Google's library tries no refresh of its own. */
export function bearer(token: string): Authorization {
  const client = new auth.OAuth2();
  client.setCredentials({ access_token: token });
  return client;
}

/**
 * Credentials that live on `fetchToken`. Calls that need a token at the same time share one fetch. Google's library has
 * a refresh too, but one that takes the 403 of a rate limit for a stale token, and is not shared between calls.
 */
export function createCredentialsFrom(
  fetchToken: () => Promise<AccessToken>,
  now: () => number,
): Credentials {
  let held: AccessToken | undefined;
  let fetching: Promise<AccessToken> | undefined;

  const fetchAnew = async (): Promise<AccessToken> => {
    try {
      return (held = await fetchToken());
    } catch (error) {
      const passing = error instanceof CredentialsError && error.problem.kind === 'temporary';
      if (passing && held !== undefined && held.expiresAt > now()) return held;
      throw error;
    } finally {
      fetching = undefined;
    }
  };
  const current = async (): Promise<AccessToken> =>
    held !== undefined && held.expiresAt - EARLY_MS > now() ? held : (fetching ??= fetchAnew());

  return {
    use: async (call) => {
      const { token } = await current();
      try {
        return await call(bearer(token));
      } catch (error) {
        if (!isTokenRejected(error)) throw error;
        // Of many calls that were refused with one token, the first drops it; the others find its successor.
        if (held?.token === token) held = undefined;
        return call(bearer((await current()).token));
      }
    },
  };
}
