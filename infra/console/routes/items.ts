/** An item of a watch: its document, and its history. */
import { isStorableId, itemPath } from '../../../functions/firestore/paths.ts';
import { readItem, type MirroredItem } from '../../../functions/mirror/items.ts';
import type { Watch } from '../../../functions/watches/watch.ts';
import type { ConsoleContext } from '../context.ts';
import type { ItemAnswer, ItemDocument } from '../model/item.ts';
import type { Routes } from '../server/exchange.ts';
import { loadWatch } from './watch.ts';

/** Fields that are shown in their own right. */
const OWN = new Set(['etag', 'sequence', 'omitted', 'mirroredAt']);
/** Derived fields that are times, in Unix ms. */
const TIMES = new Set(['startsAt', 'endsAt', 'activeUntil', 'originalStartsAt']);

/** `GET /api/watches/<watch>/items/<item>`. */
export const itemRoutes = ({ session, state }: ConsoleContext): Routes => ({
  'GET /api/watches/*/items/*': async (_request, [id = '', itemId = '']): Promise<ItemAnswer> => {
    const found = await loadWatch(session, id);
    const collection = found.ok ? collectionOf(found.watch) : undefined;
    const path =
      collection !== undefined && isStorableId(collection, itemId) ? itemPath(collection, itemId) : undefined;
    const item = path === undefined ? undefined : readItem(await session.firestore.doc(path).get());
    return {
      itemId,
      document: path === undefined || item === undefined ? null : documentOf(path, item),
      changes: state.historyOf(id, itemId),
    };
  },
});

/** The collection that the watch has claimed, or else the one that its spec names. */
const collectionOf = ({ collection, spec }: Watch): string | undefined =>
  collection ?? (spec.ok ? spec.value.collection : undefined);

function documentOf(path: string, { item, etag, omitted, sequence, beside }: MirroredItem): ItemDocument {
  const { mirroredAt } = beside;
  const derived = Object.entries(beside).filter(([name]) => !OWN.has(name));
  return {
    path,
    data: item,
    etag,
    sequence,
    mirroredAt: typeof mirroredAt === 'number' ? mirroredAt : null,
    omitted,
    fields: Object.fromEntries(derived.map(([name, value]) => [name, textOf(name, value)])),
  };
}

function textOf(name: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (TIMES.has(name) && typeof value === 'number') return new Date(value).toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
