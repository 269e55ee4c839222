import { createHash, timingSafeEqual } from 'node:crypto';

import * as z from 'zod';

import { parseJson } from '../protocol/body.ts';
import type { HttpReply, HttpRequest } from '../protocol/exchange.ts';
import type { Assertions } from './assertion.ts';
import type { Register } from './clients.ts';
import { type Grants, TESTING_TTL_SECONDS, type TokenHolder } from './grants.ts';
import type { OpenId } from './openid.ts';
import type { Client, Code } from './records.ts';
import { invalidGrant, OAuthError, privateReply, required, singleValues } from './replies.ts';
import { readScopes } from './scopes.ts';

/** The token endpoint: exchanges codes, refresh tokens and the JWTs of service accounts for access tokens. */

type Form = Readonly<Record<string, string>>;

export interface TokenDeps {
  readonly register: Register;
  readonly grants: Grants;
  readonly openId: OpenId;
  readonly assertions: Assertions;
}

/** Returns whether a code verifier is that of a challenge. https://www.rfc-editor.org/rfc/rfc7636#section-4.6 */
function provesChallenge(verifier: string, { method, value }: NonNullable<Code['challenge']>): boolean {
  const derived = method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  const [left, right] = [Buffer.from(derived), Buffer.from(value)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Returns the handler of the token endpoint. */
export function createTokenEndpoint({ register, grants, openId, assertions }: TokenDeps) {
  const issue = (holder: TokenHolder, offline: boolean) => ({
    access_token: grants.issueAccessToken(holder, offline),
    expires_in: grants.lifetimeSeconds,
    scope: holder.scopes.join(' '),
    token_type: 'Bearer',
  });

  async function byCode(http: HttpRequest, form: Form, client: Client): Promise<object> {
    const [given, redirectUri] = [required(form, 'code'), required(form, 'redirect_uri')];
    const code = grants.takeCode(given, client.clientId);
    if (code === undefined)
      throw invalidGrant(given.startsWith('4/') ? 'Bad Request' : 'Malformed auth code.');
    if (code.redirectUri !== redirectUri) throw new OAuthError(400, 'redirect_uri_mismatch', 'Bad Request');
    const verifier = form['code_verifier'];
    if (code.challenge !== undefined) {
      if (verifier === undefined || verifier === '') throw invalidGrant('Missing code verifier.');
      if (!provesChallenge(verifier, code.challenge)) throw invalidGrant('Invalid code verifier.');
    } else if (verifier !== undefined) throw invalidGrant('Invalid code verifier.');
    const testing = client.testing === true;
    const holder = { ...code, code: given };
    const refresh = code.refreshable
      ? {
          refresh_token: grants.issueRefreshToken(holder, testing),
          ...(testing ? { refresh_token_expires_in: TESTING_TTL_SECONDS - 1 } : {}),
        }
      : {};
    return { ...issue(holder, code.offline), ...refresh, ...(await openId.idToken(http, code, code.nonce)) };
  }

  async function byRefreshToken(http: HttpRequest, form: Form, { clientId }: Client): Promise<object> {
    const given = required(form, 'refresh_token');
    const held = grants.refreshToken(given);
    // Of a text that never was a token, Google says less (https://github.com/AlphaTiles/AlphaTiles/pull/107).
    if (held === undefined)
      throw given.startsWith('1//') ? invalidGrant('Token has been expired or revoked.') : invalidGrant();
    if (held.clientId !== clientId) throw new OAuthError(401, 'unauthorized_client', 'Unauthorized');
    const { valid, invalid } = await readScopes(form['scope'] ?? held.scopes.join(' '));
    if (invalid.length > 0 || !valid.every((scope) => held.scopes.includes(scope)))
      throw new OAuthError(400, 'invalid_scope', 'Bad Request');
    const holder = { ...held, scopes: valid };
    return { ...issue(holder, true), ...(await openId.idToken(http, holder)) };
  }

  async function exchange(http: HttpRequest): Promise<object> {
    const form = readForm(http);
    const grantType = form['grant_type'] ?? '';
    switch (grantType) {
      case 'authorization_code':
        return byCode(http, form, register.authenticate(http.headers, form));
      case 'refresh_token':
        return byRefreshToken(http, form, register.authenticate(http.headers, form));
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
        return issue(await assertions.holder(http, required(form, 'assertion')), false);
      default:
        throw new OAuthError(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`);
    }
  }

  return async (http: HttpRequest): Promise<HttpReply> => privateReply(200, await exchange(http));
}

/** A null is an absent parameter. */
const FormAsJson = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .transform((form) =>
    Object.fromEntries(
      Object.entries(form).flatMap(([name, value]) =>
        value === null ? [] : [[name, String(value)] as const],
      ),
    ),
  );

/** Returns the parameters of a POST: a form, or JSON as Google also accepts it. @throws {OAuthError} */
export function readForm({ headers, body }: HttpRequest): Form {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
    return singleValues(new URLSearchParams(body));
  try {
    return FormAsJson.parse(parseJson(body));
  } catch (cause) {
    throw new OAuthError(400, 'invalid_request', 'Invalid JSON payload received.', { cause });
  }
}
