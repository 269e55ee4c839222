/** An item of a watch: its document, and its history. */
import { isStorableId, itemPath } from '../../../functions/firestore/paths.ts';
import { readItem, type MirroredItem } from '../../../functions/mirror/items.ts';
import type { ConsoleContext } from '../context.ts';
import type { ItemAnswer, ItemDocument } from '../model/item.ts';
import { RouteError, type Routes } from '../server/exchange.ts';

/** Fields that are shown in their own right. */
const OWN = new Set(['etag', 'sequence', 'omitted', 'mirroredAt']);
/** Derived fields that are times, in Unix ms. */
const TIMES = new Set(['startsAt', 'endsAt', 'activeUntil', 'originalStartsAt']);

/** `GET /api/watches/<watch>/items/<item>`. */
export const itemRoutes = ({ session, state }: ConsoleContext): Routes => ({
  'GET /api/watches/*/items/*': async (_request, [id = '', itemId = '']): Promise<ItemAnswer> => {
    const found = await session.admin.findWatch(id);
    if (found === undefined) throw new RouteError(404, `there is no watch ${JSON.stringify(id)}`);
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

interface Located {
  readonly collection?: string | undefined;
  readonly spec:
    | { readonly ok: true; readonly value: { readonly collection: string } }
    | { readonly ok: false };
}

/** The collection that the watch has claimed, or else the one that its spec names. */
const collectionOf = ({ collection, spec }: Located): string | undefined =>
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
