import * as z from 'zod';

import { ask, refusal, unavailable } from './ask.ts';
import type { AccessToken } from './credentials.ts';

/** The token endpoint ("Using OAuth 2.0 to access Google APIs"): a grant in, an access token out. */

/** A token whose lifetime is not told is used once. */
const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().default(0) });
/** Google's own word for a refusal, if it is a word: it goes into a watch's status and into logs. */
const refused = z.object({ error: z.string().regex(/^\w{1,64}$/) });

/** Refusals that time alone ends (RFC 6749, and what Google adds). */
const PASSING = new Set([
  'temporarily_unavailable',
  'server_error',
  'internal_failure',
  'rate_limit_exceeded',
]);

const DETAILS: Readonly<Record<string, string>> = {
  invalid_grant: 'the user, the consent or the account behind it is not, or no longer, valid',
  invalid_scope: 'the consent does not include the scope that this resource needs',
  unauthorized_client: 'the scope that this resource needs is not granted to this client',
  invalid_client: 'the client id or its secret is not valid',
};

export type Exchange = (grant: Readonly<Record<string, string>>) => Promise<AccessToken>;

/** @throws {CredentialsError} from the exchange: `refused` with Google's reason, or `temporary`. */
export function createExchange(tokenUrl: string, now: () => number): Exchange {
  return async (grant) => {
    const askedAt = now();
    const body = new URLSearchParams(grant);
    const answer = await ask('tokenEndpoint', tokenUrl, { method: 'POST', body });
    const token = granted.safeParse(answer.body);
    if (answer.status === 200 && token.success) {
      return { token: token.data.access_token, expiresAt: askedAt + token.data.expires_in * 1000 };
    }
    // Google's token endpoint says no in one form only; whatever else comes is not from it, or not meant.
    const no = refused.safeParse(answer.body);
    if (!no.success || PASSING.has(no.data.error)) throw unavailable('tokenEndpoint');
    const reason = no.data.error;
    throw refusal(reason, DETAILS[reason] ?? 'Google gives no access token for this user');
  };
}
