import { auth } from 'googleapis/build/src/apis/calendar/index.js';

import type { Credentials } from './credentials.ts';

/** The function's own account, whoever the user is: Application Default Credentials, with tokens cached by Google's library. */
export function createServiceAccount(scope: string): Credentials {
  const own = new auth.GoogleAuth({ scopes: [scope] });
  return { use: (call) => call(own) };
}
