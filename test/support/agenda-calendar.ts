/** Random calendars for agenda queries: series with every kind of rule, and exceptions. */
import * as fc from 'fast-check';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { timesOf, instantOf } from '../../functions/calendar/event-times.ts';
import type { Occurrence } from '../../functions/agenda/occurrences.ts';
import { listAll } from './emulator/pages.ts';

const ZONES = ['UTC', 'Europe/Zurich', 'America/New_York', 'Pacific/Auckland', 'Asia/Kolkata'] as const;
const DAY = 86_400_000;
/** Clocks change in these months, in both hemispheres. */
const FIRST_DAY = Date.parse('2029-10-01T00:00:00Z');
const DAYS = 270;

const dayOf = (day: number): string => new Date(FIRST_DAY + day * DAY).toISOString().slice(0, 10);
const two = (number: number): string => String(number).padStart(2, '0');

const rule = fc.record({
  frequency: fc.constantFrom(
    'DAILY',
    'WEEKLY',
    'WEEKLY;BYDAY=MO,WE,FR',
    'MONTHLY',
    'MONTHLY;BYDAY=2TU',
    'MONTHLY;BYDAY=-1FR',
    'MONTHLY;BYMONTHDAY=31',
    'MONTHLY;BYMONTHDAY=-1',
    'YEARLY',
  ),
  interval: fc.integer({ min: 1, max: 3 }),
  end: fc.oneof(
    fc.constant({}),
    fc.record({ count: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ until: fc.integer({ min: 0, max: DAYS }) }),
  ),
});

const dates = fc.array(fc.integer({ min: -3, max: 40 }), { maxLength: 3 });

const eventRecipe = fc.record({
  day: fc.integer({ min: 0, max: DAYS }),
  hour: fc.integer({ min: 0, max: 23 }),
  zone: fc.constantFrom(...ZONES),
  wholeDays: fc.boolean(),
  /** In half hours, or days. */
  length: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 100 })),
  rules: fc.array(rule, { maxLength: 2 }),
  rdates: dates,
  exdates: dates,
  except: fc.option(rule, { freq: 4 }),
});
type EventRecipe = typeof eventRecipe extends fc.Arbitrary<infer T> ? T : never;

const edit = fc.record({
  /** Selects a series, and an occurrence of it. */
  series: fc.nat({ max: 5 }),
  occurrence: fc.nat({ max: 20 }),
  what: fc.oneof(
    fc.constantFrom('cancel' as const, 'rename' as const),
    fc.record({ byHours: fc.integer({ min: -50, max: 50 }) }),
    fc.record({ byHours: fc.integer({ min: -3000, max: 3000 }) }),
  ),
});

const hours = fc.integer({ min: -72, max: (DAYS + 60) * 24 });

/** A calendar, and windows to query. */
export const agendaCase = fc.record({
  zone: fc.constantFrom(...ZONES),
  events: fc.array(eventRecipe, { minLength: 1, maxLength: 5 }),
  edits: fc.array(edit, { maxLength: 8 }),
  windows: fc.array(
    fc.tuple(hours, fc.oneof(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 1, max: 3000 }))),
    {
      minLength: 3,
      maxLength: 3,
    },
  ),
});
export type AgendaCase = typeof agendaCase extends fc.Arbitrary<infer T> ? T : never;

/** The windows of a case as Unix ms. */
export const windowsOf = ({ windows }: AgendaCase): { from: number; to: number }[] =>
  windows.map(([start, length]) => {
    const from = FIRST_DAY + start * 3_600_000;
    return { from, to: from + length * 3_600_000 };
  });

function ruleText({
  frequency,
  interval,
  end,
}: typeof rule extends fc.Arbitrary<infer T> ? T : never): string {
  const until = 'until' in end ? `;UNTIL=${dayOf(end.until).replaceAll('-', '')}T120000Z` : '';
  return `FREQ=${frequency};INTERVAL=${interval}${'count' in end ? `;COUNT=${end.count}` : ''}${until}`;
}

/** Returns the event of a recipe. */
export function bodyOf(recipe: EventRecipe): calendar_v3.Schema$Event {
  const { day, hour, zone, wholeDays, length, rules, rdates, exdates, except } = recipe;
  const date = (offset: number): string => dayOf(day + offset);
  const listed = (name: string, offsets: readonly number[]): string[] => {
    if (offsets.length === 0) return [];
    const values = offsets.map((offset) => date(offset).replaceAll('-', ''));
    return wholeDays
      ? [`${name};VALUE=DATE:${values.join(',')}`]
      : [`${name};TZID=${zone}:${values.map((value) => `${value}T${two(hour)}0000`).join(',')}`];
  };
  const recurrence = [
    ...rules.map((each) => `RRULE:${ruleText(each)}`),
    ...(except === null ? [] : [`EXRULE:${ruleText(except)}`]),
    ...listed('RDATE', rdates),
    ...listed('EXDATE', exdates),
  ];
  // Without a length: Google accepts an all-day event whose end is its start, and lets it last that day.
  const days = Math.floor(length / 10);
  const end = new Date(Date.parse(`${date(0)}T${two(hour)}:00:00Z`) + length * 1_800_000)
    .toISOString()
    .slice(0, 19);
  return {
    summary: `on ${date(0)}`,
    ...(wholeDays
      ? { start: { date: date(0) }, end: { date: date(days) } }
      : {
          start: { dateTime: `${date(0)}T${two(hour)}:00:00`, timeZone: zone },
          end: { dateTime: end, timeZone: zone },
        }),
    ...(rules.length > 0 || rdates.length > 0 ? { recurrence } : {}),
  };
}

/** Creates the calendar of a case; returns its id. */
export async function makeCalendar(
  client: calendar_v3.Calendar,
  { zone, events, edits }: AgendaCase,
): Promise<string> {
  const { data } = await client.calendars.insert({ requestBody: { summary: 'agenda', timeZone: zone } });
  const calendarId = data.id ?? '';
  const series: string[] = [];
  for (const recipe of events) {
    const requestBody = bodyOf(recipe);
    // Where clocks go forward at night an event may have no length, and Google rejects it.
    const answer = await client.events.insert({ calendarId, requestBody }, { validateStatus: () => true });
    if (answer.status === 200 && requestBody.recurrence) series.push(answer.data.id ?? '');
  }
  await editSeries(client, calendarId, series, edits);
  return calendarId;
}

/** Edits occurrences of the series with these ids. */
export async function editSeries(
  client: calendar_v3.Calendar,
  calendarId: string,
  series: readonly string[],
  edits: AgendaCase['edits'],
): Promise<void> {
  for (const each of edits) {
    const eventId = series[each.series % Math.max(series.length, 1)];
    const occurrence = eventId && (await occurrenceOf(client, calendarId, eventId, each.occurrence));
    if (occurrence) await change(client, calendarId, occurrence, each.what);
  }
}

/** Returns one of the first occurrences of a series, undefined if it has none. */
export async function occurrenceOf(
  client: calendar_v3.Calendar,
  calendarId: string,
  eventId: string,
  index: number,
): Promise<calendar_v3.Schema$Event | undefined> {
  const { data } = await client.events.instances({ calendarId, eventId, maxResults: 25 });
  return data.items?.[index % Math.max(data.items.length, 1)];
}

async function change(
  client: calendar_v3.Calendar,
  calendarId: string,
  occurrence: calendar_v3.Schema$Event,
  what: AgendaCase['edits'][number]['what'],
): Promise<void> {
  const eventId = occurrence.id ?? '';
  if (what === 'cancel') await client.events.delete({ calendarId, eventId });
  else if (what === 'rename')
    await client.events.patch({ calendarId, eventId, requestBody: { summary: 'renamed' } });
  else {
    const moved = (time: calendar_v3.Schema$EventDateTime | undefined): calendar_v3.Schema$EventDateTime =>
      time?.date
        ? {
            date: new Date(Date.parse(time.date) + Math.trunc(what.byHours / 24) * DAY)
              .toISOString()
              .slice(0, 10),
          }
        : {
            dateTime: new Date(Date.parse(time?.dateTime ?? '') + what.byHours * 3_600_000).toISOString(),
            timeZone: time?.timeZone ?? null,
          };
    const requestBody = { start: moved(occurrence.start), end: moved(occurrence.end) };
    await client.events.patch({ calendarId, eventId, requestBody });
  }
}

/** The fields of an occurrence that are compared. */
interface On {
  readonly id: unknown;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly summary: unknown;
  readonly recurringEventId: unknown;
  readonly original: number | null;
}

const onOf = (event: Readonly<Record<string, unknown>>, zone: string): On => ({
  id: event['id'],
  ...timesOf(event, zone),
  summary: event['summary'],
  recurringEventId: event['recurringEventId'],
  original: instantOf(event['originalStartTime'], zone),
});

const byId = (events: readonly On[]): On[] =>
  events.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));

/** Returns what the Calendar API lists in a window. */
export async function listedBetween(
  client: calendar_v3.Calendar,
  calendarId: string,
  { from, to }: { readonly from: number; readonly to: number },
  zone: string,
): Promise<On[]> {
  const timeMin = new Date(from).toISOString();
  const timeMax = new Date(to).toISOString();
  const { items } = await listAll(client, calendarId, {
    singleEvents: true,
    timeMin,
    timeMax,
    maxResults: 2500,
  });
  return byId(items.map((item) => onOf({ ...item }, zone)));
}

/** Returns what an agenda contains, in the same form. */
export const agendaShown = (occurrences: readonly Occurrence[], zone: string): On[] =>
  byId(occurrences.map(({ event, startsAt, endsAt }) => ({ ...onOf(event, zone), startsAt, endsAt })));
