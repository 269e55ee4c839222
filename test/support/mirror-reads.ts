import { seriesEnd } from '../../functions/calendar/recurrence/occurrences.ts';
import type { Item } from '../../functions/calendar/resources.ts';
import type { AgendaReads } from '../../functions/mirror/agenda-queries.ts';
import type { MirroredItem } from '../../functions/mirror/items.ts';
import { eventFields } from '../../functions/sync/event-fields.ts';

/** Returns the queries of a mirror over items in memory, as in Firestore: null is in no range. `read` has the ids of what was read. */
export function readsOf(
  items: readonly Item[],
  timeZone: string,
  sequenceOf: (id: string) => number = () => 1,
) {
  const documents = items.map((item) => ({ item, ...eventFields(item, timeZone, seriesEnd) }));
  const read: string[] = [];
  const answer = (found: readonly { readonly item: Item }[]): Promise<MirroredItem[]> => {
    read.push(...found.map(({ item }) => item.id));
    return Promise.resolve(
      found.map(({ item }) => ({ item, etag: null, omitted: [], sequence: sequenceOf(item.id), beside: {} })),
    );
  };
  const reads: AgendaReads = {
    activeBetween: (from, to) =>
      answer(
        documents.filter(
          ({ activeUntil, startsAt }) =>
            activeUntil !== null && activeUntil > from && startsAt !== null && startsAt < to,
        ),
      ),
    exceptionsBetween: (first, last) =>
      answer(documents.filter(({ originalStartsAt: at }) => at !== null && at >= first && at <= last)),
  };
  return { reads, read };
}
