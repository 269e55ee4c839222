import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classify,
  CredentialsError,
  isTokenRejected,
  type Problem,
} from '../../../../functions/calendar/errors.ts';

/** An error as Google's library throws it: the status twice, and Google's reason in the body. */
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
    [401, 'authError', 'accessDenied'],
    [401, 'push.webhookUrlUnauthorized', 'accessDenied'],
    [403, 'userRateLimitExceeded', 'temporary'],
    [403, 'rateLimitExceeded', 'temporary'],
    [403, 'quotaExceeded', 'temporary'],
    [403, 'calendarUsageLimitsExceeded', 'temporary'],
    [403, 'dailyLimitExceeded', 'temporary'],
    [403, 'variableTermLimitExceeded', 'temporary'],
    [403, 'forbidden', 'accessDenied'],
    [403, 'forbiddenForNonOrganizer', 'accessDenied'],
    [403, 'insufficientPermissions', 'accessDenied'],
    [403, 'requiredAccessLevel', 'accessDenied'],
    [403, 'accessNotConfigured', 'accessDenied'],
    [403, 'notACalendarUser', 'accessDenied'],
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
    [401, 'accessDenied'],
    [403, 'accessDenied'],
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
    [400, 'invalid_grant', 'accessDenied'],
    [401, 'invalid_client', 'accessDenied'],
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
  ])('%i %s certainly had no effect: %s', (status, reason, notApplied) => {
    expect(classify(googleError(status, reason))).toMatchObject({ kind: 'temporary', notApplied });
  });

  test('that the API is not enabled yields the project, and nothing else of the message', () => {
    const message = 'Google Calendar API has not been used in project 123456789012 before or it is disabled.';
    const errors = [{ domain: 'usageLimits', reason: 'accessNotConfigured', message }];
    const response = { status: 403, data: { error: { code: 403, message, errors } } };
    const problem = classify(Object.assign(new Error(message), { response }));
    expect(problem).toMatchObject({
      kind: 'accessDenied',
      reason: 'accessNotConfigured',
      detail: expect.stringContaining(
        'enable calendar-json.googleapis.com --project=123456789012; see https:',
      ),
    });
    const silent = classify(Object.assign(new Error('for ada@example.com'), { response }));
    expect(silent).toEqual({ kind: 'accessDenied', reason: 'accessNotConfigured' });
  });

  test('with an empty list of reasons is classified by its status', () => {
    const response = { status: 404, data: { error: { errors: [] } } };
    expect(classify(Object.assign(new Error('why'), { response }))).toEqual({
      kind: 'notFound',
      reason: 'http404',
    });
  });

  test('without a body is classified by its status', () => {
    expect(classify(Object.assign(new Error('why'), { status: 503 }))).toMatchObject({ reason: 'http503' });
  });

  test('with invalid_grant only in its message means that access is denied', () => {
    expect(classify(Object.assign(new Error('Error: invalid_grant'), { status: 400 }))).toEqual({
      kind: 'accessDenied',
      reason: 'invalid_grant',
    });
  });

  test('is classified for any status and reason', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.string(), (status, reason) => {
        expect(classify(googleError(status, reason)).reason).toBe(reason);
      }),
    );
  });
});

const networkError = (code: string): Error => Object.assign(new Error('failed'), { code });

/** An error that a call throws without an answer. */
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
  ])('because of %s is temporary', (code, notApplied) => {
    expect(classify(networkError(code))).toEqual({ kind: 'temporary', reason: 'network', notApplied });
  });

  test.each(['AbortError', 'TimeoutError'])('because of an %s is temporary', (name) => {
    expect(classify(Object.assign(new Error('late'), { name }))).toMatchObject({ kind: 'temporary' });
  });

  test('because of invalid_grant means that access is denied', () => {
    expect(classify(new Error('invalid_grant'))).toEqual({ kind: 'accessDenied', reason: 'invalid_grant' });
  });
});

test('an error of the credentials is classified as its own problem', () => {
  const problem: Problem = {
    kind: 'accessDenied',
    reason: 'secretNotFound',
    detail: 'the secret does not exist',
  };
  const error = new CredentialsError(problem);
  expect(classify(error)).toBe(problem);
  expect(String(error)).toBe('CredentialsError: no credentials: secretNotFound');
});

test.each<[string, unknown]>([
  ['with a reason', googleError(401, 'authError')],
  ['without a reason', googleError(401)],
])('the access token counts as rejected after a 401 %s', (_, error) => {
  expect(isTokenRejected(error)).toBe(true);
});

test.each<[string, unknown]>([
  ['a 401 about the address of a channel', googleError(401, 'push.webhookUrlUnauthorized')],
  ['a 403', googleError(403, 'forbidden')],
  ['an error without an answer', new Error('Unauthorized')],
  ['no error', undefined],
])('the access token does not count as rejected after %s', (_, error) => {
  expect(isTokenRejected(error)).toBe(false);
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
])('an error that is not from Google is rethrown: %s', (fault) => {
  expect(thrownBy(() => classify(fault))).toBe(fault);
});
