import { createCredentials } from '../../../functions/calendar/auth/index.ts';
import { createCalendarClient } from '../../../functions/calendar/client.ts';
import type { AuthMode } from '../../../functions/calendar/auth/modes.ts';
import { readSyncConfig } from '../../../functions/config.ts';
import { isInCalendar, type Resource } from '../../../functions/calendar/resources.ts';
import { PROJECT } from './rules.ts';
import { startIdentity } from './server.ts';

export const ADA = 'ada@example.com';
export const scopeOf = (name: string): string => `https://www.googleapis.com/auth/calendar.${name}.readonly`;
export const ADAS_SECRET = 'calendar-oauth-user-ada_40example_2Ecom';

const target = (user: string, resource: Resource) => ({
  user,
  resource,
  calendarId: isInCalendar(resource) ? 'team@group.calendar.google.com' : null,
});

/** Documents of Firestore, by path. */
export function documentsOf(stored: ReadonlyMap<string, unknown>) {
  return { doc: (path: string) => ({ get: async () => ({ data: () => stored.get(path) }) }) };
}

/** Starts the credentials code on the stand-ins for the services that it calls, and makes calls in Ada's name. */
export async function startIdentityBench(environment: Readonly<Record<string, string>> = {}) {
  const identity = await startIdentity();
  const { state } = identity;
  const stored = new Map<string, unknown>();
  const config = readSyncConfig({
    GOOGLE_CLOUD_PROJECT: PROJECT,
    ...identity.environment,
    ...environment,
  });
  const retryDeps = { random: () => 0.5, sleep: () => Promise.resolve() };
  /** Returns a new process, with no token cached. */
  const start = (ambient = identity.ambient) =>
    createCalendarClient(
      identity.url,
      createCredentials(config, ambient, state.now, documentsOf(stored)),
      retryDeps,
    );

  const parameters = { singleEvents: false, eventTypes: [] };
  const list = (
    client: ReturnType<typeof start>,
    mode: AuthMode,
    resource: Resource = 'events',
    user: string = ADA,
  ) => client.list(mode, target(user, resource), parameters, {});

  return {
    ...identity,
    /** The documents in Firestore, by path. */
    stored,
    start,
    list,
    watch: (client: ReturnType<typeof start>, mode: AuthMode) =>
      client.watch(mode, target(ADA, 'events'), parameters, {
        channelId: 'channel-1',
        address: 'https://receive.example.com/',
        token: 'token-1',
        expiresAt: state.now() + 3_600_000,
      }),
    /** Stores a user's consent to some scopes, with the refresh token in the user's secret. */
    consent: (secret: string, refreshToken: string, user: string, ...scopes: readonly string[]) => {
      state.consents.set(refreshToken, { user, scopes: new Set(scopes.map(scopeOf)) });
      state.secrets.set(secret, refreshToken);
    },
    /** Grants scopes to the service account for the user's domain. */
    delegate: (user: string, ...scopes: readonly string[]) => {
      state.domainUsers.add(user);
      for (const scope of scopes) state.delegated.add(scopeOf(scope));
    },
  };
}

export type IdentityBench = Awaited<ReturnType<typeof startIdentityBench>>;
