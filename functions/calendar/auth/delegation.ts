import * as z from 'zod';

import { CredentialsError } from '../errors.ts';
import { asMyself, ownEmail, type Ambient } from './ambient.ts';
import { ask, below, refusal, unavailable } from './ask.ts';
import type { FetchToken } from './credentials.ts';
import type { Exchange } from './exchange.ts';

/**
 * Domain-wide delegation without a key ("Using OAuth 2.0 for server to server applications"): IAM Credentials signs, with a key
 * that never leaves Google, a statement that the service account acts for the user; the token endpoint takes it for a token.
 */

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The longest that the token endpoint allows, in seconds. */
const LIFETIME = 3600;
/** In seconds: a clock that is a little ahead of Google's must sign nothing of the future. */
const SKEW = 60;

const signed = z.object({ signedJwt: z.string().min(1) });

export interface DelegationOptions {
  /** The service account that the domain trusts; the function's own by default. */
  readonly serviceAccount: string | undefined;
  readonly iamCredentialsRootUrl: string;
  /** The `aud` of the statement. */
  readonly tokenUrl: string;
}

export function createDelegation(
  options: DelegationOptions,
  exchange: Exchange,
  ambient: Ambient,
  now: () => number,
): FetchToken {
  let known = options.serviceAccount;

  const account = async (): Promise<string> => {
    known ??= await ownEmail(ambient);
    if (known !== undefined && known !== '') return known;
    throw refusal(
      'serviceAccountUnknown',
      'the function does not run as a service account: set DELEGATION_SERVICE_ACCOUNT',
    );
  };

  const sign = async (email: string, payload: object): Promise<string> => {
    const path = `v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:signJwt`;
    const answer = await ask('iamCredentials', below(options.iamCredentialsRootUrl, path), {
      method: 'POST',
      headers: { ...(await asMyself(ambient)), 'content-type': 'application/json' },
      body: JSON.stringify({ payload: JSON.stringify(payload) }),
    });
    const jwt = signed.safeParse(answer.body);
    if (answer.status === 200 && jwt.success) return jwt.data.signedJwt;
    switch (answer.status) {
      case 403:
        throw refusal(
          'signJwtDenied',
          `needs roles/iam.serviceAccountTokenCreator on the service account ${email}`,
        );
      case 404:
        throw refusal('serviceAccountNotFound', `there is no service account ${email}`);
      case 400:
        throw refusal('signJwtRefused', `IAM Credentials signs nothing for the service account ${email}`);
      default:
        throw unavailable('iamCredentials');
    }
  };

  return async (user, scope) => {
    if (user === 'me') {
      const detail = 'spec.user: cannot be "me" with delegation: give the address of the account to act for';
      throw new CredentialsError({ kind: 'invalid', reason: 'userNeeded', detail });
    }
    const email = await account();
    const iat = Math.floor(now() / 1000) - SKEW;
    const statement = { iss: email, sub: user, scope, aud: options.tokenUrl, iat, exp: iat + LIFETIME };
    return exchange({ grant_type: GRANT, assertion: await sign(email, statement) });
  };
}
