import * as z from 'zod';

import { CredentialsError } from '../errors.ts';
import type { FetchToken } from './credentials.ts';
import type { Exchange } from './exchange.ts';
import { parseClient } from './oauth-client.ts';
import { CLIENT_SECRET, unusable, userSecret, type Secrets } from './secrets.ts';

/**
 * The user's own consent: a refresh token per user, and the client that it was issued to.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server
 */

/** A refresh token contains no whitespace. */
const refreshToken = z.string().regex(/^\S+$/);

export function createOAuth(secrets: Secrets, exchange: Exchange): FetchToken {
  const read = async (user: string): Promise<readonly [string, string]> =>
    Promise.all([secrets.read(CLIENT_SECRET), secrets.read(userSecret(user))]);

  const redeem = async ([clientText, token]: readonly [string, string], user: string, scope: string) => {
    const client = parseClient(clientText);
    if (client === undefined) throw unusable(CLIENT_SECRET);
    if (!refreshToken.safeParse(token).success) throw unusable(userSecret(user));
    return exchange({
      grant_type: 'refresh_token',
      refresh_token: token,
      scope,
      client_id: client.id,
      client_secret: client.secret,
    });
  };

  return async (user, scope) => {
    const used = await read(user);
    try {
      return await redeem(used, user, scope);
    } catch (error) {
      if (!(error instanceof CredentialsError) || error.problem.kind !== 'accessDenied') throw error;
      // The secrets may have been replaced since they were read.
      secrets.forget(CLIENT_SECRET);
      secrets.forget(userSecret(user));
      const latest = await read(user);
      if (latest[0] === used[0] && latest[1] === used[1]) throw error;
      return redeem(latest, user, scope);
    }
  };
}
