import { createHash, randomUUID } from 'node:crypto';

import * as z from 'zod';

/**
 * The consent page and its codes: Google's rules for desktop clients, as far as calendar-mirror needs them. Data only.
 * @see https://developers.google.com/identity/protocols/oauth2/native-app
 */

const question = z.strictObject({
  client_id: z.string(),
  redirect_uri: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+$/),
  response_type: z.literal('code'),
  scope: z.string().min(1),
  state: z.string().min(16),
  code_challenge: z.string().length(43),
  code_challenge_method: z.literal('S256'),
  access_type: z.enum(['online', 'offline']).default('online'),
  prompt: z.string().default(''),
  login_hint: z.string().optional(),
});
type Question = z.infer<typeof question>;

/** What the user does on the page. */
interface Behaviour {
  /** The account that consents, by default the hinted one. */
  readonly user?: string;
  readonly denies?: boolean;
  /** Words in scopes whose boxes the user leaves empty. */
  readonly leavesOut?: readonly string[];
  /** Google returns no refresh token. */
  readonly noRefreshToken?: boolean;
}

interface Promised {
  readonly asked: Question;
  readonly user: string;
  readonly scopes: readonly string[];
  readonly refreshToken: string | undefined;
}

const jwt = (payload: object): string =>
  ['{"alg":"none"}', JSON.stringify(payload), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

/** @param clientId The only client. */
export function createConsentPage(clientId: string) {
  const promised = new Map<string, Promised>();
  const issued: string[] = [];
  const none: Behaviour = {};
  const page = {
    behaviour: none,
    /** Every refresh token and code that was issued. */
    issued,
    /** Returns where the browser is sent after GET /authorize; undefined for a request that Google would reject. */
    consent: (query: URLSearchParams): string | undefined => {
      const parsed = question.safeParse(Object.fromEntries(query));
      if (!parsed.success || parsed.data.client_id !== clientId) return undefined;
      const asked = parsed.data;
      const back = new URL(asked.redirect_uri);
      back.searchParams.set('state', asked.state);
      const { user = asked.login_hint ?? 'owner@example.com', denies, leavesOut = [] } = page.behaviour;
      if (denies === true) back.searchParams.set('error', 'access_denied');
      else {
        const code = `4/${randomUUID()}`;
        const again = asked.access_type === 'offline' && asked.prompt === 'consent';
        const refreshToken =
          again && page.behaviour.noRefreshToken !== true ? `1//${randomUUID()}` : undefined;
        const scopes = asked.scope
          .split(' ')
          .filter((scope) => !leavesOut.some((word) => scope.includes(word)));
        promised.set(code, { asked, user, scopes, refreshToken });
        issued.push(code, ...(refreshToken === undefined ? [] : [refreshToken]));
        back.searchParams.set('code', code);
      }
      return back.href;
    },
    /** Redeems a code once; undefined if it or the verifier is invalid. */
    redeem: (form: URLSearchParams) => {
      const code = form.get('code') ?? '';
      const found = promised.get(code);
      promised.delete(code);
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (found?.asked.code_challenge !== challenge || found.asked.redirect_uri !== form.get('redirect_uri'))
        return undefined;
      const identity = found.scopes.includes('openid')
        ? { id_token: jwt({ email: found.user, aud: clientId }) }
        : {};
      return { ...found, identity };
    },
  };
  return page;
}
