import * as z from 'zod';

import { canonicalAddress, isAddress } from '../protocol/address.ts';
import { parseJson } from '../protocol/body.ts';
import type { HttpRequest } from '../protocol/exchange.ts';
import type { Register } from './clients.ts';
import type { Holder } from './grants.ts';
import type { Keys } from './keys.ts';
import { type ServiceAccount } from './records.ts';
import { invalidGrant, OAuthError } from './replies.ts';
import { readScopes } from './scopes.ts';

/**
 * JWTs of service accounts, which act as themselves or, with domain-wide delegation, as a user.
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests
 */

const Claims = z.object({
  iss: z.string(),
  scope: z.string().optional(),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  sub: z.string().optional(),
});

const MAX_LIFETIME_SECONDS = 3600;
/** A clock that is this much ahead of Google's is forgiven. */
const SKEW_SECONDS = 300;

const AUDIENCES = new Set([
  'https://oauth2.googleapis.com/token',
  'https://www.googleapis.com/oauth2/v4/token',
  'https://www.googleapis.com/oauth2/v3/token',
  'https://accounts.google.com/o/oauth2/token',
]);

const untimely = (): OAuthError =>
  invalidGrant(
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
  );
const undelegated = (): OAuthError =>
  new OAuthError(
    401,
    'unauthorized_client',
    'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
  );

export interface AssertionDeps {
  readonly register: Register;
  readonly keys: Keys;
  readonly isAccount: (user: string) => boolean;
  /** The time by which clients sign, in ms: not the emulator's clock, which a test may have advanced. */
  readonly now: () => number;
}

/** Returns the verifier of JWTs. */
export function createAssertions({ register, keys, isAccount, now }: AssertionDeps) {
  /** Returns the claims, which a registered account must have signed. */
  async function verify(
    jwt: string,
  ): Promise<{ claims: z.infer<typeof Claims>; account: ServiceAccount | undefined }> {
    const stated = Claims.safeParse(unverified(jwt));
    if (!stated.success) throw invalidGrant(`Invalid JWT: ${explain(stated.error)}`);
    const account = register.serviceAccount(canonicalAddress(stated.data.iss));
    if (account === undefined) return { claims: stated.data, account };
    if ((await keys.verify(jwt, account.publicKeys)) === undefined)
      throw invalidGrant('Invalid JWT Signature.');
    return { claims: stated.data, account };
  }

  function checkDelegation(
    account: ServiceAccount | undefined,
    user: string,
    scopes: readonly string[],
  ): void {
    if (account === undefined) return;
    const allowed = account.delegation?.[user.slice(user.lastIndexOf('@') + 1)] ?? [];
    if (!scopes.every((scope) => allowed.includes(scope))) throw undelegated();
    if (register.strict && !isAccount(user)) throw invalidGrant('Invalid email or User ID');
  }

  return {
    /** Returns whom the bearer of a JWT may act for. @throws {OAuthError} */
    async holder(http: HttpRequest, jwt: string): Promise<Holder> {
      const { claims, account } = await verify(jwt);
      const seconds = now() / 1000;
      const isTimely = claims.iat <= seconds + SKEW_SECONDS && claims.exp > seconds;
      if (!isTimely || claims.exp - claims.iat > MAX_LIFETIME_SECONDS) throw untimely();
      const isHere = claims.aud === http.url.origin + http.url.pathname;
      if (!isHere && !AUDIENCES.has(claims.aud))
        throw invalidGrant(
          'Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token',
        );
      const { valid, invalid } = await readScopes(claims.scope ?? '');
      if (valid.length === 0 || invalid.length > 0)
        throw new OAuthError(400, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
      const email = canonicalAddress(claims.iss);
      const user = canonicalAddress(claims.sub ?? email);
      if (!isAddress(user)) throw invalidGrant('Invalid email or User ID');
      if (user !== email) checkDelegation(account, user, valid);
      return { clientId: email, user, scopes: valid };
    },
  };
}

export type Assertions = ReturnType<typeof createAssertions>;

/** Returns the claims of a JWT as it states them, of any signature. */
const unverified = (jwt: string): unknown =>
  parseJson(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

function explain(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined || issue.path.length === 0
    ? 'not a JWT'
    : `missing or invalid claim ${issue.path.join('.')}`;
}
