/**
 * Quotas per minute in a sliding window, see https://developers.google.com/workspace/calendar/api/guides/quota: per user, and for
 * the whole project. Google documents both 403 and 429 as the response, so both occur.
 */
import { googleError } from '../protocol/google-errors.ts';
import { CalendarError } from '../protocol/http.ts';
import type { Clock } from '../state/clock.ts';
import type { Random } from '../state/random.ts';

export interface QuotaOptions {
  /** Requests per minute of one user (or one `quotaUser`). Google's default: 600. */
  readonly perUserPerMinute?: number;
  /** Requests per minute of all users together. Google's default: 10,000. */
  readonly perProjectPerMinute?: number;
  /** Which of the two documented responses to send. */
  readonly status?: 403 | 429 | 'random';
}

const WINDOW_MS = 60_000;
const MAX_QUOTA_USER_LENGTH = 40;

export type Quota = ReturnType<typeof createQuota>;

/** Returns the counters. A rejected request is not charged, so a client is served again as soon as the window has room. */
export function createQuota(options: QuotaOptions | 'off', clock: Clock, random: Random) {
  const used = new Map<string, number[]>();
  let project: number[] = [];

  function recent(times: readonly number[]): number[] {
    const from = clock.now() - WINDOW_MS;
    const first = times.findIndex((time) => time > from);
    return first < 0 ? [] : times.slice(first);
  }

  return {
    /**
     * Charges a request to `quotaUser`, or to `user` if that is null.
     * @throws CalendarError 403 `userRateLimitExceeded`, 403 or 429 `rateLimitExceeded`, or 400 for a `quotaUser` over 40
     *   characters
     */
    charge(user: string, quotaUser: string | null): void {
      if (quotaUser !== null && quotaUser.length > MAX_QUOTA_USER_LENGTH) throw quotaUserTooLong();
      if (options === 'off') return;
      const key = quotaUser ?? user;
      const mine = recent(used.get(key) ?? []);
      project = recent(project);
      used.set(key, mine);
      const status =
        options.status === undefined || options.status === 'random' ? pick(random) : options.status;
      if (project.length >= (options.perProjectPerMinute ?? 10_000))
        throw googleError(status, 'rateLimitExceeded');
      if (mine.length >= (options.perUserPerMinute ?? 600)) {
        throw googleError(status, status === 429 ? 'rateLimitExceeded' : 'userRateLimitExceeded');
      }
      mine.push(clock.now());
      project.push(clock.now());
    },
    reset(): void {
      used.clear();
      project = [];
    },
  };
}

function pick(random: Random): 403 | 429 {
  return random() < 0.5 ? 403 : 429;
}

function quotaUserTooLong(): CalendarError {
  return new CalendarError(400, {
    domain: 'global',
    reason: 'invalidParameter',
    message: `quotaUser must not exceed ${MAX_QUOTA_USER_LENGTH} characters.`,
    locationType: 'parameter',
    location: 'quotaUser',
  });
}
