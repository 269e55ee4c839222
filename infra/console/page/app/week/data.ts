/** The week that is shown: its watch and days are in the address, and both sides are read again when something changes. */
import { computed, effect, signal, untracked } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { createResource } from '../../../../emulator/page/app/server/resource.ts';
import { dayTimeOf } from '../../../../emulator/page/app/state/zone.ts';
import { createDays } from '../../../../emulator/page/app/week/days.tsx';
import type { WatchView } from '../../../model/watch-view.ts';
import type { WeekAnswer } from '../../../model/week.ts';
import { has, read } from '../parts/api.ts';
import { go, place } from '../state/place.ts';
import { about, entries, watches } from '../state/stream.ts';

/** How often both sides are read without any change, and at most, in ms. Against Google each time is a call of its quota. */
const LOCAL = { every: 3_000, atMost: 200 };
const DEPLOYED = { every: 60_000, atMost: 5_000 };

/** The watches of events, by id. */
export const eventWatches = computed((): readonly WatchView[] =>
  [...watches.value.values()]
    .filter(({ resource, state }) => resource === 'events' && state !== 'removed')
    .toSorted((a, b) => a.id.localeCompare(b.id)),
);

/** The watch that is shown: that of the address, or else a user's own calendar. */
export const watch = computed((): WatchView | undefined => {
  const list = eventWatches.value;
  const asked = place.value.query['watch'];
  const own = list.find(({ user, calendarId }) => user === calendarId);
  return list.find(({ id }) => id === asked) ?? own ?? list[0];
});

const isAnswer = has<WeekAnswer>('mirror', 'google');

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** The zone of the calendar that is shown; of this machine until it is known. */
export const zone = computed(() => answer.value?.timeZone ?? HERE);

/** The time, which ticks while a week is shown. */
export const tick = signal(Date.now());
/** Returns the present day in the zone of the calendar. */
export const today = (): string =>
  dayTimeOf(
    Date.now(),
    untracked(() => zone.value),
  ).day;

/** Changes what the address says of the week. Empty values are left out. */
export function setWeek(changed: Readonly<Record<string, string>>, { replace = true } = {}): void {
  const { view, query } = place.value;
  go({ view, query: { ...query, ...changed } }, { replace });
}

export const { days, turn } = createDays({
  asked: () => place.value.query['from'],
  today,
  show: (from) => setWeek({ from }),
});

const week = createResource<WeekAnswer | undefined>(async () => {
  const [shown, list] = untracked(() => [watch.value, days.value] as const);
  if (shown === undefined) return undefined;
  const query = new URLSearchParams({ from: list[0] ?? '', days: String(list.length) });
  return read(`/api/watches/${encodeURIComponent(shown.id)}/week?${query}`, isAnswer);
});

/** Both sides of the week that is asked for; undefined until they are known. */
export const answer = computed(() => {
  const { value } = week.data;
  return value?.watchId === watch.value?.id ? value : undefined;
});
export const weekError = week.error;
/** Reads both sides of the week again. */
export const reloadWeek = (): Promise<void> => week.reload();

/** Reads both sides while the component is shown: at once, after each change of the watch, and now and then. */
export function useWeek(): void {
  const mode = about.value?.mode;
  useEffect(() => {
    if (mode === undefined) return undefined;
    const { every: each, atMost } = mode === 'local' ? LOCAL : DEPLOYED;
    const reload = spaced(atMost, () => void week.reload());
    const id = computed(() => watch.value?.id);
    const latest = computed(() => entries.value.findLast(({ watchId }) => watchId === id.value)?.id);
    const ends = [
      // At once: another watch, or other days.
      effect(() => {
        if (id.value !== undefined && days.value.length > 0) void week.reload();
      }),
      latest.subscribe(() => reload.soon()),
      every(each, () => void week.reload()),
      every(1_000, () => {
        tick.value = Date.now();
      }),
    ];
    return () => {
      for (const end of ends) end();
      reload.end();
    };
  }, [mode]);
}

/** Returns `soon`, which runs the work at once, or so long after its last run. */
function spaced(ms: number, work: () => void) {
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    timer = undefined;
    last = Date.now();
    work();
  };
  return {
    soon: (): void => {
      timer ??= setTimeout(run, Math.max(0, last + ms - Date.now()));
    },
    end: (): void => clearTimeout(timer),
  };
}

/** Runs the work again and again while the page is visible. Returns what ends it. */
function every(ms: number, work: () => void): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') work();
  }, ms);
  return () => clearInterval(timer);
}
