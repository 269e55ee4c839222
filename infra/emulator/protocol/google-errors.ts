/**
 * Errors by status and reason, see https://developers.google.com/workspace/calendar/api/guides/errors and
 * https://developers.google.com/workspace/calendar/api/guides/push: what the server answers before any route runs, and what a
 * fault can name by its reason alone.
 */
import { CalendarError } from './http.ts';
import {
  alreadyDeleted,
  authError,
  conditionNotMet,
  forbidden,
  fullSyncRequired,
  loginRequired,
  notFound,
  updatedMinTooLongAgo,
} from './api-errors.ts';

function known(status: number, domain: string, reason: string, message: string): CalendarError {
  return new CalendarError(status, { domain, reason, message });
}

/** The first error of a status is the default of that status. */
const KNOWN: readonly CalendarError[] = [
  known(400, 'global', 'badRequest', 'Bad Request'),
  known(400, 'global', 'parseError', 'Parse Error'),
  known(
    400,
    'calendar',
    'pushNotSupportedForRequestedResource',
    'Push notifications are not supported by this resource.',
  ),
  authError(),
  loginRequired(),
  known(401, 'global', 'push.webhookUrlUnauthorized', 'Unauthorized WebHook callback channel'),
  known(403, 'usageLimits', 'rateLimitExceeded', 'Rate Limit Exceeded'),
  known(403, 'usageLimits', 'userRateLimitExceeded', 'User Rate Limit Exceeded'),
  known(403, 'usageLimits', 'quotaExceeded', 'Calendar usage limits exceeded.'),
  known(403, 'usageLimits', 'dailyLimitExceeded', 'Daily Limit Exceeded'),
  known(403, 'usageLimits', 'accessNotConfigured', 'Access Not Configured.'),
  known(403, 'global', 'insufficientPermissions', 'Insufficient Permission'),
  known(403, 'calendar', 'notACalendarUser', 'The user must be signed up for Google Calendar.'),
  forbidden(),
  notFound(),
  known(409, 'global', 'conflict', 'Conflict'),
  fullSyncRequired(),
  updatedMinTooLongAgo(),
  alreadyDeleted(),
  conditionNotMet(),
  known(429, 'usageLimits', 'rateLimitExceeded', 'Rate Limit Exceeded'),
  known(500, 'global', 'backendError', 'Backend Error'),
  known(503, 'global', 'backendError', 'Service Unavailable'),
];

/**
 * Returns the documented error for a status, or for a status and a reason. Undocumented combinations get a generic error, because
 * a fault can ask for any response. `message` replaces the documented message.
 */
export function googleError(status: number, reason?: string, message?: string): CalendarError {
  const same = KNOWN.filter((error) => reason === undefined || error.detail.reason === reason);
  const found = same.find((error) => error.status === status) ?? (reason === undefined ? undefined : same[0]);
  const detail = found?.detail ?? {
    domain: 'global',
    reason: reason ?? 'backendError',
    message: `Status ${status}`,
  };
  if (message === undefined) return new CalendarError(status, detail, found?.outer);
  const canonical = found?.outer.status;
  return new CalendarError(
    status,
    { ...detail, message },
    canonical === undefined ? {} : { status: canonical },
  );
}

/** Returns the answer to an unexpected error, a mistake of the emulator's own, which goes to stderr. */
export function internalError(error: unknown): CalendarError {
  const what = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`calendar emulator: unexpected error: ${what}\n`);
  return googleError(500, 'backendError');
}
