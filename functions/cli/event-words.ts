import * as z from 'zod';

import { printable } from './terminal.ts';

/** What changes in events most, in words: when they are, and who comes. Pure. */

type Fields = Readonly<Record<string, unknown>>;

const LONGEST = 60;

/** A value as part of a line. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const fit = printable(text);
  return fit.length > LONGEST ? `${fit.slice(0, LONGEST - 1)}…` : fit;
}

/** An event's title, or that it has none that can be seen. */
export function eventName({ summary }: Fields, itemId: string): string {
  const isNamed = typeof summary === 'string' && summary !== '';
  return isNamed ? `“${shown(summary)}”` : `(untitled ${printable(itemId)})`;
}

/** A day, a time if it is not the whole day, and the offset of the zone that these are in. */
interface When {
  readonly day: string;
  readonly time: string | undefined;
  readonly offset: string;
}

const boundary = z.object({ date: z.string().optional(), dateTime: z.string().optional() });

function whenOf(value: unknown): When | undefined {
  const { date, dateTime } = boundary.safeParse(value).data ?? {};
  if (date !== undefined) return { day: printable(date), time: undefined, offset: '' };
  const [, day, time, offset = ''] =
    /^(\d{4,}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i.exec(dateTime ?? '') ?? [];
  return day === undefined || time === undefined ? undefined : { day, time, offset };
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function dayText(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? day : `${WEEKDAYS[at.getUTCDay()] ?? ''} ${day}`;
}

const whole = ({ day, time }: When): string =>
  time === undefined ? dayText(day) : `${dayText(day)} ${time}`;

/** Two moments, as short as they can be told apart. */
function pair(before: When, after: When): readonly [string, string] {
  if (before.time === undefined || after.time === undefined || before.day !== after.day) {
    return [whole(before), whole(after)];
  }
  return before.offset === after.offset
    ? [before.time, after.time]
    : [before.time + before.offset, after.time + after.offset];
}

const same = (a: When | undefined, b: When | undefined): boolean =>
  a?.day === b?.day && a?.time === b?.time && a?.offset === b?.offset;

/** Minutes from one to the other, by the clock on the wall. */
function minutes(from: When | undefined, to: When | undefined): number {
  const at = (when: When | undefined): number =>
    when === undefined ? Number.NaN : Date.parse(`${when.day}T${when.time ?? '00:00'}:00Z`);
  return (at(to) - at(from)) / 60_000;
}

/** The day after an all-day event is its end: what people mean is the day before that. */
function lastDay({ day }: When): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : new Date(at - 86_400_000).toISOString().slice(0, 10);
}

function periodText(start: When, end: When | undefined): string {
  if (end === undefined || same(start, end)) return whole(start);
  if (start.time === undefined) {
    const last = lastDay(end);
    return last <= start.day ? dayText(start.day) : `${dayText(start.day)} to ${dayText(last)}`;
  }
  return `${whole(start)}–${start.day === end.day && end.time !== undefined ? end.time : whole(end)}`;
}

/** When an event is now, if it is not when it was: moved, longer, or shorter. */
export function timeWords(before: Fields, after: Fields): readonly string[] {
  const [from, to] = [whenOf(before['start']), whenOf(after['start'])];
  const [fromEnd, toEnd] = [whenOf(before['end']), whenOf(after['end'])];
  if (to === undefined) return [];
  if (from === undefined) return [periodText(to, toEnd)];
  if (same(from, to)) {
    if (same(fromEnd, toEnd) || fromEnd === undefined || toEnd === undefined) return [];
    const [was, is] = pair(fromEnd, toEnd);
    return from.time === undefined
      ? [`now ${periodText(to, toEnd)} (was ${periodText(from, fromEnd)})`]
      : [`now ends at ${is} (was ${was})`];
  }
  if (from.time === undefined && to.time !== undefined) return [`now ${periodText(to, toEnd)} (was all day)`];
  if (from.time !== undefined && to.time === undefined)
    return [`now all day ${periodText(to, toEnd)} (was ${whole(from)})`];
  const [was, is] = pair(from, to);
  const length = minutes(to, toEnd);
  const isLonger = length !== minutes(from, fromEnd) && toEnd !== undefined && to.time !== undefined;
  return [`moved from ${was} to ${is}${isLonger ? `, now until ${pair(to, toEnd)[1]}` : ''}`];
}

const attendees = z.array(
  z.object({ email: z.string().optional(), responseStatus: z.string().optional() }).catch({}),
);

/** Who an event has, by address; the first 100, which is more than anybody reads. */
function guests(value: unknown): ReadonlyMap<string, string> {
  const parsed = attendees.safeParse(value);
  const known = new Map<string, string>();
  for (const { email, responseStatus = '' } of (parsed.data ?? []).slice(0, 100)) {
    if (email !== undefined) known.set(printable(email), responseStatus);
  }
  return known;
}

const ANSWERS: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  declined: 'declined',
  tentative: 'answered maybe',
  needsAction: 'took the answer back',
};

const MOST = 3;

const some = (names: readonly string[], did: string): readonly string[] => {
  const more = names.length - MOST;
  const listed = names.slice(0, MOST).join(' and ');
  return names.length === 0 ? [] : [`${listed}${more > 0 ? ` and ${String(more)} more` : ''} ${did}`];
};

/** Who was invited, who is no longer, and who answered what. */
export function attendeeWords(before: unknown, after: unknown): readonly string[] {
  const [was, is] = [guests(before), guests(after)];
  const answered = Object.entries(ANSWERS).flatMap(([status, did]) =>
    some(
      [...is].flatMap(([email, now]) =>
        now === status && was.has(email) && was.get(email) !== now ? [email] : [],
      ),
      did,
    ),
  );
  return [
    ...some(
      [...is.keys()].filter((email) => !was.has(email)),
      'invited',
    ),
    ...some(
      [...was.keys()].filter((email) => !is.has(email)),
      'no longer invited',
    ),
    ...answered,
  ];
}
