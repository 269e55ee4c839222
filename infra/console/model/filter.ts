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

const sorted = (values: Iterable<string>): readonly string[] =>
  [...new Set(values)].toSorted((a, b) => a.localeCompare(b));

/** What the filters can be set to: the values of the changes that are known, sorted. */
export function choicesOf(entries: readonly TimelineEntry[]) {
  return {
    user: sorted(entries.map(({ user }) => user)),
    calendar: sorted(entries.flatMap(({ calendarId }) => calendarId ?? [])),
    resource: sorted(entries.map(({ resource }) => resource)),
    kind: sorted(entries.flatMap(({ change, kinds }) => [change, ...kinds])),
  };
}

/** Returns the index of the change that a person names: `<watch>/<sequence>`, or a sequence alone; -1 if there is none. */
export function indexOfChange(entries: readonly TimelineEntry[], named: string): number {
  const text = named.trim();
  const exact = entries.findIndex(({ id }) => id === text);
  return exact >= 0 || !/^\d+$/.test(text)
    ? exact
    : entries.findIndex(({ sequence }) => String(sequence) === text);
}
