/** Parses the redirect after a consent request. Pure. https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 */

export type Redirect =
  | { readonly is: 'code'; readonly code: string }
  | { readonly is: 'consentDenied'; readonly reason: string }
  /** Not a response to this request: ignored. */
  | { readonly is: 'foreign' };

const WORD = /^\w{1,64}$/;

/** Parses a request target; `state` is the value that was sent with the consent request. */
export function readRedirect(target: string, state: string): Redirect {
  const url = URL.parse(target, 'http://127.0.0.1');
  if (url?.pathname !== '/' || url.searchParams.get('state') !== state) return { is: 'foreign' };
  const error = url.searchParams.get('error');
  if (error !== null) return { is: 'consentDenied', reason: WORD.test(error) ? error : 'unknown' };
  const code = url.searchParams.get('code');
  return code === null || code === '' ? { is: 'foreign' } : { is: 'code', code };
}
