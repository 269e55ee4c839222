import * as z from 'zod';

/**
 * What Google's refusals mean ("Handle API errors"). Callers match on `kind`; `reason` is Google's own word
 * for it, or ours where the credentials are at fault, and then `detail` says what to do. Both go into the watch's status.
 */
export type Problem =
  /** 410: the sync token or page token is dead, a full sync is required. */
  | { readonly kind: 'fullSyncRequired'; readonly reason: string }
  /** Rate limits, 5xx, network: the same call may succeed later. `notDone` when the call surely had no effect. */
  | { readonly kind: 'temporary'; readonly reason: string; readonly notDone: boolean }
  /** 401, `invalid_grant`, 403 without access: until somebody grants access, nothing will help. */
  | { readonly kind: 'refused'; readonly reason: string; readonly detail?: string }
  /** 404: the calendar does not exist, or not for this user. */
  | { readonly kind: 'notFound'; readonly reason: string }
  /** 400 and the rest: the request itself is wrong. */
  | { readonly kind: 'invalid'; readonly reason: string; readonly detail?: string };

export type Answer<T> = (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }
) & {
  /** What the tries before the last were answered. */
  readonly earlier?: readonly Problem[];
};

/** There are no credentials for a call, which therefore was not made. It tells why, and nothing of any secret. */
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

const googleBody = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string() })).min(1) }),
});
const tokenBody = z.object({ error: z.string() });

/** Reasons of a 403 that are quotas and not missing rights. */
const LIMITS = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
  'calendarUsageLimitsExceeded',
  'variableTermLimitExceeded',
]);

/** Whether Google has refused a call for want of quota. */
export const isOverQuota = ({ kind, reason }: Problem): boolean =>
  kind === 'temporary' && (LIMITS.has(reason) || reason === 'http429');

function reasonOf(data: unknown, fallback: string): string {
  const google = googleBody.safeParse(data);
  if (google.success) return google.data.error.errors[0]?.reason ?? fallback;
  const token = tokenBody.safeParse(data);
  return token.success ? token.data.error : fallback;
}

/**
 * Sorts anything that a call to Google threw. Errors that have neither an HTTP status nor a network code
 * are not Google's answer but a fault of this program, and are thrown again.
 */
export function classify(error: unknown): Problem {
  if (error instanceof CredentialsError) return error.problem;
  const parsed = failure.safeParse(error);
  if (!parsed.success) throw error;
  const { code, response, message } = parsed.data;
  const status = response?.status ?? parsed.data.status;
  const aborted = error instanceof Error && /^(AbortError|TimeoutError)$/.test(error.name);
  if (status === undefined) {
    if (message.includes('invalid_grant')) return { kind: 'refused', reason: 'invalid_grant' };
    if (typeof code === 'string' || aborted) {
      return { kind: 'temporary', reason: 'network', notDone: code === 'ECONNREFUSED' };
    }
    throw error;
  }
  const reason = reasonOf(
    response?.data,
    message.includes('invalid_grant') ? 'invalid_grant' : `http${String(status)}`,
  );
  return byStatus(status, reason);
}

/** Whether Google answered that it does not take the access token (401), be it expired or revoked; the call had no effect. */
export function isTokenRejected(error: unknown): boolean {
  const parsed = failure.safeParse(error);
  if (!parsed.success || parsed.data.response?.status !== 401) return false;
  // The same status says that a channel's address is not ours.
  return !reasonOf(parsed.data.response.data, '').startsWith('push.');
}

function byStatus(status: number, reason: string): Problem {
  if (reason === 'invalid_grant') return { kind: 'refused', reason };
  switch (status) {
    case 410:
      return { kind: 'fullSyncRequired', reason };
    case 404:
      return { kind: 'notFound', reason };
    case 401:
      return { kind: 'refused', reason };
    case 403:
      return LIMITS.has(reason) ? { kind: 'temporary', reason, notDone: true } : { kind: 'refused', reason };
    case 429:
      return { kind: 'temporary', reason, notDone: true };
    case 408:
    case 409:
    case 412:
      return { kind: 'temporary', reason, notDone: false };
    default:
      return status >= 500 || status < 400
        ? { kind: 'temporary', reason, notDone: false }
        : { kind: 'invalid', reason };
  }
}
