/** The timeline's own state: what is shown of the changes, which is chosen, and whether new ones wait. */
import { computed, signal } from '@preact/signals';
import { filterOf, isShown } from '../../../model/filter.ts';
import type { TimelineEntry } from '../../../model/timeline.ts';
import { go, place } from './place.ts';
import { entries } from './stream.ts';

/** The changes at the moment of the pause; undefined while the timeline is live. */
export const paused = signal<readonly TimelineEntry[] | undefined>(undefined);
export const filter = computed(() => filterOf(place.value.query));

/** The changes that match, the latest first. */
export const shown = computed(() => {
  const wanted = filter.value;
  return (paused.value ?? entries.value).filter((entry) => isShown(entry, wanted)).toReversed();
});

/** How many changes have arrived since the pause. */
export const held = computed(() => {
  const last = paused.value?.at(-1)?.id;
  if (paused.value === undefined) return 0;
  return entries.value.length - 1 - entries.value.findLastIndex(({ id }) => id === last);
});

/** The id of the change whose details are open, from the address. */
export const chosen = computed(() => place.value.query['change']);

/** The changes from the chosen one to the other end of a selection, which is in the address too; undefined without one. */
export const stretch = computed((): readonly TimelineEntry[] | undefined => {
  const { change, until } = place.value.query;
  if (change === undefined || until === undefined) return undefined;
  const ends = [change, until].map((end) => shown.value.findIndex(({ id }) => id === end));
  const from = Math.min(...ends);
  return from < 0 ? undefined : shown.value.slice(from, Math.max(...ends) + 1);
});

/** The ids of the selected changes. */
export const selected = computed(() => new Set(stretch.value?.map(({ id }) => id)));

/** Opens the details of a change, or closes them. */
export function choose(id: string | undefined): void {
  const query = { ...place.value.query, change: id ?? '', until: '' };
  go({ view: 'timeline', query }, { replace: true });
}

/** Selects the changes from the chosen one to this one. */
export function selectUntil(id: string): void {
  if (chosen.value === undefined) choose(id);
  else go({ view: 'timeline', query: { ...place.value.query, until: id } }, { replace: true });
}

/** Moves the other end of the selection by `step` lines. */
export function moveSelection(step: number): void {
  const list = shown.value;
  const { until = chosen.value } = place.value.query;
  const at = list.findIndex(({ id }) => id === until);
  const next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
  if (next) selectUntil(next.id);
}

/** Sets filters. Each is a step that the back button undoes, except words while they are typed. */
export function setFilter(changed: Readonly<Record<string, string>>): void {
  const query = { ...place.value.query, ...changed };
  go({ view: 'timeline', query }, { replace: 'q' in changed });
}

/** Pauses the timeline, or lets it go on. */
export function togglePause(): void {
  paused.value = paused.value === undefined ? entries.value : undefined;
}

/** Chooses the change that is `step` lines below the chosen one, or the first. */
export function moveChoice(step: number): void {
  const list = shown.value;
  const at = list.findIndex(({ id }) => id === chosen.value);
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), list.length - 1);
  choose(list[next]?.id);
}
