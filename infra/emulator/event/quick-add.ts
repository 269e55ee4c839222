import type { Chrono } from 'chrono-node';
import { readZone, UTC } from '../../../functions/calendar/zone.ts';
import type { EventDateTime } from '../state/event-fields.ts';
import type { Store } from '../state/store.ts';
import type { Access } from '../state/access.ts';
import { withMoreDays } from './quick-days.ts';
import { type Piece, type QuickContext, readWhen } from './quick-when.ts';

/** The fields of the event that a text describes. */
export interface QuickEvent {
  readonly summary: string;
  readonly location?: string;
  readonly start: EventDateTime;
  readonly end: EventDateTime;
}

const HOUR = 3_600_000;

/** Returns the parsers of English dates, by the order of day and month in `3/4`. Loaded on first use: few programs need them. */
export async function loadParsers(): Promise<{ readonly dayFirst: Chrono; readonly monthFirst: Chrono }> {
  const { GB, casual } = await import('chrono-node/en');
  return { dayFirst: withMoreDays(GB), monthFirst: withMoreDays(casual) };
}

/**
 * Reads an event from English text, in the calendar's time zone and with the user's settings (`weekStart`, `dateFieldOrder`,
 * `defaultEventLength`). Google does not document its reading beyond
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/quickAdd; users have seen that a weekday is one of the
 * current week, even if it is over (https://github.com/insanum/gcalcli/issues/508), that a date without a year is the next one
 * (https://github.com/insanum/gcalcli/issues/374), and that a time alone is today's (https://github.com/insanum/gcalcli/issues/414).
 * A text without a readable time is the title of an event at the next full hour.
 */
export function readQuickEvent(
  parsers: Awaited<ReturnType<typeof loadParsers>>,
  text: string,
  store: Store,
  { calendar, user }: Access,
): QuickEvent {
  const { timeZone } = calendar.fields;
  const setting = (id: string): string => store.users.get(user)?.settings.get(id)?.value ?? '';
  const context: QuickContext = {
    now: store.clock.now(),
    zone: readZone(timeZone) ?? UTC,
    weekStart: wholeNumber(setting('weekStart'), 6) ?? 0,
    defaultMinutes: wholeNumber(setting('defaultEventLength'), 1440) || 60,
  };
  // The parser needs blanks in "1/3-1/5".
  const said = text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(\/\d{1,4})-(?=\d{1,2}\/)/g, '$1 - ');
  const chrono = setting('dateFieldOrder') === 'DMY' ? parsers.dayFirst : parsers.monthFirst;
  const when = readWhen(chrono, said, context);
  const timed = (at: number): EventDateTime => ({ dateTime: new Date(at).toISOString(), timeZone });
  if (!when) {
    const start = nextFullHour(context);
    return { summary: said, start: timed(start), end: timed(start + context.defaultMinutes * 60_000) };
  }
  const { title, location } = describe(said, when.pieces);
  const show = when.allDay ? dateOf : timed;
  return {
    summary: title || said,
    ...(location && { location }),
    start: show(when.start),
    end: show(when.end),
  };
}

const dateOf = (local: number): EventDateTime => ({ date: new Date(local).toISOString().slice(0, 10) });

const wholeNumber = (text: string, max: number): number | undefined =>
  /^\d{1,4}$/.test(text) && Number(text) <= max ? Number(text) : undefined;

function nextFullHour({ now, zone }: QuickContext): number {
  const offset = zone.offsetAt(now);
  return (Math.floor((now + offset) / HOUR) + 1) * HOUR - offset;
}

/** "at Cafe", "in Zurich": the rest of the words, up to "with". A text that starts with it has no place. */
const PLACE = /\s(?:at|in|@)\s+(\S.*?)(?=\s+with\s|\s*$)/i;
const LOOSE_END = /(?:^|[\s,;])(?:on|at|from|between|by|in|this|starting|@)\s*$/i;

/** Returns the title and the place in what is left of a text without its time. */
function describe(text: string, pieces: readonly Piece[]): { title: string; location?: string | undefined } {
  const parts: string[] = [];
  let from = 0;
  for (const { index, length } of pieces.toSorted((a, b) => a.index - b.index)) {
    if (index >= from) parts.push(text.slice(from, index).replace(LOOSE_END, ' '));
    from = Math.max(from, index + length);
  }
  parts.push(text.slice(from));
  let location: string | undefined;
  const titles = parts.map((part) => {
    const place = location === undefined ? PLACE.exec(part) : null;
    if (!place) return trim(part);
    location = trim(place[1] ?? '') || undefined;
    return trim(part.slice(0, place.index) + part.slice(place.index + place[0].length));
  });
  return { title: titles.filter((part) => part !== '').join(' '), location };
}

const trim = (text: string): string => text.replaceAll(/^[\s,;:–-]+|[\s,;:–-]+$/g, '');
