/** What comes back to a port of this machine after a user was asked for consent (RFC 6749, 4.1.2). Pure. */

export type Redirect =
  | { readonly is: 'code'; readonly code: string }
  | { readonly is: 'refused'; readonly reason: string }
  /** Not an answer to what was asked: it ends nothing. */
  | { readonly is: 'foreign' };

const WORD = /^\w{1,64}$/;

/** Reads the target of a request; `state` is what was sent along with the question. */
export function readRedirect(target: string, state: string): Redirect {
  const url = URL.parse(target, 'http://127.0.0.1');
  if (url?.pathname !== '/' || url.searchParams.get('state') !== state) return { is: 'foreign' };
  const error = url.searchParams.get('error');
  if (error !== null) return { is: 'refused', reason: WORD.test(error) ? error : 'unknown' };
  const code = url.searchParams.get('code');
  return code === null || code === '' ? { is: 'foreign' } : { is: 'code', code };
}
