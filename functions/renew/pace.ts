/**
 * The calls that one run of renew may cause. Runs start a minute apart, so that even two of them in one minute leave room in Google's
 * quotas, 600 calls a minute for a user and 10,000 for the project, to the syncs that pushes cause.
 * @see https://developers.google.com/workspace/calendar/api/guides/quota
 */
const SHARE = { user: 200, project: 4_000 } as const;

export interface Pace {
  /** Returns whether the run may make more calls at all. */
  readonly hasRoom: () => boolean;
  /** Returns whether the run may make more calls for a user. */
  readonly hasRoomFor: (user: string) => boolean;
  /** Records calls for a user. */
  readonly charge: (user: string, calls: number) => void;
}

/** Returns the pace of one run. */
export function createPace(): Pace {
  const used = new Map<string, number>();
  let total = 0;
  return {
    hasRoom: () => total < SHARE.project,
    hasRoomFor: (user) => (used.get(user) ?? 0) < SHARE.user,
    charge: (user, calls) => {
      total += calls;
      used.set(user, (used.get(user) ?? 0) + calls);
    },
  };
}
