import { agendaOf, type Occurrence } from '../../../../functions/agenda/occurrences.ts';
import { dateOf, instantOf } from '../../../../functions/calendar/event-times.ts';
import type { Item } from '../../../../functions/calendar/resources.ts';
import type { Collection } from '../collection.ts';
import { between, pick, type Random } from '../random.ts';
import { DAY, HOUR, MINUTE } from '../scenario.ts';

/** Edits of a calendar whose watch has a clock: events that start soon, series, and single occurrences of them. */

const MOST_ITEMS = 8;
/** Occurrences of a series in a calendar that lists each of them. */
const MOST_OCCURRENCES = 6;

interface Editor {
  readonly collection: Collection;
  readonly random: Random;
  /** Unix ms. */
  readonly now: number;
  /** A number that no other edit has. */
  readonly number: number;
  /** Whether the calendar lists the occurrences of series instead of series and exceptions. */
  readonly single: boolean;
}

const SECOND = 1000;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'] as const;
const LENGTHS = [15 * MINUTE, 30 * MINUTE, HOUR, 26 * HOUR] as const;

const time = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
const wholeSeconds = (at: number): number => Math.floor(at / SECOND) * SECOND;
const wholeMinutes = (at: number): number => Math.floor(at / MINUTE) * MINUTE;
const timed = (at: number, length: number) => ({
  start: { dateTime: time(at) },
  end: { dateTime: time(at + length) },
});
const date = (at: number): string => new Date(at).toISOString().slice(0, 10);
const wholeDay = (at: number) => ({ start: { date: date(at) }, end: { date: date(at + DAY) } });

/** Puts an item as edited now: only edits of reminders leave `updated` and `etag` alone. */
function put({ collection, now, number }: Editor, item: Item): void {
  collection.put({ ...item, etag: `"${String(number)}"`, updated: new Date(now).toISOString() }, now);
}

/** Returns a time soon after `now`, mostly, and on the full minute. */
const soon = ({ random, now }: Editor): number =>
  wholeMinutes(now + MINUTE + between(random, 0, 1) ** 2 * 36 * HOUR);

function createSeries(editor: Editor, id: string, fields: object): void {
  const { random } = editor;
  const [start, length, timeZone] = [soon(editor), pick(random, LENGTHS), pick(random, ZONES)];
  if (editor.single) {
    const count = Math.ceil(random() * MOST_OCCURRENCES);
    for (let each = 0; each < count; each += 1) {
      const at = start + each * DAY;
      const ids = { id: `${id}_${time(at).replaceAll(/[-:]/g, '')}`, recurringEventId: id };
      put(editor, { ...fields, ...ids, ...timed(at, length), originalStartTime: { dateTime: time(at) } });
    }
    return;
  }
  const rule = pick(random, ['DAILY', 'DAILY;COUNT=6', 'WEEKLY', 'DAILY;INTERVAL=2', 'HOURLY;COUNT=9']);
  const [from, to] = random() < 0.2 ? [wholeDay(start).start, wholeDay(start).end] : [undefined, undefined];
  put(editor, {
    ...fields,
    id,
    start: from ?? { dateTime: time(start), timeZone },
    end: to ?? { dateTime: time(start + length), timeZone },
    recurrence: [`RRULE:FREQ=${from !== undefined && rule.startsWith('HOURLY') ? 'DAILY' : rule}`],
  });
}

function create(editor: Editor): string {
  const { random, number } = editor;
  const id = `events${String(number)}`;
  const fields = { status: 'confirmed', summary: `Event ${String(number)}` };
  const which = random();
  if (which < 0.35) createSeries(editor, id, fields);
  else if (which < 0.5) put(editor, { ...fields, id, ...wholeDay(soon(editor)) });
  else put(editor, { ...fields, id, ...timed(soon(editor), pick(random, LENGTHS)) });
  return `created ${id}`;
}

/** Returns a new start for what started at `startsAt`: some minutes or hours away, or about now. */
function moved({ random, now }: Editor, startsAt: number): number {
  const which = random();
  if (which < 0.4) return wholeSeconds(now + between(random, -1, 3) * MINUTE);
  if (which < 0.5) return wholeSeconds(now - between(random, 0, 90) * MINUTE);
  if (which < 0.7) return startsAt + Math.round(between(random, -12, 12)) * 5 * MINUTE;
  return wholeMinutes(now + between(random, 0, 1) ** 2 * 30 * HOUR);
}

/** Deletes an event, or cancels an occurrence of a series. */
function cancel(editor: Editor, item: Item): void {
  const { collection, random, now } = editor;
  const silent = random() < 0.5;
  for (const exception of collection.exceptionsOf(item.id)) {
    if (silent) collection.forget(exception.id);
    else collection.put({ ...exception, status: 'cancelled' }, now);
  }
  const { id, recurringEventId, originalStartTime } = item;
  const occurrence = recurringEventId === undefined ? {} : { recurringEventId, originalStartTime };
  if (random() < 0.5) put(editor, { ...item, status: 'cancelled' });
  else put(editor, { id, status: 'cancelled', ...occurrence });
}

function change(editor: Editor, { event, startsAt, endsAt }: Occurrence): string {
  const { random, number, collection, now } = editor;
  const which = random();
  const isAllDay = !JSON.stringify(event['start']).includes('dateTime');
  const known = collection.get(event.id);
  if (which < 0.05 && known !== undefined) {
    collection.put({ ...known, reminders: { useDefault: false, number } }, now);
    return `reminded ${event.id}`;
  }
  if (which < 0.15) put(editor, { ...event, summary: `Event ${String(number)}` });
  else if (which < 0.2) put(editor, { ...event, ...timed(startsAt, pick(random, LENGTHS)) });
  else if (which < 0.25 && !isAllDay) put(editor, { ...event, ...wholeDay(startsAt) });
  else if (which < 0.5) {
    cancel(editor, event);
    return `cancelled ${event.id}`;
  } else {
    const at = moved(editor, startsAt);
    const length = isAllDay ? HOUR : endsAt - startsAt;
    put(editor, { ...event, ...timed(at, length) });
    return `moved ${event.id} from ${time(startsAt)} to ${time(at)}`;
  }
  return `changed ${event.id}`;
}

/** Moves, ends, renames or deletes a whole series. */
function changeSeries(editor: Editor, series: Item): string {
  const { random, now, number } = editor;
  const which = random();
  const { occurrences } = agendaOf([series], { from: now - DAY, to: now + 8 * DAY }, 'UTC');
  const [next] = occurrences;
  if (which < 0.3 || next === undefined) {
    cancel(editor, series);
    return `deleted ${series.id}`;
  }
  if (which < 0.4) put(editor, { ...series, summary: `Event ${String(number)}` });
  else if (which < 0.5) {
    // The form of `UNTIL` is that of the start: a date, or a time in UTC.
    const until = time(wholeSeconds(now)).replaceAll(/[-:]/g, '');
    const isTimed = JSON.stringify(series['start']).includes('dateTime');
    const rule = `RRULE:FREQ=DAILY;UNTIL=${isTimed ? until : until.slice(0, 8)}`;
    put(editor, { ...series, recurrence: [rule] });
  } else {
    const at = moved(editor, next.startsAt);
    const timeZone = pick(random, ZONES);
    const length = Math.min(next.endsAt - next.startsAt, 26 * HOUR);
    put(editor, {
      ...series,
      start: { dateTime: time(at), timeZone },
      end: { dateTime: time(at + length), timeZone },
    });
  }
  return `changed the series ${series.id}`;
}

const isSeries = (item: Item): boolean => 'recurrence' in item;

/** Restores a cancelled occurrence of a series; returns undefined if there is none. */
function restore(editor: Editor): string | undefined {
  const { collection, random } = editor;
  const items = [...collection.expected().values()];
  const cancelled = items.filter(({ status }) => status === 'cancelled');
  if (cancelled.length === 0) return undefined;
  const { id, recurringEventId, originalStartTime } = pick(random, cancelled);
  const series = items.find((item) => item.id === recurringEventId);
  const originalAt = instantOf(originalStartTime, 'UTC');
  if (series === undefined || originalAt === null || dateOf(originalStartTime) !== undefined)
    return undefined;
  const { recurrence: _, ...fields } = series;
  const ids = { id, recurringEventId, originalStartTime };
  put(editor, { ...fields, ...ids, status: 'confirmed', ...timed(originalAt, HOUR) });
  return `restored ${id}`;
}

/** Returns the occurrences that end after `from` and start before `to`. */
function upcoming(collection: Collection, from: number, to: number): readonly Occurrence[] {
  return agendaOf([...collection.expected().values()], { from, to }, collection.timeZone()).occurrences;
}

/** Makes one edit; of an occurrence with this id, if it is given and exists. Returns what it was. */
export function editClocked(editor: Editor, id?: string): string {
  const { collection, random, now } = editor;
  const next = upcoming(collection, now - HOUR, now + DAY);
  const chosen = next.find(({ event }) => event.id === id);
  if (chosen !== undefined) return change(editor, chosen);
  const live = collection.live().filter((item) => !('recurringEventId' in item) || editor.single);
  const which = random();
  if (live.length === 0 || next.length < 2 || (which < 0.2 && live.length < MOST_ITEMS))
    return create(editor);
  if (which < 0.3) {
    const restored = restore(editor);
    if (restored !== undefined) return restored;
  }
  const series = live.filter(isSeries);
  if (which < 0.4 && series.length > 0) return changeSeries(editor, pick(random, series));
  if (which < 0.8) return change(editor, pick(random, next));
  const item = pick(random, live);
  cancel(editor, item);
  return `deleted ${item.id}`;
}
