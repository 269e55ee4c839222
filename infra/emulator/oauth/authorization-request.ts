import { canonicalAddress } from '../protocol/address.ts';
import type { Register } from './clients.ts';
import { type Code } from './records.ts';
import { invalidRequest, OAuthError, required, singleValues } from './replies.ts';
import { readScopes } from './scopes.ts';

/**
 * Reads a request to the authorization endpoint.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
 */

const PROMPTS = ['none', 'consent', 'select_account'] as const;
type Prompt = (typeof PROMPTS)[number];

export interface AuthorizationRequest {
  readonly clientId: string;
  readonly clientName: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  readonly loginHint: string | undefined;
  readonly prompts: ReadonlySet<Prompt>;
  readonly offline: boolean;
  readonly includeGranted: boolean;
  readonly challenge: Code['challenge'];
  readonly nonce: string | undefined;
}

/** @throws {OAuthError} for the page: while the client and its address are in doubt, the browser must not be sent there */
export async function readAuthorizationRequest(
  query: URLSearchParams,
  register: Register,
): Promise<AuthorizationRequest> {
  const given = singleValues(query);
  const clientId = needed(given, 'client_id');
  const { name: clientName = clientId } = register.find(clientId);
  const redirectUri = needed(given, 'redirect_uri');
  register.checkRedirect(clientId, redirectUri);
  const type = needed(given, 'response_type');
  if (type !== 'code')
    throw new OAuthError(400, 'unsupported_response_type', `Invalid response_type: ${type}`);
  const { valid, invalid } = await readScopes(needed(given, 'scope'));
  if (invalid.length > 0) {
    const lists = `{valid=[${valid.join(', ')}], invalid=[${invalid.join(', ')}]}`;
    throw new OAuthError(400, 'invalid_scope', `Some requested scopes were invalid. ${lists}`);
  }
  return {
    clientId,
    clientName,
    redirectUri,
    scopes: valid,
    state: given['state'],
    loginHint: given['login_hint'] === undefined ? undefined : canonicalAddress(given['login_hint']),
    prompts: promptsOf(given),
    offline: oneOf(given, 'access_type', ['online', 'offline']) === 'offline',
    includeGranted: oneOf(given, 'include_granted_scopes', ['false', 'true']) === 'true',
    challenge: challengeOf(given),
    nonce: given['nonce'],
  };
}

type Given = Readonly<Record<string, string>>;

/** In the words of this endpoint: https://github.com/googleworkspace/cli/issues/150. */
const needed = (given: Given, name: string): string => required(given, name, 'Required parameter is missing');

/** Returns the value of a parameter; the first is the default. */
function oneOf(given: Given, name: string, values: readonly string[]): string | undefined {
  const value = given[name] ?? values[0];
  if (value === undefined || !values.includes(value))
    throw invalidRequest(`Invalid parameter value for ${name}: '${value}'`);
  return value;
}

/** `approval_prompt` is what `prompt` was called before, and still is in old clients. */
function promptsOf(given: Given): ReadonlySet<Prompt> {
  const { prompt, approval_prompt: approval } = given;
  if (prompt !== undefined && approval !== undefined)
    throw invalidRequest('Conflict params: approval_prompt and prompt');
  const isForced = oneOf(given, 'approval_prompt', ['auto', 'force']) === 'force';
  const words = (prompt ?? (isForced ? 'consent' : '')).split(' ').filter((word) => word !== '');
  const known = PROMPTS.filter((each) => words.includes(each));
  if (words.some((word) => !PROMPTS.some((each) => each === word)))
    throw invalidRequest(`Invalid prompt: ${prompt}`);
  if (known.includes('none') && known.length > 1) throw invalidRequest(`Invalid prompt: ${prompt}`);
  return new Set(known);
}

/** https://www.rfc-editor.org/rfc/rfc7636#section-4.3 */
function challengeOf(given: Given): Code['challenge'] {
  const { code_challenge: value, code_challenge_method: method = 'plain' } = given;
  if (value === undefined) {
    if (given['code_challenge_method'] !== undefined)
      throw invalidRequest('Required parameter is missing: code_challenge');
    return undefined;
  }
  if (method !== 'S256' && method !== 'plain')
    throw invalidRequest(
      `Invalid parameter value for code_challenge_method: '${method}' is not S256 or plain`,
    );
  if (!isVerifier(value)) throw invalidRequest('Invalid parameter value for code_challenge');
  return { method, value };
}

/** Returns whether a text has the form of a code verifier, which a challenge has as well. */
const isVerifier = (text: string): boolean => /^[\w.~-]{43,128}$/.test(text);
