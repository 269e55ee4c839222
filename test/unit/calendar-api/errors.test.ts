import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classify,
  CredentialsError,
  isTokenRejected,
  type Problem,
} from '../../../functions/calendar/errors.ts';

/** An error as Google's library throws it: the status twice, and Google's words in the body. */
function googleError(status: number, reason?: string, domain = 'global'): Error {
  const detail = { domain, reason, message: 'why' };
  const data =
    reason === undefined ? 'no JSON' : { error: { code: status, message: 'why', errors: [detail] } };
  return Object.assign(new Error('why'), { status, code: status, response: { status, data } });
}

describe('an answer of Google Calendar', () => {
  test.each([
    [400, 'timeRangeEmpty', 'invalid'],
    [400, 'pushNotSupportedForRequestedResource', 'invalid'],
    [400, 'channelIdNotUnique', 'invalid'],
    [401, 'authError', 'refused'],
    [401, 'push.webhookUrlUnauthorized', 'refused'],
    [403, 'userRateLimitExceeded', 'temporary'],
    [403, 'rateLimitExceeded', 'temporary'],
    [403, 'quotaExceeded', 'temporary'],
    [403, 'calendarUsageLimitsExceeded', 'temporary'],
    [403, 'dailyLimitExceeded', 'temporary'],
    [403, 'variableTermLimitExceeded', 'temporary'],
    [403, 'forbidden', 'refused'],
    [403, 'forbiddenForNonOrganizer', 'refused'],
    [403, 'insufficientPermissions', 'refused'],
    [403, 'requiredAccessLevel', 'refused'],
    [403, 'accessNotConfigured', 'refused'],
    [403, 'notACalendarUser', 'refused'],
    [404, 'notFound', 'notFound'],
    [409, 'conflict', 'temporary'],
    [410, 'fullSyncRequired', 'fullSyncRequired'],
    [410, 'updatedMinTooLongAgo', 'fullSyncRequired'],
    [410, 'deleted', 'fullSyncRequired'],
    [412, 'conditionNotMet', 'temporary'],
    [429, 'rateLimitExceeded', 'temporary'],
    [500, 'backendError', 'temporary'],
    [503, 'backendError', 'temporary'],
  ])('%i %s is %s', (status, reason, kind) => {
    expect(classify(googleError(status, reason))).toMatchObject({ kind, reason });
  });

  test.each([
    [399, 'temporary'],
    [400, 'invalid'],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'notFound'],
    [408, 'temporary'],
    [410, 'fullSyncRequired'],
    [429, 'temporary'],
    [499, 'invalid'],
    [500, 'temporary'],
    [502, 'temporary'],
    [504, 'temporary'],
  ])('%i without a reason is %s', (status, kind) => {
    expect(classify(googleError(status))).toMatchObject({ kind, reason: `http${String(status)}` });
  });

  test.each([
    [400, 'invalid_grant', 'refused'],
    [401, 'invalid_client', 'refused'],
    [500, 'internal_failure', 'temporary'],
  ])('%i %s to a request for a token is %s', (status, reason, kind) => {
    const response = { status, data: { error: reason, error_description: 'why' } };
    expect(classify(Object.assign(new Error(reason), { status, response }))).toMatchObject({ kind, reason });
  });

  test.each([
    [403, 'rateLimitExceeded', true],
    [429, 'rateLimitExceeded', true],
    [500, 'backendError', false],
    [503, 'backendError', false],
    [408, 'timeout', false],
    [409, 'conflict', false],
    [412, 'conditionNotMet', false],
  ])('%i %s surely had no effect: %s', (status, reason, notDone) => {
    expect(classify(googleError(status, reason))).toMatchObject({ kind: 'temporary', notDone });
  });

  test('with an empty list of reasons is known by its status', () => {
    const response = { status: 404, data: { error: { errors: [] } } };
    expect(classify(Object.assign(new Error('why'), { response }))).toEqual({
      kind: 'notFound',
      reason: 'http404',
    });
  });

  test('is known by its status alone as well', () => {
    expect(classify(Object.assign(new Error('why'), { status: 503 }))).toMatchObject({ reason: 'http503' });
  });

  test('that a token is no longer granted is refused, where the message alone says so', () => {
    expect(classify(Object.assign(new Error('Error: invalid_grant'), { status: 400 }))).toEqual({
      kind: 'refused',
      reason: 'invalid_grant',
    });
  });

  test('always means something, whatever its status and reason', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.string(), (status, reason) => {
        expect(classify(googleError(status, reason)).reason).toBe(reason);
      }),
    );
  });
});

const networkError = (code: string): Error => Object.assign(new Error('failed'), { code });

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    return `nothing, but it returned ${String(call())}`;
  } catch (error) {
    return error;
  }
}

describe('no answer', () => {
  test.each([
    ['ECONNRESET', false],
    ['ETIMEDOUT', false],
    ['ENOTFOUND', false],
    ['EAI_AGAIN', false],
    ['ECONNREFUSED', true],
  ])('because of %s is temporary', (code, notDone) => {
    expect(classify(networkError(code))).toEqual({ kind: 'temporary', reason: 'network', notDone });
  });

  test.each(['AbortError', 'TimeoutError'])('because of an %s is temporary', (name) => {
    expect(classify(Object.assign(new Error('late'), { name }))).toMatchObject({ kind: 'temporary' });
  });

  test('because of a token that is no longer granted is refused', () => {
    expect(classify(new Error('invalid_grant'))).toEqual({ kind: 'refused', reason: 'invalid_grant' });
  });
});

test('a lack of credentials means what it says', () => {
  const problem: Problem = { kind: 'refused', reason: 'secretNotFound', detail: 'there is no secret' };
  const error = new CredentialsError(problem);
  expect(classify(error)).toBe(problem);
  expect(String(error)).toBe('CredentialsError: no credentials: secretNotFound');
});

test.each<[string, unknown, boolean]>([
  ['is, when Google says so', googleError(401, 'authError'), true],
  ['is, when Google says nothing', googleError(401), true],
  [
    'is not, when the address of a channel is refused',
    googleError(401, 'push.webhookUrlUnauthorized'),
    false,
  ],
  ['is not, when access is refused', googleError(403, 'forbidden'), false],
  ['is not, when there is no answer', new Error('Unauthorized'), false],
  ['is not, when nothing was thrown', undefined, false],
])('an access token is rejected or not: it %s', (_, error, rejected) => {
  expect(isTokenRejected(error)).toBe(rejected);
});

test.each([
  [new TypeError('x is not a function')],
  [Object.assign(new Error('numbered'), { code: 7 })],
  [Object.assign(new Error('named'), { name: 'TimeoutErrors' })],
  [Object.assign(new Error('named'), { name: 'NoAbortError' })],
  [{ name: 'AbortError', message: 'no error at all' }],
  ['text'],
  [undefined],
  [null],
  [{ code: 7 }],
])('what Google has nothing to do with is thrown again: %s', (fault) => {
  expect(thrownBy(() => classify(fault))).toBe(fault);
});
