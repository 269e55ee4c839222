import { CalendarError } from './http.ts';

/**
 * The errors of the resource methods, in Google's words where it documents them
 * (https://developers.google.com/workspace/calendar/api/guides/errors). Each function returns the error and leaves throwing to
 * the caller, so that the compiler sees where a path ends.
 */

/** 404: it does not exist, or the caller may not know of it. */
export const notFound = (): CalendarError =>
  new CalendarError(404, { domain: 'global', reason: 'notFound', message: 'Not Found' });

/** 400: a parameter or field has an invalid value. `location` names it. */
export const invalid = (location: string, message = `Invalid value for ${location}.`): CalendarError =>
  new CalendarError(400, {
    domain: 'global',
    reason: 'invalid',
    message,
    locationType: 'parameter',
    location,
  });

/** 400: a required parameter or field is missing. */
export const required = (location: string, message = `Required: ${location}`): CalendarError =>
  new CalendarError(400, {
    domain: 'global',
    reason: 'required',
    message,
    locationType: 'parameter',
    location,
  });

/** 400 with a reason that only Calendar has. */
export const badRequest = (reason: string, message: string): CalendarError =>
  new CalendarError(400, { domain: 'calendar', reason, message });

/** 400: an event or a query ends before it starts. */
export const timeRangeEmpty = (location: string): CalendarError =>
  new CalendarError(400, {
    domain: 'calendar',
    reason: 'timeRangeEmpty',
    message: 'The specified time range is empty.',
    locationType: 'parameter',
    location,
  });

/** 400: a query of free/busy is over too much time, in the words that clients have seen (https://github.com/calcom/cal.diy/pull/11696). */
export const timeRangeTooLong = (location: string): CalendarError =>
  new CalendarError(400, {
    domain: 'calendar',
    reason: 'timeRangeTooLong',
    message: 'The requested time range is too long.',
    locationType: 'parameter',
    location,
  });

/** 401: the token is not valid, or the account does not exist. */
export const authError = (): CalendarError =>
  unauthenticated(
    'authError',
    'Invalid Credentials',
    'Request had invalid authentication credentials.',
    'error="invalid_token"',
  );

/**
 * 401: no credentials, or an API key where a user is needed. The challenge then has no error code:
 * https://www.rfc-editor.org/rfc/rfc6750#section-3.1.
 */
export const loginRequired = (): CalendarError =>
  unauthenticated('required', 'Login Required.', 'Request is missing required authentication credential.');

/** In the words of https://github.com/spatie/laravel-google-calendar/issues/184 and other reports. */
function unauthenticated(reason: string, message: string, outer: string, challenge = ''): CalendarError {
  const expected =
    'Expected OAuth 2 access token, login cookie or other valid authentication credential. ' +
    'See https://developers.google.com/identity/sign-in/web/devconsole-project.';
  return new CalendarError(
    401,
    { domain: 'global', reason, message, locationType: 'header', location: 'Authorization' },
    { message: `${outer} ${expected}`, status: 'UNAUTHENTICATED', challenge },
  );
}

/** 400: rejected before the call reaches its method, which is why the error has a canonical status. */
export const invalidArgument = (message: string, reason = 'badRequest'): CalendarError =>
  new CalendarError(400, { domain: 'global', reason, message }, { status: 'INVALID_ARGUMENT' });

/** 403: not allowed for any role. */
export const forbidden = (message = 'Forbidden'): CalendarError =>
  new CalendarError(403, { domain: 'global', reason: 'forbidden', message });

/** 403: the caller can see the calendar, but needs a stronger role. */
export const requiredAccessLevel = (role: string): CalendarError =>
  new CalendarError(403, {
    domain: 'calendar',
    reason: 'requiredAccessLevel',
    message: `You need to have ${role} access to this calendar.`,
  });

/** 403: an attendee tried to change a shared property. */
export const forbiddenForNonOrganizer = (): CalendarError =>
  new CalendarError(403, {
    domain: 'calendar',
    reason: 'forbiddenForNonOrganizer',
    message: 'Shared properties can only be changed by the organizer of the event.',
  });

/** 409: the id is taken, possibly by a deleted resource. */
export const duplicate = (): CalendarError =>
  new CalendarError(409, {
    domain: 'global',
    reason: 'duplicate',
    message: 'The requested identifier already exists.',
  });

/** 410: already deleted. */
export const alreadyDeleted = (): CalendarError =>
  new CalendarError(410, { domain: 'global', reason: 'deleted', message: 'Resource has been deleted' });

/** 410: the sync token has expired. */
export const fullSyncRequired = (): CalendarError =>
  new CalendarError(410, {
    domain: 'calendar',
    reason: 'fullSyncRequired',
    message: 'Sync token is no longer valid, a full sync is required.',
    locationType: 'parameter',
    location: 'syncToken',
  });

/** 410: `updatedMin` is older than the deletions that are kept. */
export const updatedMinTooLongAgo = (): CalendarError =>
  new CalendarError(410, {
    domain: 'calendar',
    reason: 'updatedMinTooLongAgo',
    message: 'The requested minimum modification time lies too far in the past.',
    locationType: 'parameter',
    location: 'updatedMin',
  });

/** 412: the caller's `If-Match` names another version. */
export const conditionNotMet = (): CalendarError =>
  new CalendarError(412, {
    domain: 'global',
    reason: 'conditionNotMet',
    message: 'Precondition Failed',
    locationType: 'header',
    location: 'If-Match',
  });
