import { auth } from 'googleapis/build/src/apis/calendar/index.js';

import type { AuthMode } from '../config.ts';
import type { Resource } from './resources.ts';

/** Credentials for calls in one user's name. */
export type Credentials = InstanceType<typeof auth.OAuth2> | InstanceType<typeof auth.GoogleAuth>;

/** The least that listing and watching a resource needs ("Choose Google Calendar API scopes"): read-only, one each. */
const SCOPES: Readonly<Record<Resource, string>> = {
  events: 'https://www.googleapis.com/auth/calendar.events.readonly',
  acl: 'https://www.googleapis.com/auth/calendar.acls.readonly',
  calendarList: 'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
  settings: 'https://www.googleapis.com/auth/calendar.settings.readonly',
};

/**
 * Makes credentials, one object per scope and user, kept for the life of the process so that access tokens are reused.
 * `service-account`: the function's own account (Application Default Credentials), whoever the user is.
 * `emulator`: the bearer token is the user.
 */
export function createCredentials(): (mode: AuthMode, user: string, resource: Resource) => Credentials {
  const own = new Map<Resource, Credentials>();
  return (mode, user, resource) => {
    switch (mode) {
      case 'emulator': {
        const credentials = new auth.OAuth2();
        credentials.setCredentials({ access_token: user });
        return credentials;
      }
      case 'service-account': {
        const made = own.get(resource) ?? new auth.GoogleAuth({ scopes: [SCOPES[resource]] });
        own.set(resource, made);
        return made;
      }
    }
  };
}
