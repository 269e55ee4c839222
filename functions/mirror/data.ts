import type { Item } from '../calendar/resources.ts';
import { decodeKey, encodeKey } from './ids.ts';

/**
 * An item's `data` in Firestore: the item exactly as Google returned it, but for keys that Firestore reserves (encoded)
 * and fields that no document can hold (left out and named).
 */

export interface Fitted {
  /** The item without what had to be left out; its keys are still Google's. */
  readonly item: Item;
  /** Names of the top-level fields left out, in alphabetical order; `*` where they are too many to name. */
  readonly omitted: readonly string[];
}

/** A document has at most 1 MiB (1,048,576 bytes); what is left is for its name and the fields beside `data`. */
const LARGEST_DATA = 1_000_000;
/** Firestore nests 20 levels deep; two are taken by `data` and its fields. */
const DEEPEST = 18;
const LONGEST_KEY = 1500;
/** Bytes of the names of what is left out, which stand in the document too. */
const LARGEST_NAMES = 20_000;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The bytes a value takes ("Storage size calculations"): text and a byte, 8 for a number, 1 for the rest. */
export function storedSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 1;
  if (typeof value === 'number') return 8;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + storedSize(each), 32);
  if (!isMap(value)) return 1;
  let size = 32;
  for (const [key, each] of Object.entries(value))
    size += Buffer.byteLength(encodeKey(key)) + 1 + storedSize(each);
  return size;
}

/** Whether Firestore can hold a value at all: no array directly in an array, no abyss, no endless key, only real text. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (Array.isArray(value)) {
    return depth < DEEPEST && value.every((each) => !Array.isArray(each) && isStorable(each, depth + 1));
  }
  if (!isMap(value)) return true;
  return (
    depth < DEEPEST &&
    Object.entries(value).every(
      ([key, each]) =>
        key.isWellFormed() && Buffer.byteLength(encodeKey(key)) <= LONGEST_KEY && isStorable(each, depth + 1),
    )
  );
}

/**
 * Leaves out the largest top-level fields until the rest takes at most `limit` bytes by `sizeOf`. `id` always stays:
 * it is what the item is found by.
 */
export function shrink(
  item: Item,
  limit: number,
  sizeOf: (value: unknown) => number,
): { readonly item: Item; readonly omitted: readonly string[] } {
  let size = sizeOf(item);
  if (size <= limit) return { item, omitted: [] };
  const largestFirst = Object.entries(item)
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => ({ name, size: sizeOf(value) + Buffer.byteLength(name) + 1 }))
    .toSorted((a, b) => b.size - a.size);
  const omitted = new Set<string>();
  for (const field of largestFirst) {
    if (size <= limit) break;
    size -= field.size;
    omitted.add(field.name);
  }
  return { item: without(item, omitted), omitted: [...omitted].toSorted() };
}

function without(item: Item, names: ReadonlySet<string>): Item {
  return { ...Object.fromEntries(Object.entries(item).filter(([name]) => !names.has(name))), id: item.id };
}

/** Names as a document can hold them: proper text, and not more than it has room for. */
function nameable(names: readonly string[]): readonly string[] {
  const proper = [...new Set(names.map((name) => name.toWellFormed()))].toSorted();
  return storedSize(proper) <= LARGEST_NAMES ? proper : ['*'];
}

/** Makes an item fit a document. The same item always comes out the same, so that results can be compared. */
export function fit(item: Item): Fitted {
  const impossible = new Set(
    Object.entries(item)
      .filter(([key, value]) => !isStorable({ [key]: value }, 0))
      .map(([key]) => key),
  );
  const possible = impossible.size === 0 ? item : without(item, impossible);
  const shrunk = shrink(possible, LARGEST_DATA, storedSize);
  return { item: shrunk.item, omitted: nameable([...impossible, ...shrunk.omitted]) };
}

function mapKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => mapKeys(each, rename));
  if (!isMap(value)) return value;
  // fromEntries defines own properties: a key like `__proto__` is data here and nothing else.
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [rename(key), mapKeys(each, rename)]));
}

/** The item as it stands in a document. */
export const encodeData = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([key, value]) => [encodeKey(key), mapKeys(value, encodeKey)]));

/** The item that {@link encodeData} was given; `id` comes from the document where the data has none. */
export const decodeData = (data: Readonly<Record<string, unknown>>, id: string): Item => ({
  id,
  ...Object.fromEntries(
    Object.entries(data).map(([key, value]) => [decodeKey(key), mapKeys(value, decodeKey)]),
  ),
});
