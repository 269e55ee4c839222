import { auth } from 'googleapis/build/src/apis/calendar/index.js';
import * as z from 'zod';

import { RESOURCES, type Resource } from '../../../functions/calendar/resources.ts';
import type { OAuthClient } from '../../../functions/calendar/auth/oauth.ts';
import { SCOPES } from '../../../functions/calendar/auth/modes.ts';

/**
 * Asks a user for OAuth consent from the command line. The user opens a URL, and a loopback port receives the code. The code is
 * useless without the PKCE verifier, which is sent to the token endpoint only.
 * https://developers.google.com/identity/protocols/oauth2/native-app, RFC 8252, RFC 7636
 */

export interface ConsentOptions {
  readonly client: OAuthClient;
  /** An email address, or `me` for any account. */
  readonly user: string;
  readonly resources: readonly Resource[];
  readonly redirectUri: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** Returned with the code; a response with another value is ignored. */
  readonly state: string;
}

export type ConsentResult =
  | { readonly is: 'consented'; readonly refreshToken: string }
  /** `reason` is Google's error code. */
  | { readonly is: 'consentDenied'; readonly reason: string }
  | { readonly is: 'unreachable' }
  | { readonly is: 'noRefreshToken' }
  | { readonly is: 'tooLittle'; readonly missing: readonly Resource[] }
  | { readonly is: 'otherUser'; readonly email: string };

export interface Consent {
  /** The URL that the user opens. It contains no secret. */
  readonly url: string;
  /** Exchanges the code for a refresh token, and verifies the account and the scopes. Only `consented` contains a token. */
  readonly redeem: (code: string) => Promise<ConsentResult>;
}

/** Identify the account that consents. They are non-sensitive scopes; no Calendar scope identifies it for every resource. */
const IDENTITY = ['openid', 'email'];

const tokens = z.object({
  refresh_token: z.string().min(1).nullish(),
  scope: z.string().default(''),
  id_token: z.string().nullish(),
});
const claims = z.object({ email: z.string() });
const oauthError = z.object({
  response: z.object({ data: z.object({ error: z.string().regex(/^\w{1,64}$/) }) }),
});

/**
 * Returns the email claim. The signature need not be verified, because the token comes directly from the token endpoint.
 * https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
function emailOf(idToken: string): string {
  try {
    const [, payload = ''] = idToken.split('.');
    return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString())).email;
  } catch {
    return '';
  }
}

function judge(given: unknown, { user, resources }: ConsentOptions): ConsentResult {
  const parsed = tokens.safeParse(given);
  if (!parsed.success) return { is: 'unreachable' };
  const { refresh_token: refreshToken, scope, id_token: idToken } = parsed.data;
  if (user !== 'me') {
    const email = emailOf(idToken ?? '');
    if (email.toLowerCase() !== user.toLowerCase()) return { is: 'otherUser', email };
  }
  const granted = scope.split(' ');
  const missing = RESOURCES.filter((each) => resources.includes(each) && !granted.includes(SCOPES[each]));
  if (missing.length > 0) return { is: 'tooLittle', missing };
  if (refreshToken === null || refreshToken === undefined) return { is: 'noRefreshToken' };
  return { is: 'consented', refreshToken };
}

/** Creates the URL that asks for consent, and the function that redeems its code. */
export async function createConsent(options: ConsentOptions): Promise<Consent> {
  const { client, user, resources, redirectUri, state } = options;
  const google = new auth.OAuth2({
    clientId: client.client_id,
    clientSecret: client.client_secret,
    redirectUri,
    endpoints: { oauth2AuthBaseUrl: options.authorizeUrl, oauth2TokenUrl: options.tokenUrl },
  });
  const { codeVerifier, codeChallenge } = await google.generateCodeVerifierAsync();
  const query = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: [...(user === 'me' ? [] : IDENTITY), ...resources.map((each) => SCOPES[each])].join(' '),
    state,
    code_challenge: codeChallenge ?? '',
    code_challenge_method: 'S256',
    // Together they make Google return a refresh token, even if the user has consented before.
    access_type: 'offline',
    prompt: 'consent',
    ...(user === 'me' ? {} : { login_hint: user }),
  });
  return {
    url: `${options.authorizeUrl}?${query.toString()}`,
    redeem: async (code) => {
      try {
        const answer = await google.getToken({ code, codeVerifier, redirect_uri: redirectUri });
        return judge(answer.tokens, options);
      } catch (error) {
        // The error contains the request, with the code and the client secret: pass on only the error code.
        const parsed = oauthError.safeParse(error);
        return parsed.success
          ? { is: 'consentDenied', reason: parsed.data.response.data.error }
          : { is: 'unreachable' };
      }
    },
  };
}
