import { auth } from 'googleapis/build/src/apis/calendar/index.js';
import * as z from 'zod';

import { RESOURCES, type Resource } from '../resources.ts';
import type { OAuthClient } from './oauth-client.ts';
import { SCOPES } from './scopes.ts';

/**
 * Asking a user for consent from a command line ("OAuth 2.0 for iOS & Desktop Apps"; RFC 8252): an address to open, and a code that
 * comes back to a port of this machine, worth nothing without the verifier (PKCE, RFC 7636) that never left it.
 */

export interface ConsentOptions {
  readonly client: OAuthClient;
  /** `me` for whoever consents. */
  readonly user: string;
  readonly resources: readonly Resource[];
  readonly redirectUri: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** Comes back with the code: what has another one was not asked for. */
  readonly state: string;
}

export type Consented =
  | { readonly is: 'consented'; readonly refreshToken: string }
  /** Google's own word for it. */
  | { readonly is: 'refused'; readonly reason: string }
  | { readonly is: 'unreachable' }
  | { readonly is: 'noRefreshToken' }
  | { readonly is: 'tooLittle'; readonly missing: readonly Resource[] }
  | { readonly is: 'otherUser'; readonly email: string };

export interface Consent {
  /** What the user is to open. It holds no secret. */
  readonly url: string;
  /** Turns the code into a refresh token, and checks what was consented to and by whom. Tokens are in no other outcome. */
  readonly redeem: (code: string) => Promise<Consented>;
}

/** Who consents is told by these two, which are not sensitive: no scope of Calendar's tells it for every resource. */
const IDENTITY = ['openid', 'email'];

const tokens = z.object({
  refresh_token: z.string().min(1).nullish(),
  scope: z.string().default(''),
  id_token: z.string().nullish(),
});
const claims = z.object({ email: z.string() });
const refused = z.object({
  response: z.object({ data: z.object({ error: z.string().regex(/^\w{1,64}$/) }) }),
});

/** Straight from the token endpoint, so that its signature says nothing new (OpenID Connect Core, 3.1.3.7). */
function emailOf(idToken: string): string {
  try {
    const [, payload = ''] = idToken.split('.');
    return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString())).email;
  } catch {
    return '';
  }
}

function judge(given: unknown, { user, resources }: ConsentOptions): Consented {
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

/** Prepares to ask a user for consent. */
export async function createConsent(options: ConsentOptions): Promise<Consent> {
  const { client, user, resources, redirectUri, state } = options;
  const google = new auth.OAuth2({
    clientId: client.id,
    clientSecret: client.secret,
    redirectUri,
    endpoints: { oauth2AuthBaseUrl: options.authorizeUrl, oauth2TokenUrl: options.tokenUrl },
  });
  const { codeVerifier, codeChallenge } = await google.generateCodeVerifierAsync();
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: [...(user === 'me' ? [] : IDENTITY), ...resources.map((each) => SCOPES[each])].join(' '),
    state,
    code_challenge: codeChallenge ?? '',
    code_challenge_method: 'S256',
    // Together they make Google give a refresh token, also where the user has consented before.
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
        // The error itself holds the request, with the code and the client's secret: nothing of it goes on.
        const no = refused.safeParse(error);
        return no.success ? { is: 'refused', reason: no.data.response.data.error } : { is: 'unreachable' };
      }
    },
  };
}
