import * as z from 'zod';
import { LRUCache } from 'lru-cache';

import { parseJson } from '../../runtime/json.ts';
import { CredentialsError } from '../errors.ts';
import type { FetchToken } from './credentials.ts';
import type { Exchange } from './request.ts';
import { CLIENT_SECRET, unusable } from './secrets.ts';

/**
 * The user's own consent: a refresh token per user, and the client that it was issued to. The client is a secret in Secret Manager;
 * the tokens are secrets as well, or encrypted documents.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server
 */

const pair = z.object({ client_id: z.string().min(1), client_secret: z.string().min(1) });

const clientSchema = z.union([
  pair,
  z.object({ web: pair }).transform(({ web }) => web),
  z.object({ installed: pair }).transform(({ installed }) => installed),
]);

/** The OAuth client that users consent to, as JSON from the Cloud console or as a plain id and secret. */
export type OAuthClient = z.infer<typeof clientSchema>;

/** Parses the JSON of a client; undefined if it is not valid. */
export const parseClient = (text: string): OAuthClient | undefined =>
  clientSchema.safeParse(parseJson(text)).data;

/** How long a secret or a token is cached, in ms. */
const LIFETIME_MS = 10 * 60_000;
const MAX_CACHED = 1000;

/** Returns a cache of what `access` reads. Concurrent reads share one request; failures are not cached. */
const keep = (access: (key: string) => Promise<string>, now: () => number) =>
  new LRUCache<string, string>({
    max: MAX_CACHED,
    ttl: LIFETIME_MS,
    ttlResolution: 0,
    perf: { now },
    fetchMethod: access,
    // A read that is under way goes on when another call drops its key.
    ignoreFetchAbort: true,
  });

/**
 * Redeems refresh tokens.
 * @param readSecret reads a secret by id @param readToken reads a refresh token by user
 */
export function createOAuth(
  readSecret: (id: string) => Promise<string>,
  readToken: (user: string) => Promise<string>,
  exchange: Exchange,
  now: () => number,
): FetchToken {
  const [secrets, tokens] = [keep(readSecret, now), keep(readToken, now)];
  const read = async (user: string): Promise<readonly [string, string]> =>
    Promise.all([secrets.forceFetch(CLIENT_SECRET), tokens.forceFetch(user)]);

  const redeem = async ([clientText, token]: readonly [string, string], scope: string) => {
    const client = parseClient(clientText);
    if (client === undefined) throw unusable(CLIENT_SECRET);
    return exchange({ grant_type: 'refresh_token', refresh_token: token, scope, ...client });
  };

  return async (user, scope) => {
    const used = await read(user);
    try {
      return await redeem(used, scope);
    } catch (error) {
      if (!(error instanceof CredentialsError) || error.problem.kind !== 'accessDenied') throw error;
      // Both may have been replaced since they were read.
      secrets.delete(CLIENT_SECRET);
      tokens.delete(user);
      const latest = await read(user);
      if (latest[0] === used[0] && latest[1] === used[1]) throw error;
      return redeem(latest, scope);
    }
  };
}
