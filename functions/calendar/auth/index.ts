import type { AuthMode, SyncConfig } from '../../config.ts';
import type { Resource } from '../resources.ts';
import type { Ambient } from './ambient.ts';
import { bearer, createCredentialsFrom, type Credentials } from './credentials.ts';
import { createDelegation } from './delegation.ts';
import { createExchange } from './exchange.ts';
import { createOAuth } from './oauth.ts';
import { createRecent } from './recent.ts';
import { SCOPES } from './scopes.ts';
import { createSecrets } from './secrets.ts';
import { createServiceAccount } from './service-account.ts';

/** How many users' and resources' access tokens are held at once. */
const MOST_HELD = 4000;

export type CredentialsConfig = Pick<
  SyncConfig,
  | 'GOOGLE_CLOUD_PROJECT'
  | 'DELEGATION_SERVICE_ACCOUNT'
  | 'OAUTH_TOKEN_URL'
  | 'IAM_CREDENTIALS_ROOT_URL'
  | 'SECRET_MANAGER_ROOT_URL'
>;

export type CredentialsOf = (mode: AuthMode, user: string, resource: Resource) => Credentials;

/**
 * Makes credentials, one object per mode, user and resource, kept so that access tokens are reused.
 * `service-account`: the function's own account, whoever the user is. `delegation`: that account, acting for the user.
 * `oauth`: the user's own consent. `emulator`: the bearer token is the user.
 */
export function createCredentials(
  config: CredentialsConfig,
  ambient: Ambient,
  now: () => number,
): CredentialsOf {
  const tokenUrl = config.OAUTH_TOKEN_URL;
  const exchange = createExchange(tokenUrl, now);
  const delegation = {
    serviceAccount: config.DELEGATION_SERVICE_ACCOUNT,
    iamCredentialsRootUrl: config.IAM_CREDENTIALS_ROOT_URL,
    tokenUrl,
  };
  const vault = { rootUrl: config.SECRET_MANAGER_ROOT_URL, project: config.GOOGLE_CLOUD_PROJECT };
  const fetchToken = {
    delegation: createDelegation(delegation, exchange, ambient, now),
    oauth: createOAuth(createSecrets(vault, ambient, now), exchange),
  };
  const held = createRecent<Credentials>(MOST_HELD);

  const make = (mode: AuthMode, user: string, resource: Resource): Credentials => {
    switch (mode) {
      case 'service-account':
        return createServiceAccount(SCOPES[resource]);
      case 'delegation':
      case 'oauth':
        return createCredentialsFrom(() => fetchToken[mode](user, SCOPES[resource]), now);
      case 'emulator':
        return { use: (call) => call(bearer(user)) };
    }
  };

  return (mode, user, resource) => {
    const key = JSON.stringify([mode, resource, mode === 'service-account' ? '' : user]);
    const credentials = held.get(key) ?? make(mode, user, resource);
    held.set(key, credentials);
    return credentials;
  };
}
