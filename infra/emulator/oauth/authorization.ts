import { randomBytes } from 'node:crypto';

import { canonicalAddress, isAddress } from '../protocol/address.ts';
import type { HttpReply, HttpRequest } from '../protocol/exchange.ts';
import { readAuthorizationRequest, type AuthorizationRequest } from './authorization-request.ts';
import type { Register } from './clients.ts';
import { consentPage, errorPage, OTHER } from './consent-page.ts';
import type { Grants } from './grants.ts';
import { invalidRequest, OAuthError } from './replies.ts';
import { describeScopes, isIdentity } from './scopes.ts';

/** The authorization endpoint: asks a user for consent, and sends the browser back to the application with a code. */

/** The form of the consent page is sent here. */
export const DECISION_PATH = '/o/oauth2/v2/auth/decision';

/** How requests are answered: with the consent page, or allowed or denied at once, for tests without a browser. */
export const CONSENT_MODES = ['ask', 'allow', 'deny'] as const;
export type ConsentMode = (typeof CONSENT_MODES)[number];

/** The accounts of the emulator. */
export interface Accounts {
  readonly list: () => readonly string[];
  /** Creates the account if it does not exist. */
  readonly signIn: (user: string) => void;
}

export interface AuthorizationDeps {
  readonly register: Register;
  readonly grants: Grants;
  readonly accounts: Accounts;
  readonly issuer: (request: HttpRequest) => string;
  readonly mode: () => ConsentMode;
}

/** Questions that wait for an answer. The oldest are dropped. */
const MAX_OPEN = 1000;

/** Returns the authorization endpoint. */
export function createAuthorization({ register, grants, accounts, issuer, mode }: AuthorizationDeps) {
  const open = new Map<string, AuthorizationRequest>();
  /** Service accounts have no page to answer. */
  const people = (): readonly string[] =>
    accounts.list().filter((user) => !user.endsWith('.gserviceaccount.com'));

  /** Sends the browser to the application. */
  function redirect(
    http: HttpRequest,
    request: AuthorizationRequest,
    result: Readonly<Record<string, string>>,
  ): HttpReply {
    const target = new URL(request.redirectUri);
    const state = request.state === undefined ? {} : { state: request.state };
    for (const [name, value] of Object.entries({ ...state, iss: issuer(http), ...result }))
      target.searchParams.set(name, value);
    return {
      status: 302,
      headers: { Location: target.href, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' },
    };
  }

  const covers = (request: AuthorizationRequest, user: string): boolean => {
    const consented = grants.consented({ clientId: request.clientId, user });
    return request.scopes.every((scope) => consented.includes(scope));
  };

  /** Sends the browser back with a code. A refresh token follows only the first consent, unless `prompt` asks for another. */
  function allow(
    http: HttpRequest,
    request: AuthorizationRequest,
    user: string,
    chosen: readonly string[],
  ): HttpReply {
    accounts.signIn(user);
    const { clientId, redirectUri, challenge, nonce, offline, prompts } = request;
    const party = { clientId, user };
    const refreshable = offline && (prompts.has('consent') || !covers(request, user));
    const earlier = request.includeGranted ? grants.consented(party) : [];
    const scopes = [...new Set([...chosen, ...earlier])];
    grants.consent({ ...party, scopes: chosen });
    const code = grants.issueCode({
      ...party,
      scopes,
      redirectUri,
      offline,
      refreshable,
      ...(challenge === undefined ? {} : { challenge }),
      ...(nonce === undefined ? {} : { nonce }),
    });
    return redirect(http, request, {
      code,
      scope: scopes.join(' '),
      authuser: '0',
      prompt: prompts.size === 0 ? 'consent' : [...prompts].join(' '),
    });
  }

  const deny = (http: HttpRequest, request: AuthorizationRequest): HttpReply =>
    redirect(http, request, { error: 'access_denied' });

  async function ask(
    request: AuthorizationRequest,
    problem?: string,
    chosen = request.loginHint,
  ): Promise<HttpReply> {
    const id = randomBytes(24).toString('base64url');
    open.set(id, request);
    for (const oldest of [...open.keys()].slice(0, -MAX_OPEN)) open.delete(oldest);
    const words = await describeScopes(request.scopes);
    return consentPage({
      action: DECISION_PATH,
      id,
      clientName: request.clientName,
      users: people(),
      chosen,
      scopes: request.scopes.map((scope, index) => ({
        scope,
        words: words[index] ?? '',
        optional: !isIdentity(scope),
      })),
      ...(problem === undefined ? {} : { problem }),
    });
  }

  async function start(http: HttpRequest): Promise<HttpReply> {
    const request = await readAuthorizationRequest(http.url.searchParams, register);
    const { loginHint, prompts, scopes } = request;
    const known = loginHint ?? (people().length === 1 ? people()[0] : undefined);
    if (mode() === 'deny') return deny(http, request);
    if (mode() === 'allow') return allow(http, request, userFor(known ?? people()[0]), scopes);
    // As Google does for a user who is signed in and has consented before.
    if (known !== undefined && covers(request, known) && (prompts.size === 0 || prompts.has('none')))
      return allow(http, request, known, scopes);
    if (prompts.has('none'))
      return redirect(http, request, { error: 'interaction_required', error_subtype: 'access_denied' });
    return ask(request);
  }

  async function decide(http: HttpRequest): Promise<HttpReply> {
    // Browsers name the origin of a page that sends a form; other clients need not.
    const { origin } = http.headers;
    if (origin !== undefined && URL.parse(origin)?.host !== http.headers['host'])
      throw new OAuthError(403, 'access_denied', 'The form comes from another site.');
    const form = new URLSearchParams(http.body);
    const id = form.get('id') ?? '';
    const request = open.get(id);
    open.delete(id);
    if (request === undefined)
      throw invalidRequest(
        'This page was answered already, or has expired. Start again from the application.',
      );
    const chosen = form.get('user') ?? '';
    const user = canonicalAddress((chosen === OTHER ? (form.get('address') ?? '') : chosen).trim());
    switch (form.get('decision') ?? '') {
      case 'deny':
        return deny(http, request);
      case 'allow': {
        if (!isAddress(user))
          return ask(request, 'Give the address of an account, such as ada@example.com.', user);
        const wanted = form.getAll('scope');
        const scopes = request.scopes.filter((scope) => isIdentity(scope) || wanted.includes(scope));
        return scopes.length === 0 ? deny(http, request) : allow(http, request, user, scopes);
      }
      default:
        return ask(request, 'Choose Allow or Deny.', user);
    }
  }

  return {
    /** Answers with a page, also for errors. */
    reply: (http: HttpRequest): Promise<HttpReply> =>
      (http.url.pathname === DECISION_PATH ? decide(http) : start(http)).catch((error: unknown) => {
        if (error instanceof OAuthError) return errorPage(error.status, error.code, error.message);
        throw error;
      }),
    reset: (): void => open.clear(),
  };
}

function userFor(user: string | undefined): string {
  if (user !== undefined && isAddress(user)) return user;
  throw invalidRequest('No account to allow: give login_hint, or seed a user.');
}
