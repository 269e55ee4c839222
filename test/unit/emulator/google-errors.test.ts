import { expect, test } from 'vitest';
import { googleError } from '../../../infra/emulator/protocol/google-errors.ts';

test.each([
  [429, undefined, 'rateLimitExceeded', 'usageLimits'],
  [403, undefined, 'rateLimitExceeded', 'usageLimits'],
  [403, 'userRateLimitExceeded', 'userRateLimitExceeded', 'usageLimits'],
  [410, undefined, 'fullSyncRequired', 'calendar'],
  [410, 'updatedMinTooLongAgo', 'updatedMinTooLongAgo', 'calendar'],
  [500, undefined, 'backendError', 'global'],
  [401, undefined, 'authError', 'global'],
  [502, undefined, 'backendError', 'global'],
  [500, 'rateLimitExceeded', 'rateLimitExceeded', 'usageLimits'],
  [418, 'teapot', 'teapot', 'global'],
])('%i with reason %s becomes %s of domain %s', (status, reason, expectedReason, domain) => {
  const { error } = googleError(status, reason).body();
  expect(error.code).toBe(status);
  const [detail] = error.errors;
  expect(detail).toMatchObject({ reason: expectedReason, domain, message: expect.any(String) });
});

test('a custom message replaces the documented one', () => {
  expect(googleError(404, 'notFound', 'No such channel').body().error.message).toBe('No such channel');
});
