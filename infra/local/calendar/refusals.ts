import { CalendarError } from './http.ts';

/**
 * The refusals of the resource methods, in Google's words where "Handle API errors" gives them. Each makes
 * the error and leaves the throwing to the caller, so that the compiler sees where a path ends.
 */

/** 404: there is no such thing, or the caller may not know of it. */
export const notFound = (): CalendarError =>
  new CalendarError(404, { domain: 'global', reason: 'notFound', message: 'Not Found' });

/** 400: a parameter or field has a value that it cannot have. `location` names it. */
export const invalid = (location: string, message = `Invalid value for ${location}.`): CalendarError =>
  new CalendarError(400, {
    domain: 'global',
    reason: 'invalid',
    message,
    locationType: 'parameter',
    location,
  });

/** 400: something that must be given is missing. */
export const required = (location: string, message = `Required: ${location}`): CalendarError =>
  new CalendarError(400, {
    domain: 'global',
    reason: 'required',
    message,
    locationType: 'parameter',
    location,
  });

/** 400 with one of the reasons that only Calendar has. */
export const refused = (reason: string, message: string): CalendarError =>
  new CalendarError(400, { domain: 'calendar', reason, message });

/** 400: an event or a query that ends before it starts. */
export const timeRangeEmpty = (location: string): CalendarError =>
  new CalendarError(400, {
    domain: 'calendar',
    reason: 'timeRangeEmpty',
    message: 'The specified time range is empty.',
    locationType: 'parameter',
    location,
  });

/** 401: nobody is signed in under that name. */
export const authError = (): CalendarError =>
  new CalendarError(401, {
    domain: 'global',
    reason: 'authError',
    message: 'Invalid Credentials',
    locationType: 'header',
    location: 'Authorization',
  });

/** 403: never allowed, whatever the role. */
export const forbidden = (message = 'Forbidden'): CalendarError =>
  new CalendarError(403, { domain: 'global', reason: 'forbidden', message });

/** 403: the caller sees the calendar, but the role does not suffice. */
export const requiredAccessLevel = (role: string): CalendarError =>
  new CalendarError(403, {
    domain: 'calendar',
    reason: 'requiredAccessLevel',
    message: `You need to have ${role} access to this calendar.`,
  });

/** 403: an invitee tried to change what belongs to all. */
export const forbiddenForNonOrganizer = (): CalendarError =>
  new CalendarError(403, {
    domain: 'calendar',
    reason: 'forbiddenForNonOrganizer',
    message: 'Shared properties can only be changed by the organizer of the event.',
  });

/** 409: the id is taken, if only by something deleted. */
export const duplicate = (): CalendarError =>
  new CalendarError(409, {
    domain: 'global',
    reason: 'duplicate',
    message: 'The requested identifier already exists.',
  });

/** 410: already deleted. */
export const alreadyDeleted = (): CalendarError =>
  new CalendarError(410, { domain: 'global', reason: 'deleted', message: 'Resource has been deleted' });

/** 410: the sync token no longer works; the client starts over. */
export const fullSyncRequired = (): CalendarError =>
  new CalendarError(410, {
    domain: 'calendar',
    reason: 'fullSyncRequired',
    message: 'Sync token is no longer valid, a full sync is required.',
    locationType: 'parameter',
    location: 'syncToken',
  });

/** 410: `updatedMin` reaches back further than deletions are remembered. */
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
