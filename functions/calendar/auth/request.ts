import { CredentialsError, type Problem } from '../errors.ts';
import { parseJson } from '../../runtime/json.ts';

/**
 * Requests to the services that issue credentials. Requests and responses contain secrets, so errors name only the service and the
 * kind of failure.
 */

export type Service = 'ambientCredentials' | 'iamCredentials' | 'secretManager' | 'tokenEndpoint';

interface ServiceResponse {
  readonly status: number;
  /** Undefined if it is not JSON. */
  readonly body: unknown;
}

/** Timeout of requests to these services. */
export const TIMEOUT_MS = 10_000;

/** Dependency unavailable; the Calendar call was not attempted, so it is safe to retry. */
export const unavailable = (service: Service): CredentialsError =>
  new CredentialsError({ kind: 'temporary', reason: `${service}Unavailable`, notApplied: true });

/** Access is denied until a person grants or fixes something; `detail` says what. */
export const accessDenied = (reason: string, detail: string): CredentialsError =>
  new CredentialsError({ kind: 'accessDenied', reason, detail } satisfies Problem);

/** Sends a request. @throws {CredentialsError} `temporary`, if the service is unreachable or fails (5xx, 408, 429). */
export async function request(
  service: Service,
  url: string,
  init: {
    readonly method?: 'POST';
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | URLSearchParams;
  },
): Promise<ServiceResponse> {
  let status: number;
  let text: string;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    // Never follow redirects: the request carries credentials.
    const response = await fetch(url, { ...init, redirect: 'error', signal });
    status = response.status;
    text = await response.text();
  } catch {
    throw unavailable(service);
  }
  if (status >= 500 || status === 408 || status === 429) throw unavailable(service);
  return { status, body: parseJson(text) };
}

/** Joins a path to a root URL, which may have a path. */
export const joinUrl = (root: string, path: string): string => `${root.replace(/\/+$/, '')}/${path}`;
