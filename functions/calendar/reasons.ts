import { advice, adviceText, badRequest, enableApi, quota, temporary, type Advice } from './advice.ts';
import type { Problem } from './errors.ts';

/** Advice on Google's reasons. Pure. */

const NOT_FOUND = advice(
  'sharing',
  'the calendar does not exist, or is not shared with the account that calls',
  'check spec.calendarId, and that the calendar is shared with that account; a watch recovers when it returns',
);
const FULL_SYNC = temporary('sync', 'the sync token has become invalid: a full sync follows');

const REASONS: Readonly<Record<string, Advice>> = {
  // Credentials.
  authError: advice(
    'errors',
    'the access token is not valid',
    'check CALENDAR_AUTH and the credentials of the user (with oauth: calendar-mirror login)',
  ),
  required: advice(
    'errors',
    'a required part of the request is missing, usually its credentials',
    'check CALENDAR_AUTH and the credentials of the user',
  ),
  insufficientPermissions: advice(
    'scopes',
    'the access token does not include the OAuth scope for this resource',
    'grant the scope: with oauth by calendar-mirror login --resource, with delegation in the Admin console',
  ),
  invalid_grant: advice(
    'oauth',
    'the user, the consent or its account is not valid, or no longer',
    'with oauth set the client “In production” (“Testing” ends a consent after 7 days), then calendar-mirror login; with delegation check the user',
  ),
  invalid_scope: advice(
    'scopes',
    'the consent does not include the scope that this resource needs',
    'have the user consent to it: calendar-mirror login --resource',
  ),
  unauthorized_client: advice(
    'delegation',
    'the scope that this resource needs is not granted to this client',
    'grant it in the Admin console, Security > API controls > Domain-wide delegation',
  ),
  invalid_client: advice(
    'oauth',
    'the client id or its secret is not valid',
    'store the JSON of the OAuth client in the secret calendar-oauth-client again',
  ),

  // The user, and what is shared.
  notACalendarUser: advice(
    'calendarService',
    'Google Calendar is turned off for this user',
    'have an administrator turn it on, or remove the watch',
  ),
  forbidden: advice(
    'sharing',
    'the calling account has no access to this calendar, or to this part of it',
    'share the calendar with that account',
  ),
  requiredAccessLevel: advice(
    'sharing',
    'the calling account needs a higher role on this calendar',
    'share the calendar with "Make changes and manage sharing" for acl, with "See all event details" for events',
  ),
  notFound: NOT_FOUND,
  deleted: advice('errors', 'the item was deleted in Google Calendar', 'remove the watch'),

  // The project.
  accessNotConfigured: enableApi('PROJECT, which is that of the OAuth client or of the service account'),
  rateLimitExceeded: quota('too many calls a minute by the project or the user'),
  userRateLimitExceeded: quota('too many calls a minute for one user'),
  quotaExceeded: quota('the quota of the project, or a usage limit of Google Calendar, is exceeded'),
  calendarUsageLimitsExceeded: quota('a usage limit of Google Calendar is exceeded'),
  dailyLimitExceeded: quota('the daily quota of the project is exceeded'),
  variableTermLimitExceeded: quota('a quota of the project over a longer time is exceeded'),

  // Channels. Some of these reasons have the prefix `push.`, which is removed before the lookup.
  webhookUrlUnauthorized: advice(
    'ownership',
    'Google does not accept the domain of CHANNEL_ADDRESS as yours',
    'verify a domain of yours in Search Console, and serve receive below it (channel_address)',
  ),
  webhookUrlNotHttps: advice(
    'push',
    'CHANNEL_ADDRESS is not an HTTPS URL',
    'set it to the https URL of receive',
  ),
  pushNotSupportedForRequestedResource: advice(
    'push',
    'Google offers no push for this calendar (holidays, birthdays, some resources)',
    'nothing: it is polled; shorten POLL_SECONDS if that is too slow',
  ),
  pushInvalidTtl: advice(
    'push',
    'the requested lifetime is not valid',
    'set CHANNEL_TTL_SECONDS to a week (604800) or less',
  ),
  channelTypeNotSupported: badRequest('push', 'the type of the channel is not supported'),
  channelIdNotUnique: temporary('push', 'the id of the channel was used before; the retry has a new one'),

  // The request.
  invalid: badRequest('list', 'Google does not accept the parameters of the list'),
  invalidParameter: badRequest('list', 'Google does not accept a parameter of the list'),
  badRequest: badRequest('list', 'Google does not accept the parameters of the list'),

  // Temporary failures.
  conflict: temporary('errors', 'another call changed the same thing at the same time'),
  conditionNotMet: temporary('errors', 'the item changed since it was read'),
  fullSyncRequired: FULL_SYNC,
  updatedMinTooLongAgo: temporary('sync', 'the sync token is too old: a full sync follows'),
  backendError: temporary('errors', 'Google Calendar failed'),
  internalError: temporary('errors', 'Google Calendar failed'),
  network: temporary('errors', 'Google Calendar could not be reached'),
};

/** Advice for reasons that are not documented, by the kind of the problem. */
const OTHERS: Readonly<Record<Problem['kind'], Advice>> = {
  accessDenied: advice(
    'errors',
    'Google Calendar denies access',
    'check the credentials of the user, and who the calendar is shared with',
  ),
  notFound: NOT_FOUND,
  invalid: badRequest('errors', 'Google Calendar does not accept the request'),
  fullSyncRequired: FULL_SYNC,
  temporary: temporary('errors', 'the call failed'),
};

/** Returns what a reason means and what to do; undefined for an unknown reason. */
export function adviceOn(reason: string): Advice | undefined {
  const name = reason.replace(/^push\./, '');
  return Object.hasOwn(REASONS, name) ? REASONS[name] : undefined;
}

/** Returns the advice for any problem. */
export const adviceFor = ({ kind, reason }: Pick<Problem, 'kind' | 'reason'>): Advice =>
  adviceOn(reason) ?? OTHERS[kind];

/** Returns the text for a watch's `status.detail`: the detail of the problem, or else the advice. */
export const detailOf = (problem: Problem): string =>
  ('detail' in problem ? problem.detail : undefined) ?? adviceText(adviceFor(problem));
