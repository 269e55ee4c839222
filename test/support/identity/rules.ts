import { createHmac, randomUUID } from 'node:crypto';

import * as z from 'zod';

import { createConsentPage } from './consents.ts';
import { createKms } from './kms.ts';
import { AMBIENT_TOKEN, apiError, reply, type Reply } from './reply.ts';
import { createSecretManager } from './secrets.ts';

/**
 * Which account gets which tokens: the rules of Google's token endpoint, IAM Credentials, Secret Manager and Cloud KMS, as far as calendar-mirror
 * needs them. Data only; `server.ts` serves them.
 */

export const PROJECT = 'demo-project';
export const SERVICE_ACCOUNT = 'mirror@demo-project.iam.gserviceaccount.com';
export const CLIENT = { client_id: 'client-1', client_secret: 'GOCSPX-the-secret-of-the-client' };

const no = (status: number, error: string): Reply =>
  reply(status, { error, error_description: `it says ${error}` });

const statement = z.strictObject({
  iss: z.string(),
  sub: z.string(),
  scope: z.string(),
  aud: z.string(),
  iat: z.int(),
  exp: z.int(),
});

interface Granted {
  readonly user: string;
  readonly scope: string;
  readonly expiresAt: number;
}

/** @param tokenUrl The audience that an assertion must name. */
export function createIdentity(tokenUrl: () => string) {
  let offset = 0;
  const signingKey = randomUUID();
  const sign = (text: string): string => createHmac('sha256', signingKey).update(text).digest('base64url');
  const now = (): number => Date.now() + offset;

  const secretManager = createSecretManager(now);
  secretManager.state.secrets.set('calendar-oauth-client', JSON.stringify({ web: CLIENT }));
  const kms = createKms();

  const state = Object.assign(secretManager.state, {
    /** Unix ms by this stand-in's clock. */
    now,
    advance: (ms: number): void => void (offset += ms),
    /** Lifetime of issued access tokens, in seconds. */
    lifetime: 3600,
    /** Users' consents, by refresh token. */
    consents: new Map<string, { readonly user: string; readonly scopes: ReadonlySet<string> }>(),
    /** Whether the function may sign for the service account. */
    maySign: true,
    /** The scopes that the domain has granted to the service account. */
    delegated: new Set<string>(),
    domainUsers: new Set<string>(),
    /** Every access token that was issued and is valid. */
    tokens: new Map<string, Granted>(),
  });

  const issue = (user: string, scope: string) => {
    const token = `ya29.${randomUUID()}`;
    state.tokens.set(token, { user, scope, expiresAt: now() + state.lifetime * 1000 });
    const body = { access_token: token, expires_in: state.lifetime, scope, token_type: 'Bearer' };
    return { status: 200, body };
  };

  const byRefreshToken = (form: URLSearchParams): Reply => {
    const client = form.get('client_id') === CLIENT.client_id;
    if (!client || form.get('client_secret') !== CLIENT.client_secret) return no(401, 'invalid_client');
    const consent = state.consents.get(form.get('refresh_token') ?? '');
    if (consent === undefined) return no(400, 'invalid_grant');
    const scope = form.get('scope') ?? '';
    return consent.scopes.has(scope) ? issue(consent.user, scope) : no(400, 'invalid_scope');
  };

  const page = createConsentPage(CLIENT.client_id);
  const byCode = (form: URLSearchParams): Reply => {
    const client = form.get('client_id') === CLIENT.client_id;
    if (!client || form.get('client_secret') !== CLIENT.client_secret) return no(401, 'invalid_client');
    const redeemed = page.redeem(form);
    if (redeemed === undefined) return no(400, 'invalid_grant');
    const { user, scopes, refreshToken, identity } = redeemed;
    if (refreshToken !== undefined) state.consents.set(refreshToken, { user, scopes: new Set(scopes) });
    const { status, body } = issue(user, scopes.join(' '));
    return reply(status, {
      ...z.looseObject({}).parse(body),
      ...identity,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    });
  };

  const byStatement = (form: URLSearchParams): Reply => {
    const [payload = '', signature] = (form.get('assertion') ?? '').split('.');
    if (signature !== sign(payload)) return no(400, 'invalid_grant');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const { iss, sub, scope, aud, iat, exp } = statement.parse(claims);
    const seconds = now() / 1000;
    const timely = iat <= seconds && exp > seconds && exp - iat <= 3600;
    if (!timely || aud !== tokenUrl() || iss !== SERVICE_ACCOUNT) return no(400, 'invalid_grant');
    if (!state.delegated.has(scope)) return no(401, 'unauthorized_client');
    return state.domainUsers.has(sub) ? issue(sub, scope) : no(400, 'invalid_grant');
  };

  return {
    state,
    page,
    /** POST /token. */
    token: (form: URLSearchParams): Reply => {
      switch (form.get('grant_type') ?? '') {
        case 'authorization_code':
          return byCode(form);
        case 'refresh_token':
          return byRefreshToken(form);
        case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
          return byStatement(form);
        default:
          return no(400, 'unsupported_grant_type');
      }
    },
    /** POST …/serviceAccounts/{email}:signJwt. */
    signJwt: (email: string, bearer: string | undefined, body: { readonly payload: string }): Reply => {
      if (bearer !== AMBIENT_TOKEN) return apiError(401, 'UNAUTHENTICATED');
      if (email !== SERVICE_ACCOUNT) return apiError(404, 'NOT_FOUND');
      if (!state.maySign) return apiError(403, 'PERMISSION_DENIED');
      const payload = Buffer.from(body.payload).toString('base64url');
      return reply(200, { keyId: 'key-1', signedJwt: `${payload}.${sign(payload)}` });
    },
    /** POST …/serviceAccounts/{email}:generateAccessToken. */
    generateAccessToken: (
      email: string,
      bearer: string | undefined,
      { scope }: { readonly scope: readonly string[] },
    ): Reply => {
      if (bearer !== AMBIENT_TOKEN) return apiError(401, 'UNAUTHENTICATED');
      if (email !== SERVICE_ACCOUNT) return apiError(404, 'NOT_FOUND');
      if (!state.maySign) return apiError(403, 'PERMISSION_DENIED');
      const accessToken = issue(email, scope.join(' ')).body.access_token;
      const expireTime = new Date(now() + state.lifetime * 1000).toISOString();
      return reply(200, { accessToken, expireTime });
    },
    secrets: secretManager.reply,
    kms,
    /** Returns the holder of a token; undefined if it is not valid. */
    holder: (token: string): Granted | undefined => {
      const granted = state.tokens.get(token);
      return granted !== undefined && granted.expiresAt > now() ? granted : undefined;
    },
  };
}
