/** Times in words. */
const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** Returns a duration in its largest unit, such as `4 s`. */
export function spanOf(ms: number): string {
  const [size, unit] = UNITS.find(([least]) => ms >= least) ?? [1_000, 's'];
  return `${String(Math.floor(ms / size))} ${unit}`;
}

/** Returns how long ago something was, or will be. */
export const ageOf = (at: number, now: number): string =>
  at > now + 1_000 ? `in ${spanOf(at - now)}` : `${spanOf(Math.max(0, now - at))} ago`;

const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** Returns the time of day. */
export const clockOf = (at: number): string => CLOCK.format(at);

/** Returns the time of day, with the date if that is not today. */
export const momentOf = (at: number, now: number): string =>
  DATE.format(at) === DATE.format(now) ? clockOf(at) : `${DATE.format(at)}, ${clockOf(at)}`;
