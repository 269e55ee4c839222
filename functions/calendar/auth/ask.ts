import { jsonOf } from '../../json.ts';
import { CredentialsError, type Problem } from '../errors.ts';

/**
 * Requests to the services that credentials come from. Requests and answers hold secrets, so that errors tell of
 * neither: only which service it was, and what is the matter.
 */

export type Service = 'ambientCredentials' | 'iamCredentials' | 'secretManager' | 'tokenEndpoint';

interface Answered {
  readonly status: number;
  /** Undefined where it is not JSON. */
  readonly body: unknown;
}

const TIMEOUT_MS = 10_000;

/** A service that cannot help now. The call to Google Calendar that waited for it was surely not made. */
export const unavailable = (service: Service): CredentialsError =>
  new CredentialsError({ kind: 'temporary', reason: `${service}Unavailable`, notDone: true });

/** A refusal that lasts until somebody grants or mends something; `detail` says what. */
export const refusal = (reason: string, detail: string): CredentialsError =>
  new CredentialsError({ kind: 'refused', reason, detail } satisfies Problem);

/** Asks a service. @throws {CredentialsError} `temporary`, if it cannot be reached or fails (5xx, 408, 429). */
export async function ask(
  service: Service,
  url: string,
  request: {
    readonly method?: 'POST';
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | URLSearchParams;
  },
): Promise<Answered> {
  let status: number;
  let text: string;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    // Nobody is followed anywhere with a secret in hand.
    const response = await fetch(url, { ...request, redirect: 'error', signal });
    status = response.status;
    text = await response.text();
  } catch {
    throw unavailable(service);
  }
  if (status >= 500 || status === 408 || status === 429) throw unavailable(service);
  return { status, body: jsonOf(text) };
}

/** A path below a root URL, which may have a path of its own. */
export const below = (root: string, path: string): string => `${root.replace(/\/+$/, '')}/${path}`;
