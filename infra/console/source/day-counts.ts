/** Changes of each watch in the last 24 hours. Pure: times are given. */
const HOUR = 3_600_000;
const HOURS = 24;

/** Returns empty counts. Changes count by the hour, so that thousands of watches cost little. */
export function createDayCounts() {
  const byHour = new Map<number, Map<string, number>>();

  return {
    /** Counts a change that arrived at a time. */
    add(watchId: string, at: number): void {
      const hour = Math.floor(at / HOUR);
      const counts = byHour.get(hour) ?? new Map<string, number>();
      byHour.set(hour, counts);
      counts.set(watchId, (counts.get(watchId) ?? 0) + 1);
    },
    /** Forgets the hours that are more than a day ago. Returns whether there were any. */
    expire(now: number): boolean {
      const old = [...byHour.keys()].filter((hour) => hour <= Math.floor(now / HOUR) - HOURS);
      for (const hour of old) byHour.delete(hour);
      return old.length > 0;
    },
    /** Returns the changes of each watch that has any. */
    all(): Readonly<Record<string, number>> {
      const sums = new Map<string, number>();
      for (const counts of byHour.values())
        for (const [watchId, count] of counts) sums.set(watchId, (sums.get(watchId) ?? 0) + count);
      return Object.fromEntries(sums);
    },
  };
}
