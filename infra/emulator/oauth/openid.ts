import { createHash } from 'node:crypto';

import type { HttpRequest } from '../protocol/exchange.ts';
import type { Holder } from './grants.ts';
import type { Keys } from './keys.ts';
import { EMAIL, PROFILE } from './scopes.ts';

/**
 * OpenID Connect: ID tokens, what they say of a user, and where everything is.
 * @see https://developers.google.com/identity/openid-connect/reference
 */

const LIFETIME_SECONDS = 3600;

/** Whom ID tokens name as their issuer: Google, so that its libraries accept them, or the emulator's own URL. */
export type Issuer = 'google' | 'emulator';

/** Returns the id of an account: 21 digits, always the same for one address. */
export function subjectOf(user: string): string {
  const digest = createHash('sha256').update(user).digest();
  return `1${(digest.readBigUInt64BE() % 10n ** 20n).toString().padStart(20, '0')}`;
}

/** Returns what scopes allow to know about a user. */
export function claimsOf({
  user,
  scopes,
}: Pick<Holder, 'user' | 'scopes'>): Readonly<Record<string, string | boolean>> {
  const [local = '', domain = ''] = user.split('@');
  const words = local.split(/[._+-]+/).filter((word) => word !== '');
  const [given = user, ...family] = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return {
    sub: subjectOf(user),
    ...(scopes.includes(PROFILE) && {
      name: [given, ...family].join(' '),
      given_name: given,
      ...(family.length > 0 && { family_name: family.join(' ') }),
    }),
    ...(scopes.includes(EMAIL) && {
      email: user,
      email_verified: true,
      ...(domain !== 'gmail.com' && { hd: domain }),
    }),
  };
}

/** @param now the time by which clients check, in ms: not the emulator's clock, which a test may have advanced */
export function createOpenId(keys: Keys, issuer: Issuer, now: () => number) {
  const issuerOf = (http: HttpRequest): string =>
    issuer === 'google' ? 'https://accounts.google.com' : http.url.origin;

  return {
    issuer: issuerOf,
    /** Returns an ID token if the scopes ask for one. */
    idToken: async (
      http: HttpRequest,
      holder: Holder,
      nonce?: string,
    ): Promise<{ readonly id_token?: string }> => {
      if (!holder.scopes.includes('openid')) return {};
      const iat = Math.floor(now() / 1000);
      const { jwt } = await keys.sign({
        iss: issuerOf(http),
        azp: holder.clientId,
        aud: holder.clientId,
        ...claimsOf(holder),
        ...(nonce === undefined ? {} : { nonce }),
        iat,
        exp: iat + LIFETIME_SECONDS,
      });
      return { id_token: jwt };
    },
    configuration: (http: HttpRequest) => {
      const root = http.url.origin;
      return {
        issuer: issuerOf(http),
        authorization_endpoint: `${root}/o/oauth2/v2/auth`,
        token_endpoint: `${root}/token`,
        userinfo_endpoint: `${root}/v1/userinfo`,
        revocation_endpoint: `${root}/revoke`,
        jwks_uri: `${root}/oauth2/v3/certs`,
        response_types_supported: ['code'],
        response_modes_supported: ['query'],
        authorization_response_iss_parameter_supported: true,
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        scopes_supported: ['openid', 'email', 'profile'],
        token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
        claims_supported: [
          'aud',
          'email',
          'email_verified',
          'exp',
          'family_name',
          'given_name',
          'iat',
          'iss',
          'name',
          'sub',
        ],
        code_challenge_methods_supported: ['plain', 'S256'],
        grant_types_supported: [
          'authorization_code',
          'refresh_token',
          'urn:ietf:params:oauth:grant-type:jwt-bearer',
        ],
      };
    },
  };
}

export type OpenId = ReturnType<typeof createOpenId>;
