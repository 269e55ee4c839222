import * as z from 'zod';

import { adviceText, enableApi } from './advice.ts';

/**
 * Why a call failed. Callers match on `kind`. `reason` is Google's, or ours for failures of credentials, where `detail` says what
 * to do. Both are written to the watch's status.
 * @see https://developers.google.com/workspace/calendar/api/guides/errors
 */
export type Problem =
  /** 410: the sync token or page token has become invalid; a full sync is required. */
  | { readonly kind: 'fullSyncRequired'; readonly reason: string }
  /** Rate limits, 5xx, network: the same call may succeed later. `notApplied` if it certainly had no effect. */
  | { readonly kind: 'temporary'; readonly reason: string; readonly notApplied: boolean }
  /** 401, `invalid_grant`, 403 without access: lasts until access is granted. */
  | { readonly kind: 'accessDenied'; readonly reason: string; readonly detail?: string }
  /** 404: the calendar does not exist, or not for this user. */
  | { readonly kind: 'notFound'; readonly reason: string }
  /** 400 and the rest: the request itself is invalid. */
  | { readonly kind: 'invalid'; readonly reason: string; readonly detail?: string };

export type Answer<T> = (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }
) & {
  /** The failures of the attempts before the last. */
  readonly failedAttempts?: readonly Problem[];
};

/** Thrown if there are no credentials for a call, which was not made. Contains no secret. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`no credentials: ${problem.reason}`);
    this.problem = problem;
  }
}

const failure = z.object({
  status: z.number().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  message: z.string(),
  response: z.object({ status: z.number().optional(), data: z.unknown() }).optional(),
});

/** Google's reason in the body of a response: of the Calendar API, or of the token endpoint. */
const reasonSchema = z.union([
  z
    .object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })).min(1) }) })
    .transform(({ error }) => error.errors[0]?.reason),
  z.object({ error: z.string() }).transform(({ error }) => error),
]);

/** Reasons of a 403 that mean a quota and not missing access. */
const LIMITS = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
  'calendarUsageLimitsExceeded',
  'variableTermLimitExceeded',
]);

/** Returns whether Google rejected a call due to rate limits. */
export const isOverQuota = ({ kind, reason }: Problem): boolean =>
  kind === 'temporary' && (LIMITS.has(reason) || reason === 'http429');

const reasonOf = (data: unknown, fallback: string): string => reasonSchema.safeParse(data).data ?? fallback;

/**
 * Classifies an error that a call to Google threw. One with neither an HTTP status nor a network code is a bug in this program, and
 * is rethrown.
 */
export function classify(error: unknown): Problem {
  if (error instanceof CredentialsError) return error.problem;
  const parsed = failure.safeParse(error);
  if (!parsed.success) throw error;
  const { code, response, message } = parsed.data;
  const status = response?.status ?? parsed.data.status;
  const aborted = error instanceof Error && /^(AbortError|TimeoutError)$/.test(error.name);
  if (status === undefined) {
    if (message.includes('invalid_grant')) return { kind: 'accessDenied', reason: 'invalid_grant' };
    if (typeof code === 'string' || aborted) {
      return { kind: 'temporary', reason: 'network', notApplied: code === 'ECONNREFUSED' };
    }
    throw error;
  }
  const reason = reasonOf(
    response?.data,
    message.includes('invalid_grant') ? 'invalid_grant' : `http${String(status)}`,
  );
  const problem = byStatus(status, reason);
  // Only the project number is kept: the rest of the message may name people and calendars.
  const [, project] = /\bproject (\d{6,20})\b/.exec(message) ?? [];
  return problem.kind === 'accessDenied' && reason === 'accessNotConfigured' && project !== undefined
    ? { ...problem, detail: adviceText(enableApi(project)) }
    : problem;
}

/** Returns whether Google rejected the access token (401), which may be expired or revoked. The call had no effect. */
export function isTokenRejected(error: unknown): boolean {
  const parsed = failure.safeParse(error);
  if (!parsed.success || parsed.data.response?.status !== 401) return false;
  // A channel address on an unverified domain yields the same status.
  return !reasonOf(parsed.data.response.data, '').startsWith('push.');
}

/** Kinds of problems by status; any other 4xx is about the request. */
const KINDS: Readonly<Record<number, 'accessDenied' | 'notFound' | 'fullSyncRequired'>> = {
  401: 'accessDenied',
  403: 'accessDenied',
  404: 'notFound',
  410: 'fullSyncRequired',
};

function byStatus(status: number, reason: string): Problem {
  if (reason === 'invalid_grant') return { kind: 'accessDenied', reason };
  const isLimit = status === 429 || (status === 403 && LIMITS.has(reason));
  if (isLimit || status >= 500 || status < 400 || [408, 409, 412].includes(status)) {
    return { kind: 'temporary', reason, notApplied: isLimit };
  }
  return { kind: KINDS[status] ?? 'invalid', reason };
}
