import { setTimeout as sleep } from 'node:timers/promises';

import { once } from '../once.ts';
import type { CredentialsConfig } from './auth/index.ts';
import type { CalendarClient } from './client.ts';

interface CalendarConfig extends CredentialsConfig {
  readonly CALENDAR_API_ROOT_URL?: string | undefined;
}

/** Google Calendar, and the credentials that calls are made with; loaded with the first call. */
export function createCalendar(config: CalendarConfig): CalendarClient {
  const client = once(async () => {
    const { createAmbient } = await import('./auth/ambient.ts');
    const { createCredentials } = await import('./auth/index.ts');
    const { createCalendarClient } = await import('./client.ts');
    const credentials = createCredentials(config, createAmbient(), Date.now);
    return createCalendarClient(config.CALENDAR_API_ROOT_URL, credentials, { random: Math.random, sleep });
  });
  return {
    list: async (...call) => (await client()).list(...call),
    watch: async (...call) => (await client()).watch(...call),
    stop: async (...call) => (await client()).stop(...call),
  };
}
