import { expect, test } from 'vitest';
import { createClock } from '../../../infra/emulator/state/clock.ts';
import { CalendarError } from '../../../infra/emulator/protocol/http.ts';
import { createQuota } from '../../../infra/emulator/api/quota.ts';
import { createRandom } from '../../../infra/emulator/state/random.ts';
import type { QuotaOptions } from '../../../infra/emulator/api/quota.ts';

function quotaOf(options: QuotaOptions | 'off') {
  const clock = createClock(() => 0);
  const quota = createQuota(options, clock, createRandom(1));
  const charge = (user: string, quotaUser: string | null = null): string => {
    try {
      quota.charge(user, quotaUser);
      return 'ok';
    } catch (error) {
      if (error instanceof CalendarError) return `${error.status} ${error.detail.reason}`;
      throw error;
    }
  };
  return { clock, charge };
}

test('a user above the quota is rejected while others are served', () => {
  const { charge } = quotaOf({ perUserPerMinute: 2, status: 403 });
  expect([charge('ada'), charge('ada'), charge('ada'), charge('bob')]).toEqual([
    'ok',
    'ok',
    '403 userRateLimitExceeded',
    'ok',
  ]);
});

test('the window slides: a request counts for one minute', () => {
  const { clock, charge } = quotaOf({ perUserPerMinute: 2, status: 429 });
  charge('ada');
  clock.advance(30_000);
  charge('ada');
  clock.advance(29_999);
  expect(charge('ada')).toBe('429 rateLimitExceeded');
  clock.advance(1);
  expect(charge('ada')).toBe('ok');
  expect(charge('ada')).toBe('429 rateLimitExceeded');
});

test('quotaUser is charged instead of the user', () => {
  const { charge } = quotaOf({ perUserPerMinute: 1, status: 403 });
  expect(charge('robot', 'ada')).toBe('ok');
  expect(charge('robot', 'bob')).toBe('ok');
  expect(charge('robot', 'ada')).toBe('403 userRateLimitExceeded');
});

test('a quotaUser of more than 40 characters is rejected even without quotas', () => {
  const { charge } = quotaOf('off');
  expect(charge('ada', 'x'.repeat(40))).toBe('ok');
  expect(charge('ada', 'x'.repeat(41))).toBe('400 invalidParameter');
});

test('all users share the quota of the project', () => {
  const { charge } = quotaOf({ perProjectPerMinute: 2, status: 403 });
  expect([charge('ada'), charge('bob'), charge('eve')]).toEqual(['ok', 'ok', '403 rateLimitExceeded']);
});

test('a rejected request is not charged', () => {
  const { clock, charge } = quotaOf({ perUserPerMinute: 1, status: 403 });
  charge('ada');
  clock.advance(59_000);
  charge('ada');
  clock.advance(1_000);
  expect(charge('ada')).toBe('ok');
});

test('both documented responses occur', () => {
  const { charge } = quotaOf({ perUserPerMinute: 0 });
  expect(new Set(Array.from({ length: 50 }, () => charge('ada')))).toEqual(
    new Set(['403 userRateLimitExceeded', '429 rateLimitExceeded']),
  );
});

test("Google's quotas are the default", () => {
  const { charge } = quotaOf({ status: 403 });
  const answers = Array.from({ length: 601 }, () => charge('ada'));
  expect(answers.indexOf('403 userRateLimitExceeded')).toBe(600);
});
