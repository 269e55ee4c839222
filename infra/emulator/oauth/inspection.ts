import type { Clock } from '../state/clock.ts';
import { canonicalAddress, isAddress } from '../protocol/address.ts';
import { isObject } from '../protocol/body.ts';
import { bearerOf, type HttpReply, type HttpRequest } from '../protocol/exchange.ts';
import type { Grants, Holder } from './grants.ts';
import type { Keys } from './keys.ts';
import { claimsOf, subjectOf } from './openid.ts';
import { invalidRequest, OAuthError, privateReply, required, singleValues } from './replies.ts';
import { EMAIL, PROFILE } from './scopes.ts';
import { readForm } from './token.ts';

/** What a token is and whose it is, and its end: `tokeninfo`, `userinfo` and `revoke`. */

export interface InspectionDeps {
  readonly grants: Grants;
  readonly keys: Keys;
  readonly clock: Clock;
  /** By which ID tokens expire, in ms. */
  readonly now: () => number;
}

const invalidToken = (): OAuthError => new OAuthError(400, 'invalid_token', 'Invalid Value');

/** Parameters of the query and, with POST, of the body. */
const parametersOf = (http: HttpRequest): Readonly<Record<string, string>> => ({
  ...singleValues(http.url.searchParams),
  ...(http.method === 'POST' ? readForm(http) : {}),
});

/** A bearer token that is an address stands for that account, here as in the API. */
const addressed = (token: string): Holder | undefined =>
  isAddress(token)
    ? { clientId: 'emulator', user: canonicalAddress(token), scopes: ['openid', EMAIL, PROFILE] }
    : undefined;

/** Returns the handlers of the three endpoints. */
export function createInspection({ grants, keys, clock, now }: InspectionDeps) {
  /** https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke */
  function revoke(http: HttpRequest): HttpReply {
    const token = required(parametersOf(http), 'token');
    if (!grants.revoke(token)) throw new OAuthError(400, 'invalid_token', 'Token expired or revoked');
    return privateReply(200, {});
  }

  /** Versions 1 and 2 name the same things otherwise. */
  function aboutAccessToken(token: string, isOld: boolean): object {
    const held = grants.accessToken(token);
    if (held === undefined) throw invalidToken();
    const { clientId, user, scopes } = held;
    const seconds = Math.floor((held.expiresAt - clock.now()) / 1000);
    const knows = scopes.includes('openid') || scopes.includes(EMAIL);
    const common = { scope: scopes.join(' '), access_type: held.offline ? 'offline' : 'online' };
    const email = scopes.includes(EMAIL) ? { email: user } : {};
    if (isOld)
      return {
        issued_to: clientId,
        audience: clientId,
        ...(knows && { user_id: subjectOf(user) }),
        ...common,
        expires_in: seconds,
        ...email,
        ...(scopes.includes(EMAIL) && { verified_email: true }),
      };
    return {
      azp: clientId,
      aud: clientId,
      ...(knows && { sub: subjectOf(user) }),
      ...common,
      exp: String(Math.floor(held.expiresAt / 1000)),
      expires_in: String(seconds),
      ...email,
      ...(scopes.includes(EMAIL) && { email_verified: 'true' }),
    };
  }

  async function aboutIdToken(token: string): Promise<object> {
    const claims = await keys.verify(token, []);
    if (!isObject(claims) || !(Number(claims['exp']) > now() / 1000)) throw invalidToken();
    const { kid } = await keys.id();
    const texts = Object.entries(claims).map(([name, value]): [string, string] => [name, String(value)]);
    return { ...Object.fromEntries(texts), alg: 'RS256', kid, typ: 'JWT' };
  }

  async function tokenInfo(http: HttpRequest): Promise<HttpReply> {
    const { access_token: given, id_token: idToken } = parametersOf(http);
    // As google-auth-library for Node sends it.
    const accessToken = given ?? bearerOf(http);
    const isOld = /\/v[12]\//.test(http.url.pathname);
    if (idToken !== undefined) return privateReply(200, await aboutIdToken(idToken));
    if (accessToken === undefined)
      throw invalidRequest('Missing required parameter: access_token or id_token');
    return privateReply(200, aboutAccessToken(accessToken, isOld));
  }

  /** https://developers.google.com/identity/openid-connect/openid-connect#obtaininguserprofileinformation */
  function userInfo(http: HttpRequest): HttpReply {
    const token = bearerOf(http) ?? parametersOf(http)['access_token'] ?? '';
    const held = addressed(token) ?? grants.accessToken(token);
    const realm = 'Bearer realm="https://accounts.google.com/"';
    if (held === undefined)
      return new OAuthError(401, 'invalid_request', 'Invalid Credentials').reply({
        'WWW-Authenticate': `${realm}, error="invalid_request"`,
      });
    const { sub, email_verified: verified, ...claims } = claimsOf(held);
    if (!['openid', EMAIL, PROFILE].some((scope) => held.scopes.includes(scope)))
      return new OAuthError(
        403,
        'insufficient_scope',
        'Request had insufficient authentication scopes.',
      ).reply({
        'WWW-Authenticate': `${realm}, error="insufficient_scope", scope="openid ${EMAIL} ${PROFILE}"`,
      });
    if (/\/oauth2\/v[12]\//.test(http.url.pathname))
      return privateReply(200, {
        id: sub,
        ...claims,
        ...(verified === undefined ? {} : { verified_email: verified }),
      });
    return privateReply(200, {
      sub,
      ...claims,
      ...(verified === undefined ? {} : { email_verified: verified }),
    });
  }

  return { revoke, tokenInfo, userInfo };
}
