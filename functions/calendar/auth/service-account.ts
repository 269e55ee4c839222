import { auth } from 'googleapis/build/src/apis/calendar/index.js';

import type { Credentials } from './credentials.ts';
import { TIMEOUT_MS, unavailable } from './request.ts';
import { withTimeout } from '../../runtime/promises.ts';

/**
 * Returns credentials of the function's own account, for any user: Application Default Credentials, with tokens cached by Google's
 * library.
 *
 * @param timeoutMs how long to wait for an access token; the library itself has no timeout.
 */
export function createServiceAccount(scope: string, timeoutMs = TIMEOUT_MS): Credentials {
  const make = () => new auth.GoogleAuth({ scopes: [scope] });
  let own = make();
  return {
    use: async (call) => {
      const current = own;
      // The call itself does not wait: it finds the token in the library's cache.
      await withTimeout(current.getAccessToken(), timeoutMs, () => {
        if (own === current) own = make();
        return unavailable('ambientCredentials');
      });
      return call(current);
    },
  };
}
