/** Advice on Google's reasons. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adviceText } from '../../../../functions/calendar/advice.ts';
import { adviceFor, adviceOn, detailOf } from '../../../../functions/calendar/reasons.ts';

/** Documented reasons (https://developers.google.com/workspace/calendar/api/guides/errors), and those seen in public code, of the calls that are made. */
const CALLS = [
  'authError userRateLimitExceeded rateLimitExceeded quotaExceeded notFound',
  'conflict fullSyncRequired updatedMinTooLongAgo deleted conditionNotMet backendError',
  'calendarUsageLimitsExceeded dailyLimitExceeded variableTermLimitExceeded accessNotConfigured',
  'insufficientPermissions requiredAccessLevel notACalendarUser forbidden',
  'internalError invalid invalidParameter',
].flatMap((line) => line.split(' '));
/** Reasons of `watch` and `stop`. */
const CHANNELS = [
  'channelIdNotUnique push.webhookUrlNotHttps push.webhookUrlUnauthorized pushInvalidTtl required',
  'pushNotSupportedForRequestedResource push.channelTypeNotSupported',
].flatMap((line) => line.split(' '));
/** Reasons that are about credentials or sharing. */
const ABOUT_ACCESS = new Set(
  'authError required insufficientPermissions notACalendarUser forbidden requiredAccessLevel notFound'.split(
    ' ',
  ),
);
/** Reasons of the token endpoint. */
const TOKENS = ['invalid_grant', 'invalid_scope', 'unauthorized_client', 'invalid_client'];

describe('each reason of Google’s', () => {
  test.each([...CALLS, ...CHANNELS, ...TOKENS])(
    '%s has a meaning, an action and a page of Google’s',
    (reason) => {
      const advice = adviceOn(reason);
      expect(advice?.means).toMatch(/^.{10,90}$/);
      expect(advice?.action).toMatch(/^.{10,150}$/);
      expect(advice?.page).toMatch(/^https:\/\/(developers|support)\.google\.com\/\S+$/);
    },
  );
});

test.each([
  ['accessNotConfigured', /gcloud services enable calendar-json\.googleapis\.com/],
  ['insufficientPermissions', /grant the scope/],
  ['notACalendarUser', /administrator turn it on/],
  ['forbidden', /share the calendar/],
  ['push.webhookUrlUnauthorized', /Search Console/],
  ['webhookUrlUnauthorized', /Search Console/],
  ['rateLimitExceeded', /retried automatically/],
  ['invalid_grant', /“Testing” ends a consent after 7 days/],
])('%s has an action of its own: %s', (reason, action) => {
  expect(adviceOn(reason)?.action).toMatch(action);
});

test('only advice about credentials or sharing mentions them', () => {
  for (const reason of [...CALLS, ...CHANNELS]) {
    const advice = adviceOn(reason);
    if (advice === undefined || ABOUT_ACCESS.has(reason)) continue;
    expect(`${advice.means} ${advice.action}`).not.toMatch(/sharing|share the|check the credentials|login/);
  }
});

test('an unknown reason has the advice for the kind of its problem', () => {
  const kinds = fc.constantFrom('accessDenied', 'notFound', 'invalid', 'temporary', 'fullSyncRequired');
  fc.assert(
    fc.property(kinds, fc.oneof(fc.string(), fc.constantFrom('constructor', 'toString')), (kind, reason) => {
      fc.pre(adviceOn(reason) === undefined);
      expect(adviceText(adviceFor({ kind, reason }))).toMatch(/^.+: .+; see https:\S+$/);
    }),
  );
});

test('the detail of a problem takes precedence over the advice', () => {
  const detail = 'needs roles/x on the secret y';
  expect(detailOf({ kind: 'accessDenied', reason: 'secretDenied', detail })).toBe(detail);
});
