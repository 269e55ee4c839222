import { randomBytes } from 'node:crypto';

import type { Clock } from '../state/clock.ts';
import { type AccessToken, type Code, type Consent, type OAuthState, type RefreshToken } from './records.ts';

/**
 * Consents and what is issued for them. Tokens come from the system's randomness, whatever the emulator's seed is: they are secrets, and
 * those of a restored state must not be issued again.
 * @see https://developers.google.com/identity/protocols/oauth2#expiration
 */

const CODE_TTL_MS = 10 * 60_000;
/** "100 refresh tokens per Google Account per OAuth 2.0 client ID"; the oldest ends without warning. */
const MAX_REFRESH_TOKENS = 100;
/** The life of a refresh token of a client whose publishing status is "Testing". */
export const TESTING_TTL_SECONDS = 7 * 86_400;

/** An account, and the client that acts for it. */
export interface Party {
  readonly clientId: string;
  readonly user: string;
}
export type Holder = Omit<Consent, 'scopes'> & { readonly scopes: readonly string[] };
/** Whom a token is for, and the code that it comes from. */
export type TokenHolder = Holder & { readonly code?: string | undefined };
export interface GrantFilter {
  readonly clientId?: string | undefined;
  readonly user?: string | undefined;
}

type Saved = Pick<OAuthState, 'consents' | 'codes' | 'accessTokens' | 'refreshTokens'>;

const secret = (prefix: string, bytes: number): string => prefix + randomBytes(bytes).toString('base64url');
const keyOf = ({ clientId, user }: Party): string => JSON.stringify([clientId, user]);
const copy = ({ clientId, user, scopes }: Holder): Consent => ({ clientId, user, scopes: [...scopes] });
const copyWithCode = (holder: TokenHolder) => ({
  ...copy(holder),
  ...(holder.code === undefined ? {} : { code: holder.code }),
});

const matches = (filter: GrantFilter) => (party: Party) =>
  (filter.clientId ?? party.clientId) === party.clientId && (filter.user ?? party.user) === party.user;

function dropFrom<T extends Party>(tokens: Map<string, T>, drops: (each: T) => boolean): number {
  const dropped = [...tokens].filter(([, each]) => drops(each));
  for (const [token] of dropped) tokens.delete(token);
  return dropped.length;
}

/** Returns a register without consents or tokens. Access tokens live so long by the clock. */
export function createGrants(clock: Clock, lifetimeSeconds: number) {
  const consents = new Map<string, Consent>();
  const codes = new Map<string, Code>();
  const accessTokens = new Map<string, AccessToken>();
  const refreshTokens = new Map<string, RefreshToken>();

  const isLive = ({ expiresAt }: { readonly expiresAt?: number | undefined }): boolean =>
    expiresAt === undefined || expiresAt > clock.now();

  /** Drops what has expired from the oldest on, so that memory is bounded by what is valid. */
  function sweep(tokens: Map<string, { readonly expiresAt: number }>): void {
    for (const [token, each] of tokens) {
      if (isLive(each)) break;
      tokens.delete(token);
    }
  }

  const grants = {
    lifetimeSeconds,
    /** The scopes that the user has consented to for the client. */
    consented: (party: Party): readonly string[] => consents.get(keyOf(party))?.scopes ?? [],
    /** Adds to what the user has consented to. */
    consent(holder: Holder): void {
      const scopes = [...new Set([...grants.consented(holder), ...holder.scopes])];
      consents.set(keyOf(holder), copy({ ...holder, scopes }));
    },
    issueCode(code: Omit<Code, 'expiresAt'>): string {
      sweep(codes);
      const issued = secret('4/0A', 48);
      codes.set(issued, { ...code, expiresAt: clock.now() + CODE_TTL_MS });
      return issued;
    },
    /**
     * Returns a code's grant, once: undefined if it is unknown, used, expired, or another client's, which does not use it up. If it is
     * used, someone else may have it: its tokens end, as https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 recommends.
     */
    takeCode(code: string, clientId: string): Code | undefined {
      const found = codes.get(code);
      if (found === undefined) {
        const isOfCode = (token: TokenHolder): boolean => token.code === code && token.clientId === clientId;
        for (const tokens of [accessTokens, refreshTokens]) dropFrom<TokenHolder>(tokens, isOfCode);
      }
      if (found?.clientId !== clientId) return undefined;
      codes.delete(code);
      return isLive(found) ? found : undefined;
    },
    issueAccessToken(holder: TokenHolder, offline: boolean, seconds = lifetimeSeconds): string {
      sweep(accessTokens);
      const issued = secret('ya29.a0A', 96);
      accessTokens.set(issued, { ...copyWithCode(holder), offline, expiresAt: clock.now() + seconds * 1000 });
      return issued;
    },
    /** @param testing Whether the client's publishing status is "Testing", so that the token expires after 7 days. */
    issueRefreshToken(holder: TokenHolder, testing: boolean): string {
      const issued = secret('1//0', 48);
      const limit = testing ? { expiresAt: clock.now() + TESTING_TTL_SECONDS * 1000 } : {};
      refreshTokens.set(issued, { ...copyWithCode(holder), ...limit });
      const isSame = matches(holder);
      const same = [...refreshTokens].filter(([, each]) => isSame(each)).map(([token]) => token);
      for (const oldest of same.slice(0, -MAX_REFRESH_TOKENS)) refreshTokens.delete(oldest);
      return issued;
    },
    accessToken(token: string): AccessToken | undefined {
      const found = accessTokens.get(token);
      return found && isLive(found) ? found : undefined;
    },
    refreshToken(token: string): RefreshToken | undefined {
      const found = refreshTokens.get(token);
      return found && isLive(found) ? found : undefined;
    },
    /** Ends what the token stands for: all that its user has granted to its client. Returns false if it is not valid. */
    revoke(token: string): boolean {
      const found = grants.accessToken(token) ?? grants.refreshToken(token);
      if (found === undefined) return false;
      accessTokens.delete(token);
      const { clientId, user } = found;
      grants.revokeAll({ clientId, user });
      return true;
    },
    /** Ends consents with their codes and tokens. Returns the number of consents. */
    revokeAll(filter: GrantFilter): number {
      const drops = matches(filter);
      for (const tokens of [codes, accessTokens, refreshTokens]) dropFrom<Party>(tokens, drops);
      return dropFrom<Party>(consents, drops);
    },
    /** Ends access tokens; refresh tokens stay. Returns their number. */
    expire: (filter: GrantFilter): number => {
      sweep(accessTokens);
      return dropFrom(accessTokens, matches(filter));
    },
    /** Returns the consents, with the number of valid tokens of each. */
    list(filter: GrantFilter) {
      const count = (
        tokens: Map<string, Party & { readonly expiresAt?: number | undefined }>,
        of: Party,
      ): number => [...tokens.values()].filter((each) => matches(of)(each) && isLive(each)).length;
      return [...consents.values()].filter(matches(filter)).map((consent) => ({
        ...copy(consent),
        accessTokens: count(accessTokens, consent),
        refreshTokens: count(refreshTokens, consent),
      }));
    },
    save: (): Saved => ({
      consents: [...consents.values()],
      codes: [...codes],
      accessTokens: [...accessTokens],
      refreshTokens: [...refreshTokens],
    }),
    restore(saved: Saved): void {
      grants.revokeAll({});
      for (const consent of saved.consents) consents.set(keyOf(consent), consent);
      for (const [token, each] of saved.codes) codes.set(token, each);
      for (const [token, each] of saved.accessTokens) accessTokens.set(token, each);
      for (const [token, each] of saved.refreshTokens) refreshTokens.set(token, each);
    },
  };
  return grants;
}

export type Grants = ReturnType<typeof createGrants>;
