/** What the calendar view shows: users, calendars, and the events of some days. */
import { computed, effect, untracked } from '@preact/signals';
import { createResource } from '../server/resource.ts';
import type { Resource } from '../server/resource.ts';
import { control, lookAll } from '../server/api.ts';
import { now, onChange } from '../server/live.ts';
import { route, setQuery } from '../server/navigation.ts';
import { spanOf } from '../state/event.ts';
import { addDays, dayTimeOf, instantOf } from '../state/zone.ts';
import { createDays } from '../week/days.tsx';
import type { CalendarEntry, CalendarEvent } from '../state/event.ts';
import type { Shown } from '../week/board.ts';

export interface User {
  readonly email: string;
  readonly timeZone: string;
}

export const users = createResource(() => control<readonly User[]>('GET', 'users'));

/** The account that the page acts as. */
export const me = computed(() => {
  const known = users.data.value ?? [];
  return known.find(({ email }) => email === route.value.query['as']) ?? known[0];
});
const address = computed(() => me.value?.email);
export const zone = computed(() => me.value?.timeZone ?? 'UTC');

/** Returns the present day of the emulator's clock, in the account's zone. */
export const today = (): string => dayTimeOf(now(), zone.value).day;

export const { days, turn } = createDays({
  asked: () => route.value.query['from'],
  today,
  show: (from) => setQuery({ from }),
});

/** What was loaded as a user; it is not shown once the page acts as another one. */
interface Loaded<T> {
  readonly user: string | undefined;
  readonly items: readonly T[];
}

const loadedAs = <T>({ data }: Resource<Loaded<T>>): readonly T[] =>
  data.value && data.value.user === address.value ? data.value.items : [];

const calendarList = createResource<Loaded<CalendarEntry>>(async () => {
  const user = untracked(() => address.value);
  return { user, items: user === undefined ? [] : await lookAll(user, '/users/me/calendarList') };
});
export const calendars = computed(() => loadedAs(calendarList));
export const reloadCalendars = (): Promise<void> => calendarList.reload();

const hidden = computed(() => new Set((route.value.query['hide'] ?? '').split(' ').filter(Boolean)));
/** Returns whether the events of a calendar are shown. */
export const isShown = (id: string): boolean => !hidden.value.has(id);

/** Shows or hides a calendar. */
export function toggle(id: string): void {
  const next = new Set(hidden.value);
  if (!next.delete(id)) next.add(id);
  setQuery({ hide: [...next].join(' ') });
}

const chosen = computed(() => calendars.value.filter(({ id }) => isShown(id)));

const week = createResource<Loaded<Shown>>(async () => {
  const [user, list, span, timeZone] = untracked(
    () => [address.value, chosen.value, days.value, zone.value] as const,
  );
  if (user === undefined) return { user, items: [] };
  const lists = await Promise.all(list.map((calendar) => eventsOf(user, calendar, span, timeZone)));
  return { user, items: lists.flat() };
});
export const events = computed(() => loadedAs(week).filter(({ calendar }) => isShown(calendar.id)));
/** Why the latest load failed: the first error, since events need calendars, and calendars need users. */
export const loadError = computed(() => users.error.value ?? calendarList.error.value ?? week.error.value);
export const reloadEvents = (): Promise<void> => week.reload();

async function eventsOf(
  user: string,
  calendar: CalendarEntry,
  span: readonly string[],
  timeZone: string,
): Promise<readonly Shown[]> {
  const bound = (day: string): string => new Date(instantOf({ day, minute: 0 }, timeZone)).toISOString();
  const items = await lookAll<CalendarEvent>(user, `/calendars/${encodeURIComponent(calendar.id)}/events`, {
    singleEvents: 'true',
    maxResults: '2500',
    timeMin: bound(span[0] ?? ''),
    timeMax: bound(addDays(span.at(-1) ?? '', 1)),
  });
  return items.flatMap((event) => {
    const when = spanOf(event);
    if (!when || event.status === 'cancelled') return [];
    return [{ key: `${calendar.id} ${event.id}`, calendar, event, span: when }];
  });
}

/** Keeps the data up to date with the emulator, and with what is chosen. */
export function startData(): void {
  onChange('calendars', () => void reloadAll());
  effect(() => {
    if (address.value !== undefined) void calendarList.reload();
  });
  effect(() => {
    if (chosen.value.length > 0 && days.value.length > 0 && zone.value !== '') void week.reload();
  });
}

async function reloadAll(): Promise<void> {
  await users.reload();
  await calendarList.reload();
  await week.reload();
}
