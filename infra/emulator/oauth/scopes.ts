import { loadDefinition } from '../definition/definition.ts';

/** Scopes: which exist, and what they mean (https://developers.google.com/identity/protocols/oauth2/scopes). */

export const EMAIL = 'https://www.googleapis.com/auth/userinfo.email';
export const PROFILE = 'https://www.googleapis.com/auth/userinfo.profile';

const IDENTITY: Readonly<Record<string, string>> = {
  openid: 'Associate you with your personal info on Google',
  [EMAIL]: 'See your primary Google Account email address',
  [PROFILE]: 'See your personal info, including any personal info you have made publicly available',
};

/** Returns whether a scope is one of OpenID Connect, which a user cannot leave out. */
export const isIdentity = (scope: string): boolean => Object.hasOwn(IDENTITY, scope);

/** Google's short names of two scopes. */
const ALIASES: Readonly<Record<string, string>> = { email: EMAIL, profile: PROFILE };

/** A scope of another Google API. The emulator does not know them all, but knows all of Calendar's. */
const FOREIGN =
  /^https:\/\/(?:www\.googleapis\.com\/auth\/(?!calendar|userinfo)[\w./-]+|(?:www|mail)\.google\.com\/[\w./-]*)$/;

export interface ScopeList {
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

/** Splits a list of scopes at spaces, without repetitions, and with Google's full names. */
export async function readScopes(text: string): Promise<ScopeList> {
  const calendar = await calendarScopes();
  const isKnown = (scope: string): boolean =>
    isIdentity(scope) || Object.hasOwn(calendar, scope) || FOREIGN.test(scope);
  const named = text.split(' ').filter((scope) => scope !== '');
  const scopes = [
    ...new Set(named.map((scope) => (Object.hasOwn(ALIASES, scope) ? (ALIASES[scope] ?? '') : scope))),
  ];
  return { valid: scopes.filter(isKnown), invalid: scopes.filter((scope) => !isKnown(scope)) };
}

/** Returns what each scope allows, in Google's words. */
export async function describeScopes(scopes: readonly string[]): Promise<readonly string[]> {
  const calendar = await calendarScopes();
  return scopes.map(
    (scope) => calendar[scope]?.description ?? IDENTITY[scope] ?? `Use another Google service: ${scope}`,
  );
}

const calendarScopes = async () => (await loadDefinition()).auth.oauth2.scopes;
