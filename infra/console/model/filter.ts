/** Which changes are shown: the filters of the address. Pure. */
import type { TimelineEntry } from './timeline.ts';

const FILTERS = ['q', 'user', 'calendar', 'resource', 'kind', 'watch'] as const;

export type Filter = Partial<Record<(typeof FILTERS)[number], string>>;

/** Returns the filters in a query; others are ignored, empty ones left out. */
export const filterOf = (query: Readonly<Record<string, string>>): Filter =>
  Object.fromEntries(FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));

/** Returns whether a change is shown. `kind` also takes the change itself, such as `created`. */
export function isShown(entry: TimelineEntry, { q, user, calendar, resource, kind, watch }: Filter): boolean {
  return (
    (user === undefined || entry.user === user) &&
    (calendar === undefined || entry.calendarId === calendar) &&
    (resource === undefined || entry.resource === resource) &&
    (watch === undefined || entry.watchId === watch) &&
    (kind === undefined || entry.change === kind || entry.kinds.includes(kind)) &&
    (q === undefined || textOf(entry).includes(q.toLowerCase()))
  );
}

const textOf = ({ sentence, itemId, id, kinds }: TimelineEntry): string =>
  `${sentence}\n${itemId}\n${id}\n${kinds.join(' ')}`.toLowerCase();

/** Maximum number of choices in a list; the filter by words finds the others. */
const MOST = 300;

export type ChoiceName = 'user' | 'calendar' | 'resource' | 'kind';

const VALUES: Readonly<Record<ChoiceName, (entry: TimelineEntry) => readonly string[]>> = {
  user: ({ user }) => [user],
  calendar: ({ calendarId }) => (calendarId === null ? [] : [calendarId]),
  resource: ({ resource }) => [resource],
  kind: ({ change, kinds }) => [change, ...kinds],
};

/** Returns what a filter can be set to: the values of the latest changes, sorted; `known` itself if it has them all. */
export function choicesOf(
  entries: readonly TimelineEntry[],
  name: ChoiceName,
  known: readonly string[] = [],
): readonly string[] {
  const found = new Set(known);
  for (let index = entries.length - 1; index >= 0 && found.size < MOST; index -= 1) {
    const entry = entries[index];
    if (entry !== undefined) for (const value of VALUES[name](entry)) found.add(value);
  }
  return found.size === known.length ? known : [...found].toSorted((a, b) => a.localeCompare(b));
}

/** Returns the index of the change that a person names: `<watch>/<sequence>`, or a sequence alone; -1 if there is none. */
export function indexOfChange(entries: readonly TimelineEntry[], named: string): number {
  const text = named.trim();
  const exact = entries.findIndex(({ id }) => id === text);
  return exact >= 0 || !/^\d+$/.test(text)
    ? exact
    : entries.findIndex(({ sequence }) => String(sequence) === text);
}
