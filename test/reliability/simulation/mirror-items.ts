import { Timestamp } from '@google-cloud/firestore';

import { encodeId } from '../../../functions/firestore/paths.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';
import { readDocument, type MirroredItem } from '../../../functions/mirror/items.ts';
import type { Ask, Documents, Stored } from './documents.ts';
import { HOUR, type Sabotage } from './scenario.ts';

/** Items, outbox and seen pages of the in-memory mirror. */

type Items = Pick<
  Mirror,
  | 'readItems'
  | 'exceptionsOf'
  | 'isEmpty'
  | 'countItems'
  | 'listIds'
  | 'readOutbox'
  | 'deleteOutboxEntry'
  | 'readSeen'
  | 'deleteSeen'
  | 'deletedWithRemains'
  | 'readAtOnce'
>;

/**
 * Compares ids as Firestore orders documents: by the bytes of their encoded names.
 * @see https://firebase.google.com/docs/firestore/manage-data/data-types#value_type_ordering
 */
const byName = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(encodeId(a)), Buffer.from(encodeId(b)));

/** Returns a stored time in Unix ms; NaN, which is in no range, if there is none. */
const momentOf = (value: unknown): number => (value instanceof Timestamp ? value.toMillis() : Number.NaN);

export function createItems(documents: Documents, ask: Ask, sabotage?: Sabotage): Items {
  const { watches, below, itemsOf } = documents;
  const stale = new Map<string, { readonly items: ReadonlyMap<string, Stored>; readonly at: number }>();
  /** Returns a collection as it is now; with the sabotage `staleAgenda`, as it was up to an hour ago. */
  const agendaItems = (collection: string): ReadonlyMap<string, Stored> => {
    const [items, at] = [new Map(itemsOf(collection)), documents.now()];
    if (sabotage !== 'staleAgenda') return items;
    const known = stale.get(collection) ?? { items, at };
    const current = at - known.at < HOUR ? known : { items, at };
    stale.set(collection, current);
    return current.items;
  };
  /** A collection belongs to one watch. */
  const ofCollection = <T>(collection: string, done: () => T): Promise<T> =>
    ask.of(documents.claims.get(collection)?.watch ?? '', done);

  function found(collection: string, ids: Iterable<string>): Map<string, MirroredItem> {
    const items = new Map<string, MirroredItem>();
    for (const id of ids) {
      const mirrored = readDocument(itemsOf(collection).get(id), id);
      if (mirrored !== undefined) items.set(id, mirrored);
    }
    return items;
  }

  return {
    readItems: (collection, ids) =>
      ids.length === 0
        ? Promise.resolve(new Map<string, MirroredItem>())
        : ofCollection(collection, () => found(collection, ids)),

    exceptionsOf: (collection, parentId, limit = Infinity) =>
      ofCollection(collection, () => {
        const ids: string[] = [];
        for (const [id, document] of itemsOf(collection)) {
          if (document['recurringEventId'] === parentId && ids.length < limit) ids.push(id);
        }
        return found(collection, ids);
      }),

    readAtOnce: (collection, work) => {
      const items = agendaItems(collection);
      const select = (matches: (at: (name: string) => number) => boolean): Promise<MirroredItem[]> =>
        ofCollection(collection, () =>
          [...items].flatMap(([id, document]) =>
            matches((name) => momentOf(document[name])) ? (readDocument(document, id) ?? []) : [],
          ),
        );
      return work({
        activeBetween: (from, to) => select((at) => at('activeUntil') > from && at('startsAt') < to),
        exceptionsBetween: (first, last) =>
          select((at) => at('originalStartsAt') >= first && at('originalStartsAt') <= last),
      });
    },

    isEmpty: (collection) => ofCollection(collection, () => itemsOf(collection).size === 0),

    countItems: (collection) => ofCollection(collection, () => itemsOf(collection).size),

    listIds: (collection, after, limit) =>
      ofCollection(collection, () =>
        [...itemsOf(collection).keys()]
          .filter((id) => after === undefined || byName(id, after) > 0)
          .toSorted(byName)
          .slice(0, limit),
      ),

    readOutbox: (watchId, after, limit) =>
      ask.of(watchId, () => {
        const { outbox } = below(watchId);
        if (outbox.size === 0) return [];
        return [...outbox]
          .filter(([id]) => id > after)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, limit)
          .map(([, entry]) => entry);
      }),

    deleteOutboxEntry: (watchId, id) => ask.of(watchId, () => void below(watchId).outbox.delete(id)),

    readSeen: (watchId, traversal) =>
      ask.of(watchId, () => {
        const pages = [...below(watchId).seen.values()].filter((page) => page.traversal === traversal);
        return { ids: new Set(pages.flatMap(({ ids }) => ids)), pages: pages.length };
      }),

    deleteSeen: (watchId) =>
      ask.of(watchId, () => {
        const { seen } = below(watchId);
        const current = watches.get(watchId)?.sync.traversal?.id;
        for (const [name, { traversal }] of seen) if (traversal !== current) seen.delete(name);
      }),

    deletedWithRemains: (limit) => ask.all(() => documents.deletedWithRemains().slice(0, limit)),
  };
}
