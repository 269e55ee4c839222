import { LRUCache } from 'lru-cache';

import type { Resource } from '../resources.ts';
import { createServiceAccount, type Ambient } from './adc.ts';
import { bearer, createCredentialsFrom, type Credentials, type CredentialsConfig } from './credentials.ts';
import { createDelegation } from './delegation.ts';
import { createExchange } from './request.ts';
import { SCOPES, type AuthMode } from './modes.ts';
import { createOAuth } from './oauth.ts';
import { createSecrets } from './secrets.ts';
import { createTokens, type Documents } from './tokens.ts';

/** The most access tokens that are cached at once, one per user and resource. */
const MAX_CACHED = 4000;

export type CredentialsOf = (mode: AuthMode, user: string, resource: Resource) => Credentials;

/**
 * Returns a factory of credentials, cached by mode, user and resource so that access tokens are reused. `service-account`: the
 * function's own account, for any user. `delegation`: that account, acting for the user. `oauth`: the user's own consent.
 * `emulator`: the bearer token is the user.
 *
 * @param documents Firestore's client, for `OAUTH_TOKEN_STORE=firestore`.
 */
export function createCredentials(
  config: CredentialsConfig,
  ambient: Ambient,
  now: () => number,
  documents: Documents,
): CredentialsOf {
  const exchange = createExchange(config.OAUTH_TOKEN_URL, now);
  const readSecret = createSecrets(config, ambient);
  const readToken = createTokens(config, readSecret, documents, ambient);
  const fetchToken = {
    delegation: createDelegation(config, exchange, ambient, now),
    oauth: createOAuth(readSecret, readToken, exchange, now),
  };
  const cache = new LRUCache<string, Credentials>({ max: MAX_CACHED });

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
    const credentials = cache.get(key) ?? make(mode, user, resource);
    cache.set(key, credentials);
    return credentials;
  };
}
