/**
 * The calls that one run of renew may cause. Runs start a minute apart, so that even two of them in one minute leave room in Google's
 * quotas, 600 calls a minute for a user and 10,000 for the project, to the syncs that pushes cause.
 * @see https://developers.google.com/workspace/calendar/api/guides/quota
 */
const SHARE = { user: 200, project: 4_000 } as const;

/** Returns the account of one run. */
export function createPace() {
  const used = new Map<string, number>();
  let total = 0;
  return {
    /** Returns whether the run may make more calls at all. */
    hasRoom: (): boolean => total < SHARE.project,
    /** Returns whether the run may make more calls for a user. */
    hasRoomFor: (user: string): boolean => (used.get(user) ?? 0) < SHARE.user,
    /** Records calls for a user. */
    charge: (user: string, calls: number): void => {
      total += calls;
      used.set(user, (used.get(user) ?? 0) + calls);
    },
  };
}
