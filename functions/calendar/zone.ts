import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';

/** Time zones by name: IANA's, and offsets such as `GMT+02:00`, which Google returns as well. */

/** A time zone. Local times are represented by the Unix ms that they would be in UTC. */
export interface Zone {
  /** The zone's name in `Temporal` and `Intl`. */
  readonly id: string;
  /** Returns the offset from UTC at a moment (Unix ms), in ms. */
  readonly offsetAt: (at: number) => number;
  /**
   * Returns the moment (Unix ms) of a local time. A skipped time is later by as much as the clocks skip; a repeated time is the
   * first one.
   */
  readonly momentOf: (local: number) => number;
}

const DAY = 86_400_000;

/** Offsets are looked up at the edges of these spans. No zone changes its offset and back within one. */
const SPAN = 7 * DAY;
/** Limits the cache to a thousand years. */
const MAX_SPANS = 52_000;

const fixed = (id: string, offset: number): Zone => ({
  id,
  offsetAt: () => offset,
  momentOf: (local) => local - offset,
});

function named(id: string): Zone {
  /** Offsets at the start of spans: `Temporal` takes about 10 µs for each. */
  const known = new Map<number, number>();
  const lookUp = (at: number): number =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(id).offsetNanoseconds / 1_000_000;
  const atSpan = (span: number): number => {
    const found = known.get(span);
    if (found !== undefined) return found;
    if (known.size >= MAX_SPANS) known.clear();
    const offset = lookUp(span * SPAN);
    known.set(span, offset);
    return offset;
  };
  const offsetAt = (at: number): number => {
    const span = Math.floor(at / SPAN);
    const before = atSpan(span);
    return before === atSpan(span + 1) ? before : lookUp(Math.floor(at));
  };
  const momentOf = (local: number): number => {
    const before = offsetAt(local - DAY);
    const after = offsetAt(local + DAY);
    if (before === after || offsetAt(local - before) === before) return local - before;
    return offsetAt(local - after) === after ? local - after : local - before;
  };
  return { id, offsetAt, momentOf };
}

const OFFSET = /^(?:GMT|UTC)?([+-])(\d\d?)(?::?([0-5]\d))?$/i;

/** Parses `GMT+02:00`, `UTC-5` or `+0530`. Positive is east of Greenwich, unlike in `Etc/GMT-2`. */
function byOffset(name: string): Zone | undefined {
  const [, sign, hours = '', minutes = '00'] = OFFSET.exec(name) ?? [];
  if (sign === undefined || Number(hours) > 23) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return fixed(`${sign}${hours.padStart(2, '0')}:${minutes}`, sign === '-' ? -offset : offset);
}

function byName(name: string): Zone | undefined {
  try {
    const { timeZoneId } = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return timeZoneId === 'UTC' ? UTC : named(timeZoneId);
  } catch {
    return undefined;
  }
}

export const UTC: Zone = fixed('UTC', 0);

/** Zones by name. Names come from other people's events, so their number and length are limited. */
const zones = new LRUCache<string, { readonly zone: Zone | undefined }>({
  max: 1000,
  memoMethod: (name) => ({ zone: byOffset(name) ?? byName(name) }),
});
const LONGEST_NAME = 100;

/** Returns the time zone of that name; undefined if this runtime does not know it. */
export const readZone = (name: string): Zone | undefined =>
  name.length > LONGEST_NAME ? undefined : zones.memo(name).zone;
