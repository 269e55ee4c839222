/** Identifies callers: https://developers.google.com/workspace/calendar/api/auth and https://cloud.google.com/docs/authentication/api-keys. */
import { canonicalAddress, isAddress } from '../protocol/address.ts';
import { authError, invalidArgument, loginRequired } from '../protocol/api-errors.ts';
import { bearerOf, type HttpRequest } from '../protocol/exchange.ts';
import type { CalendarError } from '../protocol/http.ts';

/** The identity behind a request. */
export interface Caller {
  /** Absent for an API key alone: it identifies an application, and sees what is public. */
  readonly user?: string;
  /** The scopes that the user has granted; absent for all of them. */
  readonly scopes?: ReadonlySet<string>;
}

/** Returns the user and the scopes of an access token, or undefined if it is unknown, expired or revoked. */
export type ReadToken = (token: string) => { user: string; scopes: ReadonlySet<string> } | undefined;

/** Parameters that carry an access token, in their order of precedence. */
const TOKENS = ['access_token', 'oauth_token'] as const;
const KEY = 'key';

/** Parameters that carry credentials, which the journal leaves out. */
export const CREDENTIALS: ReadonlySet<string> = new Set([...TOKENS, KEY]);

/** Methods that an API key alone can call: those that read what may be public. */
const PUBLIC: ReadonlySet<string> = new Set([
  'calendar.calendars.get',
  'calendar.colors.get',
  'calendar.events.get',
  'calendar.events.instances',
  'calendar.events.list',
  'calendar.freebusy.query',
]);

/**
 * Returns the caller of a request, or the error that Google answers: 401 without credentials or with an invalid token, 400 for
 * an unknown API key.
 * @param keys the API keys that are valid; undefined for any
 */
export function identify(
  request: HttpRequest,
  readToken: ReadToken,
  keys?: readonly string[],
): Caller | CalendarError {
  const query = request.url.searchParams;
  const key = query.get(KEY) ?? request.headers['x-goog-api-key'];
  if (key && keys !== undefined && !keys.includes(key))
    return invalidArgument('API key not valid. Please pass a valid API key.');
  const token = tokenOf(request);
  if (token === undefined) return key ? {} : loginRequired();
  if (isAddress(token)) return { user: canonicalAddress(token) };
  return readToken(token) ?? authError();
}

/** Returns whether a method can be called without a user. */
export const isPublic = (method: string): boolean => PUBLIC.has(method);

/** Returns the access token, from the header or the query; undefined if the request has none. */
function tokenOf(request: HttpRequest): string | undefined {
  // Other schemes are not credentials of this API: the token is then an invalid one.
  if (request.headers['authorization'] !== undefined) return bearerOf(request) ?? '';
  const { searchParams: query } = request.url;
  return TOKENS.map((name) => query.get(name)).find((token) => token !== null) ?? undefined;
}
