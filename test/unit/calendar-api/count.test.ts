import { expect, test } from 'vitest';
import { counted } from '../../../functions/calendar/count.ts';
import type { CalendarClient } from '../../../functions/calendar/client.ts';
import type { Problem } from '../../../functions/calendar/errors.ts';

const temporary = (reason: string): Problem => ({ kind: 'temporary', reason, notDone: true });
const target = { user: 'ana@example.com', resource: 'settings', calendarId: null } as const;

test('each try is counted once, and which of them were refused for want of quota', async () => {
  const client: CalendarClient = {
    list: async () => ({
      ok: true,
      value: { items: [], nextPageToken: undefined, nextSyncToken: 't', timeZone: undefined },
      earlier: [temporary('rateLimitExceeded'), temporary('network')],
    }),
    watch: async () => ({
      ok: false,
      problem: temporary('http429'),
      earlier: [temporary('userRateLimitExceeded')],
    }),
    stop: async () => ({ ok: false, problem: { kind: 'refused', reason: 'rateLimitExceeded' } }),
  };
  const { calendar, take } = counted(client);
  expect(take()).toEqual({ calls: 0, overQuota: 0 });
  await calendar.list('emulator', target, { singleEvents: false, eventTypes: [] }, {});
  expect(take()).toEqual({ calls: 3, overQuota: 1 });
  const request = { channelId: 'c', address: 'https://x', token: 't', expiresAt: 0 };
  await calendar.watch('emulator', target, { singleEvents: false, eventTypes: [] }, request);
  await calendar.stop('emulator', target, 'c', 'r');
  expect(take()).toEqual({ calls: 3, overQuota: 2 });
});
