/** Wall clocks of time zones, with nothing but Intl: a browser may lack Temporal. Days are texts such as `2026-11-30`. */

/** A point on a wall clock. A day has 1,440 minutes here, also where the zone skips or repeats an hour. */
export interface DayTime {
  readonly day: string;
  readonly minute: number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
export const DAY_MINUTES = 1_440;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    const numbers = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-US', {
      ...numbers,
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: zone,
    });
    formats.set(zone, format);
  }
  return format;
}

/** Returns what a wall clock in `zone` shows at an instant. */
export function dayTimeOf(ms: number, zone: string): DayTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    day: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

const asUtc = ({ day, minute }: DayTime): number => Date.parse(`${day}T00:00Z`) + minute * MINUTE;

/** Returns how far the wall clock of `zone` is ahead of UTC at an instant, in minutes. */
function offsetAt(ms: number, zone: string): number {
  return Math.round((asUtc(dayTimeOf(ms, zone)) - ms) / MINUTE);
}

/** Returns the instant at which the wall clock of `zone` shows this; a skipped time is moved on by the length of the gap. */
export function instantOf(time: DayTime, zone: string): number {
  const utc = asUtc(time);
  const before = utc - offsetAt(utc - DAY, zone) * MINUTE;
  if (asUtc(dayTimeOf(before, zone)) === utc) return before;
  const after = utc - offsetAt(utc + DAY, zone) * MINUTE;
  return asUtc(dayTimeOf(after, zone)) === utc ? after : before;
}

/** Returns an instant as the API takes it: `2026-11-30T09:00:00+01:00`. */
export function toRfc3339(ms: number, zone: string): string {
  const { day, minute } = dayTimeOf(ms, zone);
  const offset = offsetAt(ms, zone);
  return `${day}T${clockOf(minute)}:00${offset < 0 ? '-' : '+'}${clockOf(Math.abs(offset))}`;
}

/** Returns minutes as `09:30`. */
export function clockOf(minute: number): string {
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Returns the minutes of `09:30`, or NaN. */
export function minuteOf(clock: string): number {
  const [, hours, minutes] = /^(\d{2}):(\d{2})/.exec(clock) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

/** Returns the day that is `count` days later. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + count * DAY).toISOString().slice(0, 10);
}

/** Returns the number of days from `from` to `to`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / DAY);
}

/** Returns the Monday of the week that the day is in. */
export function mondayOf(day: string): string {
  return addDays(day, -((new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7));
}
