import { setTimeout as sleep } from 'node:timers/promises';

import type { CredentialsConfig } from './auth/credentials.ts';
import type { Documents } from './auth/tokens.ts';
import type { CalendarClient } from './client.ts';
import { lazy } from '../runtime/promises.ts';

type CalendarConfig = CredentialsConfig & { readonly CALENDAR_API_ROOT_URL?: string | undefined };

/** Returns a client of Google Calendar with its credentials, loaded at the first call. */
export function createCalendar(config: CalendarConfig, documents: Documents): CalendarClient {
  const client = lazy(async () => {
    const { createAmbient } = await import('./auth/adc.ts');
    const { createCredentials } = await import('./auth/index.ts');
    const { createCalendarClient } = await import('./client.ts');
    const credentials = createCredentials(config, createAmbient(), Date.now, documents);
    return createCalendarClient(config.CALENDAR_API_ROOT_URL, credentials, { random: Math.random, sleep });
  });
  return {
    list: async (...call) => (await client()).list(...call),
    get: async (...call) => (await client()).get(...call),
    watch: async (...call) => (await client()).watch(...call),
    stop: async (...call) => (await client()).stop(...call),
  };
}
