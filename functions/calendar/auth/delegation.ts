import * as z from 'zod';

import { CredentialsError } from '../errors.ts';
import { ownEmail, requestAs, type Ambient } from './adc.ts';
import type { CredentialsConfig, FetchToken } from './credentials.ts';
import { accessDenied, joinUrl, rejection, type Exchange } from './request.ts';

/**
 * Keyless domain-wide delegation. IAM Credentials signs, with a key that never leaves Google, a JWT that says that the service account
 * acts for the user; the token endpoint exchanges it for an access token.
 * @see https://developers.google.com/identity/protocols/oauth2/service-account
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt
 */

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The maximum that the token endpoint allows, in seconds. */
const LIFETIME = 3600;
/** In seconds. Backdates the JWT, because a clock ahead of Google's would issue it in the future. */
const SKEW = 60;

const signResponse = z.object({ signedJwt: z.string().min(1) });

export function createDelegation(
  config: CredentialsConfig,
  exchange: Exchange,
  ambient: Ambient,
  now: () => number,
): FetchToken {
  let known = config.DELEGATION_SERVICE_ACCOUNT;

  const account = async (): Promise<string> => {
    known ??= await ownEmail(ambient);
    if (known !== undefined && known !== '') return known;
    throw accessDenied(
      'serviceAccountUnknown',
      'the function does not run as a service account: set DELEGATION_SERVICE_ACCOUNT',
    );
  };

  const sign = async (email: string, payload: object): Promise<string> => {
    const path = `v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:signJwt`;
    const url = joinUrl(config.IAM_CREDENTIALS_ROOT_URL, path);
    const { status, body } = await requestAs(ambient, 'iamCredentials', url, {
      payload: JSON.stringify(payload),
    });
    const jwt = signResponse.safeParse(body);
    if (status === 200 && jwt.success) return jwt.data.signedJwt;
    throw rejection('iamCredentials', status, {
      400: ['signJwtRefused', `IAM Credentials rejected signJwt for the service account ${email}`],
      403: ['signJwtDenied', `needs roles/iam.serviceAccountTokenCreator on the service account ${email}`],
      404: ['serviceAccountNotFound', `service account ${email} does not exist`],
    });
  };

  return async (user, scope) => {
    if (user === 'me') {
      const detail = 'spec.user: cannot be "me" with delegation: give the address of the account to act for';
      throw new CredentialsError({ kind: 'invalid', reason: 'userNeeded', detail });
    }
    const email = await account();
    const iat = Math.floor(now() / 1000) - SKEW;
    const claims = { iss: email, sub: user, scope, aud: config.OAUTH_TOKEN_URL, iat, exp: iat + LIFETIME };
    return exchange({ grant_type: GRANT, assertion: await sign(email, claims) });
  };
}
