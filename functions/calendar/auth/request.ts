import * as z from 'zod';

import { parseJson } from '../../runtime/json.ts';
import { adviceText } from '../advice.ts';
import { CredentialsError, type Problem } from '../errors.ts';
import { adviceOn } from '../reasons.ts';
import type { AccessToken } from './credentials.ts';

/**
 * Requests to the services that issue credentials. Requests and responses contain secrets, so errors name only the service and the
 * kind of failure.
 */

export type Service = 'ambientCredentials' | 'iamCredentials' | 'kms' | 'secretManager' | 'tokenEndpoint';

/** Timeout of requests to these services. */
export const TIMEOUT_MS = 10_000;

/** Dependency unavailable; the Calendar call was not attempted, so it is safe to retry. */
export const unavailable = (service: Service): CredentialsError =>
  new CredentialsError({ kind: 'temporary', reason: `${service}Unavailable`, notApplied: true });

/** Access is denied until a person grants or fixes something; `detail` says what. */
export const accessDenied = (reason: string, detail: string): CredentialsError =>
  new CredentialsError({ kind: 'accessDenied', reason, detail } satisfies Problem);

/**
 * Returns the error for a response that cannot be used: access is denied for the reason that `denials` has for the status, with what to
 * do, or else the service is unavailable.
 */
export function rejection(
  service: Service,
  status: number | string,
  denials: Readonly<Record<number | string, readonly [reason: string, detail: string]>>,
): CredentialsError {
  const denial = denials[status];
  return denial === undefined ? unavailable(service) : accessDenied(...denial);
}

/**
 * Sends a request. Returns the status and the body, which is undefined if it is not JSON.
 * @throws {CredentialsError} `temporary`, if the service is unreachable or fails (5xx, 408, 429)
 */
export async function request(service: Service, url: string, init: RequestInit) {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    // Never follow redirects: the request carries credentials.
    const response = await fetch(url, { ...init, redirect: 'error', signal });
    const { status } = response;
    const body = parseJson(await response.text());
    if (status < 500 && status !== 408 && status !== 429) return { status, body };
  } catch {
    // The service counts as unavailable whether it fails or does not answer.
  }
  throw unavailable(service);
}

/** Joins a path to a root URL, which may have a path. */
export const joinUrl = (root: string, path: string): string => `${root.replace(/\/+$/, '')}/${path}`;

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

/** Exchanges a grant for an access token: https://developers.google.com/identity/protocols/oauth2 */
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
