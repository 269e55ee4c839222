/** Calls from web pages (https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS). Google allows them from every origin. */
import type { HttpReply, HttpRequest } from '../protocol/exchange.ts';

const METHODS = 'DELETE,GET,HEAD,PATCH,POST,PUT';
const DAY_SECONDS = '86400';

/** Headers that a page may read besides the few that every page may. */
const EXPOSED =
  'Cache-Control,Content-Encoding,Content-Length,Date,ETag,Expires,Retry-After,Server,WWW-Authenticate';

/** Returns the answer to a browser's preflight request, or undefined for any other request. */
export function preflight({ method, headers }: HttpRequest): HttpReply | undefined {
  if (method !== 'OPTIONS' || headers['origin'] === undefined) return undefined;
  const asked = headers['access-control-request-headers'];
  return {
    status: 200,
    headers: {
      'Access-Control-Allow-Methods': METHODS,
      'Access-Control-Max-Age': DAY_SECONDS,
      ...(asked === undefined ? {} : { 'Access-Control-Allow-Headers': asked }),
    },
  };
}

/** Returns the headers of every answer, errors included, that let a page of another origin read it. */
export function corsHeaders(origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined) return { Vary: 'Origin, X-Origin' };
  return {
    Vary: 'Origin, X-Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': EXPOSED,
  };
}
