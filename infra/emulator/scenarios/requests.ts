/** Trouble with calls of the API. */
import * as z from 'zod';
import { type RequestEffect, resource } from '../faults/fault-rules.ts';
import {
  type Played,
  type Stage,
  type Target,
  count,
  often,
  scenario,
  target,
  targetOf,
  times,
} from './scenario.ts';

const method = z
  .string()
  .min(1)
  .default('calendar.*')
  .describe('only for this method, such as `calendar.events.list`; `*` matches any characters');
const matched = { ...target, method };
const retryAfterSeconds = z.int().min(0).max(3600).optional().describe('sent as Retry-After');

const retryAfter = (seconds: number | undefined) =>
  seconds === undefined ? {} : { retryAfterSeconds: seconds };

interface Matched extends Target {
  readonly method: string;
  readonly times: number;
  readonly skip?: number;
}

/** Adds a rule for requests. */
function onRequest(stage: Stage, matching: Matched, effect: RequestEffect, did: string): Played {
  const { method: pattern, times: number, skip } = matching;
  const match = { method: pattern, ...targetOf(stage, matching) };
  const rule = stage.faults.add({
    on: 'request',
    match,
    times: number,
    ...(skip !== undefined && { skip }),
    effect,
  });
  return { did, rules: [rule] };
}

export const requestScenarios = {
  'page-token-expired': scenario(
    'A list of several pages breaks off: the second list call is rejected, as if its page token were no longer valid.',
    z.strictObject({
      ...target,
      resource: resource.default('events'),
      status: z.union([z.literal(400), z.literal(410)]).default(400),
    }),
    (stage, { status, resource: listed, ...given }) =>
      onRequest(
        stage,
        { ...given, method: `calendar.${listed}.list`, skip: 1, times: 1 },
        status === 410
          ? { do: 'fail', status, reason: 'fullSyncRequired' }
          : { do: 'fail', status, reason: 'invalid', message: 'Invalid page token value.' },
        `the second list call from now on is answered ${status}`,
      ),
  ),
  'access-token-expired': scenario(
    'Access tokens end before their time: calls are answered 401 until the client fetches a new one. A bearer token that is an address ' +
      'cannot expire; then the next call is answered 401, once.',
    z.strictObject({ user: target.user }),
    (stage, given) => {
      const about = targetOf(stage, given);
      const expired = stage.oauth.expireTokens(about);
      if (expired > 0) return { did: `${count(expired, 'access token')} expired`, rules: [] };
      return onRequest(
        stage,
        { ...given, method: 'calendar.*', times: 1 },
        unauthorized,
        'the next call is answered 401',
      );
    },
  ),
  'revoked-consent': scenario(
    'The user withdraws consent: tokens are invalid, and refresh tokens are answered `invalid_grant`. A bearer token that is an address ' +
      'is answered 401 until the rule is removed.',
    z.strictObject({ user: z.email() }),
    (stage, given) => {
      const about = targetOf(stage, given);
      const revoked = stage.oauth.revoke(about);
      if (revoked > 0) return { did: `${count(revoked, 'grant')} revoked`, rules: [] };
      const rule = stage.faults.add({ on: 'request', match: about, effect: unauthorized });
      return { did: 'every call of the user is answered 401', rules: [rule] };
    },
  ),
  quota: scenario(
    'Calls exceed a quota: of the user or of the project, with either status that Google documents.',
    z.strictObject({
      ...matched,
      of: z.enum(['user', 'project']).default('user'),
      status: z.union([z.literal(403), z.literal(429)]).default(403),
      retryAfterSeconds,
      times: times(1),
    }),
    (stage, { of, status, retryAfterSeconds: wait, ...given }) => {
      const reason = of === 'user' && status === 403 ? 'userRateLimitExceeded' : 'rateLimitExceeded';
      const did = `calls are answered ${status} ${reason} ${often(given.times)}`;
      return onRequest(stage, given, { do: 'fail', status, reason, ...retryAfter(wait) }, did);
    },
  ),
  'backend-error': scenario(
    'Google fails: calls are answered 500 `backendError`.',
    z.strictObject({ ...matched, times: times(1) }),
    (stage, given) =>
      onRequest(
        stage,
        given,
        { do: 'fail', status: 500, reason: 'backendError' },
        `calls are answered 500 ${often(given.times)}`,
      ),
  ),
  unavailable: scenario(
    'Google is unavailable: calls are answered 503.',
    z.strictObject({
      ...matched,
      retryAfterSeconds,
      times: times(1),
    }),
    (stage, { retryAfterSeconds: wait, ...given }) => {
      const did = `calls are answered 503 ${often(given.times)}`;
      return onRequest(stage, given, { do: 'fail', status: 503, ...retryAfter(wait) }, did);
    },
  ),
  'connection-lost': scenario(
    'The connection breaks: before a call takes effect, or after it, so that the client cannot tell whether a write happened.',
    z.strictObject({ ...matched, when: z.enum(['before', 'after']).default('after'), times: times(1) }),
    (stage, { when, ...given }) =>
      onRequest(
        stage,
        given,
        { do: 'hangUp', when },
        `connections break ${when} the call takes effect, ${often(given.times)}`,
      ),
  ),
  slow: scenario(
    'Calls are slow.',
    z.strictObject({ ...matched, ms: z.int().min(1).max(600_000).default(5_000), times: times(1) }),
    (stage, { ms, ...given }) =>
      onRequest(stage, given, { do: 'delay', ms }, `calls are delayed by ${ms} ms ${often(given.times)}`),
  ),
  'watch-refused': scenario(
    'A channel cannot be opened: the calendar does not support push, the address is not authorized, or the id is not unique.',
    z.strictObject({
      ...target,
      reason: z
        .enum(['pushNotSupportedForRequestedResource', 'push.webhookUrlUnauthorized', 'channelIdNotUnique'])
        .default('pushNotSupportedForRequestedResource'),
      times: times(1),
    }),
    (stage, { reason, ...given }) =>
      onRequest(
        stage,
        { ...given, method: 'calendar.*.watch' },
        { do: 'fail', status: reason === 'push.webhookUrlUnauthorized' ? 401 : 400, reason },
        `watch calls are answered ${reason} ${often(given.times)}`,
      ),
  ),
};

const unauthorized = { do: 'fail' as const, status: 401, reason: 'authError' };
