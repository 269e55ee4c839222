/** Times as people read them. Pure. */

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** A duration in its largest unit: `45 s`, `3 min`, `6 d`. */
export function span(ms: number): string {
  for (const [unit, size] of UNITS) {
    if (ms >= 2 * size || (unit === 'min' && ms >= size)) return `${String(Math.floor(ms / size))} ${unit}`;
  }
  return `${String(Math.max(0, Math.floor(ms / 1000)))} s`;
}

/** A moment, seen from `now` (both Unix ms): `3 min ago`, `in 6 d`; `never` where there is none. */
export function fromNow(at: number | undefined, now: number): string {
  if (at === undefined) return 'never';
  return at > now ? `in ${span(at - now)}` : `${span(now - at)} ago`;
}

/** ISO 8601, or null where there is none. */
export const iso = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString();
