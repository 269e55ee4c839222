import * as z from 'zod';

import { adviceText } from '../advice.ts';
import { adviceOn } from '../reasons.ts';
import type { AccessToken } from './credentials.ts';
import { accessDenied, request, unavailable } from './request.ts';

/** The token endpoint, which exchanges a grant for an access token: https://developers.google.com/identity/protocols/oauth2 */

/** Without `expires_in`, the token is not cached. */
const tokenResponse = z.object({ access_token: z.string().min(1), expires_in: z.number().default(0) });
/** An OAuth error, whose code goes into the watch's status and into logs if it is a single word. */
const errorResponse = z.object({ error: z.string().regex(/^\w{1,64}$/) });

/**
 * Errors that are retryable: those of RFC 6749, and what Google adds.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 */
const RETRYABLE_ERRORS = new Set([
  'temporarily_unavailable',
  'server_error',
  'internal_failure',
  'rate_limit_exceeded',
]);

export type Exchange = (grant: Readonly<Record<string, string>>) => Promise<AccessToken>;

/** Returns an exchange that throws {@link CredentialsError}: `accessDenied` with Google's reason, or `temporary`. */
export function createExchange(tokenUrl: string, now: () => number): Exchange {
  return async (grant) => {
    const requestedAt = now();
    const body = new URLSearchParams(grant);
    const answer = await request('tokenEndpoint', tokenUrl, { method: 'POST', body });
    const token = tokenResponse.safeParse(answer.body);
    if (answer.status === 200 && token.success) {
      return { token: token.data.access_token, expiresAt: requestedAt + token.data.expires_in * 1000 };
    }
    // Anything but an OAuth error body is treated as temporary.
    const error = errorResponse.safeParse(answer.body);
    if (!error.success || RETRYABLE_ERRORS.has(error.data.error)) throw unavailable('tokenEndpoint');
    const reason = error.data.error;
    const known = adviceOn(reason);
    throw accessDenied(reason, known ? adviceText(known) : 'Google issues no access token for this user');
  };
}
