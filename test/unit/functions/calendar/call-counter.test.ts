import { expect, test } from 'vitest';
import { withCallCounter } from '../../../../functions/calendar/call-counter.ts';
import type { CalendarClient } from '../../../../functions/calendar/client.ts';
import type { Problem } from '../../../../functions/calendar/errors.ts';

const temporary = (reason: string): Problem => ({ kind: 'temporary', reason, notApplied: true });
const target = { user: 'ana@example.com', resource: 'settings', calendarId: null } as const;

test('counts every attempt, and those that were rejected due to rate limits', async () => {
  const client: CalendarClient = {
    list: async () => ({
      ok: true,
      value: { items: [], nextPageToken: undefined, nextSyncToken: 't', timeZone: undefined },
      failedAttempts: [temporary('rateLimitExceeded'), temporary('network')],
    }),
    get: async () => ({
      ok: true,
      value: undefined,
      failedAttempts: [{ kind: 'notFound', reason: 'notFound' }],
    }),
    watch: async () => ({
      ok: false,
      problem: temporary('http429'),
      failedAttempts: [temporary('userRateLimitExceeded')],
    }),
    stop: async () => ({ ok: false, problem: { kind: 'accessDenied', reason: 'rateLimitExceeded' } }),
  };
  const charged: (readonly [string, number])[] = [];
  const { calendar, drain: take } = withCallCounter(client, (...each) => charged.push(each));
  expect(take()).toEqual({ calls: 0, overQuota: 0 });
  await calendar.list('emulator', target, { singleEvents: false, eventTypes: [] }, {});
  expect(take()).toEqual({ calls: 3, overQuota: 1 });
  await calendar.get('emulator', target, 'series');
  expect(take()).toEqual({ calls: 2, overQuota: 0 });
  const request = { channelId: 'c', address: 'https://x', token: 't', expiresAt: 0 };
  await calendar.watch('emulator', target, { singleEvents: false, eventTypes: [] }, request);
  await calendar.stop('emulator', target, 'c', 'r');
  expect(take()).toEqual({ calls: 3, overQuota: 2 });
  expect(charged).toEqual([3, 2, 2, 1].map((calls) => [target.user, calls]));
});
