import type { Chrono, ParsedComponents, ParsedResult } from 'chrono-node';
import type { Zone } from '../../../functions/calendar/zone.ts';

/** What a text is read against. Local times are those of the calendar's time zone. */
export interface QuickContext {
  readonly now: number;
  readonly zone: Zone;
  /** The first day of the week, 0 for Sunday. */
  readonly weekStart: number;
  /** Length of an event without an end. */
  readonly defaultMinutes: number;
}

/** A piece of the text that names a time. */
export interface Piece {
  readonly index: number;
  readonly length: number;
}

/** When an event takes place, in Unix ms. An all-day event has local midnights as they would be in UTC; its end is exclusive. */
export interface When {
  readonly allDay: boolean;
  readonly start: number;
  readonly end: number;
  readonly pieces: readonly Piece[];
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Local dates from 1 January 1000 to 30 December 9999: four digits, with room for the end of the day. */
const FIRST = Date.UTC(1000, 0, 1);
const LAST = Date.UTC(9999, 11, 30);

const minutesIn: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };

/** "2 hours", "half an hour", "1.5h", "1h30", "1 hour and 30 minutes". */
const HOW_MUCH = String.raw`(\d{1,4}(?:\.\d{1,2})?|an?|half\s+an)\s*(min[a-z]*|m|hour[a-z]*|hrs?|h|day[a-z]*)(?:(\d{2})|\s*(?:and\s+)?(\d{1,2})\s*(?:min[a-z]*|m))?`;
/** Moments from now are exact, across a change of the clocks too, and so are not left to the parser of local times. */
const FROM_NOW = new RegExp(String.raw`\bin\s+${HOW_MUCH}\b`, 'i');
const LENGTH = new RegExp(String.raw`\bfor\s+${HOW_MUCH}\b`, 'i');

/** The parser knows "from 3pm to 4pm" alone. */
const BETWEEN = /\bbetween(\s+\d{1,2}(?::\d\d)?\s*(?:[ap]m)?\s)and(?=\s+\d)/i;
const ALL_DAY = /\ball[\s-]day\b/i;

/** Parts of a day that have no hour of their own: "tonight". */
const PART_OF_DAY = /^casualReference\/(?:morning|noon|afternoon|evening|tonight|midnight)$/;

/** Returns when the text says that an event takes place; undefined if it does not say so in words that can be read. */
export function readWhen(chrono: Chrono, text: string, context: QuickContext): When | undefined {
  const length = amountOf(LENGTH.exec(text));
  const fromNow = amountOf(FROM_NOW.exec(text));
  if (fromNow && fromNow.minutes % 1440 !== 0) {
    const start = Math.floor(context.now / MINUTE) * MINUTE + fromNow.minutes * MINUTE;
    const end = start + (length?.minutes ?? context.defaultMinutes) * MINUTE;
    return { allDay: false, start, end, pieces: length ? [fromNow, length] : [fromNow] };
  }
  // Blanks instead of the length keep the positions of all other words.
  const rest = length
    ? text.slice(0, length.index) + ' '.repeat(length.length) + text.slice(length.index + length.length)
    : text;
  const found = parse(
    chrono,
    rest.replace(BETWEEN, (_, first: string) => `from   ${first}to `),
    context,
  );
  const when = found && spanOf(found, length?.minutes, context);
  if (!when || when.start < FIRST || when.end > LAST) return undefined;
  const allDay = when.allDay ? ALL_DAY.exec(text) : null;
  const others = [length, allDay && { index: allDay.index, length: allDay[0].length }];
  return {
    ...when,
    pieces: [...found.pieces, ...others.filter((piece) => piece !== undefined && piece !== null)],
  };
}

function amountOf(match: RegExpExecArray | null): (Piece & { readonly minutes: number }) | undefined {
  const [all, count = '', unit = '', attached, apart] = match ?? [];
  if (!match || all === undefined) return undefined;
  const each = minutesIn[unit.charAt(0).toLowerCase()] ?? 1;
  const amount = /^\d/.test(count) ? Number(count) : /half/i.test(count) ? 0.5 : 1;
  const minutes = Math.round(amount * each) + Number(attached ?? apart ?? 0);
  return minutes > 0 ? { index: match.index, length: all.length, minutes } : undefined;
}

interface Found {
  /** The words that name the day; absent if only a time is named, which is today's. */
  readonly day: ParsedResult | undefined;
  readonly time: ParsedResult | undefined;
  readonly pieces: readonly Piece[];
}

/** Finds the first day in the text and, if it has no time, the first time elsewhere: "Lunch tomorrow with Ada at 12pm". */
function parse(chrono: Chrono, text: string, { now, zone }: QuickContext): Found | undefined {
  const local = new Date(now + zone.offsetAt(now));
  // Noon of the day, which no time zone skips: so the reading does not depend on the time zone of this process.
  const instant = new Date(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate(), 12);
  const results = chrono
    .parse(text, { instant, timezone: -instant.getTimezoneOffset() })
    .filter(
      ({ start }) =>
        !['result/relativeDateAndTime', 'casualReference/now'].some((tag) => start.tags().has(tag)),
    );
  const day = results.find(({ start }) => start.isCertain('day') || start.isCertain('weekday'));
  const time =
    day && isTimed(day.start) ? undefined : results.find(({ start }) => isTimed(start) && isToday(start));
  if (!day && !time) return undefined;
  const used = [day, time].filter((result) => result !== undefined);
  return { day, time, pieces: used.map((result) => pieceOf(result, text)) };
}

/** Returns the place of a result. Of "every Monday at 9am" the title keeps the day: it says how often. */
function pieceOf({ index, text: words }: ParsedResult, text: string): Piece {
  const kept = /\bevery\s+$/i.test(text.slice(0, index)) ? (/^\S+/.exec(words)?.[0].length ?? 0) : 0;
  return { index: index + kept, length: words.length - kept };
}

const isTimed = (part: ParsedComponents): boolean =>
  part.isCertain('hour') || [...part.tags()].some((tag) => PART_OF_DAY.test(tag));

const isToday = (part: ParsedComponents): boolean =>
  !(['day', 'weekday', 'month', 'year'] as const).some((name) => part.isCertain(name));

function spanOf(
  { day, time }: Found,
  minutes: number | undefined,
  context: QuickContext,
): Omit<When, 'pieces'> | undefined {
  const { zone, now, defaultMinutes } = context;
  const today = startOfDay(now + zone.offsetAt(now));
  const first = day ? dayOf(day.start, day.text, today, context) : today;
  const said = day?.end ? dayOf(day.end, day.text, first, context) : first;
  // "Friday to Sunday" ends in the next week if that starts on Sunday.
  const last = said < first ? said + 7 * DAY : said;
  const from = time?.start ?? day?.start;
  const until = time?.end ?? day?.end;
  if (!from || Number.isNaN(first) || Number.isNaN(last)) return undefined;
  if (!isTimed(from) && !(until && isTimed(until))) {
    const days = minutes && minutes >= 1440 ? Math.ceil(minutes / 1440) : 1;
    return { allDay: true, start: first, end: day?.end && last > first ? last + DAY : first + days * DAY };
  }
  const start = momentOf(first, from, zone);
  const length = (minutes ?? defaultMinutes) * MINUTE;
  if (!until || minutes !== undefined) return { allDay: false, start, end: start + length };
  const end = momentOf(last, until, zone);
  if (end > start) return { allDay: false, start, end };
  // "10pm-2am" ends the next day.
  const nextDay = momentOf(last + DAY, until, zone);
  return { allDay: false, start, end: nextDay > start ? nextDay : start + length };
}

const startOfDay = (local: number): number => Math.floor(local / DAY) * DAY;

/** Returns a local day. `from` is the earliest that a date without a year can mean. */
function dayOf(part: ParsedComponents, words: string, from: number, { weekStart }: QuickContext): number {
  const [year, month, day] = [part.get('year'), part.get('month'), part.get('day')];
  if (year === null || month === null || day === null) return Number.NaN;
  if (
    part.isCertain('weekday') &&
    !part.isCertain('day') &&
    !/\b(?:this|next|last|past|week)\b/i.test(words)
  ) {
    const wanted = part.get('weekday') ?? 0;
    const week = from - ((new Date(from).getUTCDay() - weekStart + 7) % 7) * DAY;
    return week + ((wanted - weekStart + 7) % 7) * DAY;
  }
  const date = Date.UTC(year, month - 1, day);
  if (part.isCertain('year') || !part.isCertain('month') || date >= from) return date;
  return Date.UTC(year + 1, month - 1, day);
}

/** Returns the moment of a time on a local day, in the time zone that the text names or the calendar's. */
function momentOf(day: number, part: ParsedComponents, zone: Zone): number {
  const [hour, minute, second] = [part.get('hour') ?? 12, part.get('minute') ?? 0, part.get('second') ?? 0];
  const local = day + ((hour * 60 + minute) * 60 + second) * 1000;
  const offset = part.isCertain('timezoneOffset') ? part.get('timezoneOffset') : null;
  return offset === null ? zone.momentOf(local) : local - offset * MINUTE;
}
