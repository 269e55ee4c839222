import { Temporal } from 'temporal-polyfill';

import { boundaryOf, instantOf } from '../calendar/event-times.ts';
import { dayText, localTime, periodText } from '../calendar/time-text.ts';
import type { Fields } from './differences.ts';
import { formatValue } from './phrases.ts';

/** Words for when an event takes place, in the reader's time zone. Pure. */

/** A start or an end in the reader's time zone. */
interface When {
  /** Unix ms; midnight in UTC for an all-day event. */
  readonly at: number;
  readonly day: string;
  /** Undefined for an all-day event. */
  readonly time?: string;
  /** With a leading space; empty for an all-day event. */
  readonly offset: string;
}

function dateOf(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return undefined;
  }
}

function whenOf(value: unknown, timeZone: string): When | undefined {
  const { date, dateTime } = boundaryOf(value);
  if (date !== undefined && dateTime === undefined) {
    const day = dateOf(date);
    if (day === undefined) return undefined;
    return { at: day.toZonedDateTime('UTC').epochMilliseconds, day: dayText(day), offset: '' };
  }
  const at = instantOf(value, timeZone);
  if (at === null) return undefined;
  const { day, time, offset } = localTime(at, timeZone);
  return { at, day, time, offset: ` ${offset}` };
}

const dayAndClock = ({ day, time }: When): string => (time === undefined ? day : `${day} ${time}`);

const fullText = (when: When): string => dayAndClock(when) + when.offset;

/** Formats two moments without repeating a day or an offset that both have. */
function pair(before: When, after: When): readonly [string, string] {
  const isOneDay = before.day === after.day && before.time !== undefined && after.time !== undefined;
  const text = (when: When): string => (isOneDay ? (when.time ?? '') : dayAndClock(when));
  const first = before.offset === after.offset ? text(before) : text(before) + before.offset;
  return [first, text(after) + after.offset];
}

const same = (a: When | undefined, b: When | undefined): boolean =>
  a?.at === b?.at && a?.offset === b?.offset;

const DAY_MS = 86_400_000;

/** Formats a period. An all-day event ends on the day before its `end.date`. */
function period(start: When, end: When | undefined, timeZone: string): string {
  if (end === undefined || same(start, end)) return fullText(start);
  if (start.time !== undefined) {
    return end.time === undefined
      ? `${fullText(start)}–${fullText(end)}`
      : `${start.day} ${periodText(start.at, end.at, timeZone)}`;
  }
  const last = end.at - DAY_MS;
  return last <= start.at ? start.day : `${start.day} to ${localTime(last, 'UTC').day}`;
}

/** Describes a changed time zone: an event may change it without being moved. */
function formatZone(before: unknown, after: unknown): readonly string[] {
  const [was, is] = [before, after].map((value) => boundaryOf(value).timeZone);
  return was === is || is === undefined ? [] : [`time zone now ${formatValue(is)}`];
}

/** Describes a changed start or end. `timeZone` is the reader's. */
export function timePhrases(before: Fields, after: Fields, timeZone: string): readonly string[] {
  const [from, fromEnd, to, toEnd] = [before['start'], before['end'], after['start'], after['end']].map(
    (value) => whenOf(value, timeZone),
  );
  if (to === undefined) return [];
  if (from === undefined) return [period(to, toEnd, timeZone)];
  if (same(from, to)) {
    if (same(fromEnd, toEnd) || fromEnd === undefined || toEnd === undefined) {
      return formatZone(before['start'], after['start']);
    }
    if (from.time === undefined) {
      return [`now ${period(to, toEnd, timeZone)} (was ${period(from, fromEnd, timeZone)})`];
    }
    const [was, is] = pair(fromEnd, toEnd);
    return [`now ends at ${is} (was ${was})`];
  }
  if (from.time === undefined && to.time !== undefined) {
    return [`now ${period(to, toEnd, timeZone)} (was all day)`];
  }
  if (from.time !== undefined && to.time === undefined) {
    return [`now all day ${period(to, toEnd, timeZone)} (was ${fullText(from)})`];
  }
  const [was, is] = pair(from, to);
  const moved = `moved from ${was} to ${is}`;
  if (to.time === undefined || toEnd === undefined || fromEnd === undefined) return [moved];
  const isAsLong = toEnd.at - to.at === fromEnd.at - from.at;
  return [isAsLong ? moved : `${moved}, now until ${pair(to, toEnd)[1]}`];
}

/** Describes a single time: `Tue 2030-01-01 10:00 +01:00`; undefined if it is invalid. */
export function momentPhrase(value: unknown, timeZone: string): string | undefined {
  const when = whenOf(value, timeZone);
  return when && fullText(when);
}
