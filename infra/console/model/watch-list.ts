/** The list of watches: filter, order and columns. Pure. */
import type { WatchView } from './watch-view.ts';

export const COLUMNS = ['id', 'state', 'lastSync', 'channel', 'sequence', 'changes', 'nextCheck'] as const;
export type Column = (typeof COLUMNS)[number];

/** A watch with the number of its changes that the console has seen. */
export interface WatchRow {
  readonly view: WatchView;
  readonly changes: number;
}

const valueOf = ({ view, changes }: WatchRow, column: Column): string | number => {
  switch (column) {
    case 'id':
      return view.id;
    case 'state':
      return view.state;
    case 'lastSync':
      return view.completedAt ?? 0;
    case 'channel':
      return view.channel?.expiresAt ?? 0;
    case 'sequence':
      return view.sequence;
    case 'changes':
      return changes;
    case 'nextCheck':
      return view.nextCheckAt ?? Number.POSITIVE_INFINITY;
  }
};

/** Returns the watches whose text contains all words, ordered by a column, and by id within equal ones. */
export function orderedWatches(
  rows: readonly WatchRow[],
  { words, by, descending }: { readonly words: string; readonly by: Column; readonly descending: boolean },
): readonly WatchRow[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const matching =
    wanted.length === 0
      ? rows
      : rows.filter(({ view }) => {
          const text = textOf(view);
          return wanted.every((word) => text.includes(word));
        });
  const sign = descending ? -1 : 1;
  return matching.toSorted(
    (a, b) => sign * compare(valueOf(a, by), valueOf(b, by)) || compare(a.view.id, b.view.id),
  );
}

/** By code units: thousands of watches are sorted several times a second, and `localeCompare` takes twenty times as long. */
const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

const textOf = ({ id, user, resource, calendarId, state, reason, detail }: WatchView): string =>
  [id, user, resource, calendarId, state, reason, detail].join(' ').toLowerCase();
