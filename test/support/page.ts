import type { MirroredItem } from '../../functions/mirror/items.ts';
import {
  compare,
  deletedParents,
  endedSeries,
  readPage,
  type PageInput,
} from '../../functions/sync/changes.ts';

/** A page taken up as sync does it, without Firestore. */

export const COLLECTION = 'users/ana@example.com/calendars/team@example.com/events';

/** What is readable on a page of events, and how it differs from the mirror. */
export function takePage(
  page: readonly unknown[],
  mirrored: ReadonlyMap<string, MirroredItem>,
  given: Partial<PageInput> = {},
) {
  const input: PageInput = {
    resource: 'events',
    collection: COLLECTION,
    items: page,
    initial: false,
    singleEvents: false,
    deletedParents: new Set(),
    ...given,
  };
  const { items, setAside } = readPage(COLLECTION, page);
  const parents = deletedParents(input, items, mirrored);
  const ended = endedSeries(input, items, mirrored);
  return { items, setAside, differences: compare(input, items, mirrored, parents, ended) };
}
