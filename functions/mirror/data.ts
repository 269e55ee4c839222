import type { Item } from '../calendar/resources.ts';
import { decodeKey, encodeKey } from '../firestore/paths.ts';

/**
 * An item's `data` in Firestore: the item exactly as Google returned it, except that reserved keys are encoded, and fields that
 * no document can hold are left out and named.
 */

export interface Fitted {
  /** The item without the omitted fields; its keys are not encoded. */
  readonly item: Item;
  /** Sorted names of the omitted top-level fields; `*` if there are too many to name. */
  readonly omitted: readonly string[];
}

/** A document has at most 1 MiB (1,048,576 bytes). The rest is for its name and the fields beside `data`. */
const LARGEST_DATA = 1_000_000;
/** Firestore nests 20 levels deep, of which `data` and its fields take two. */
const DEEPEST = 18;
const LONGEST_KEY = 1500;
/** Bytes for the names of omitted fields, which the document holds too. */
const LARGEST_NAMES = 20_000;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the stored size of a value in bytes. https://firebase.google.com/docs/firestore/storage-size */
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

/** Whether Firestore can store a value: no array directly within an array, bounded depth and keys, well-formed text. */
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
 * Omits the largest top-level fields until the rest takes at most `limit` bytes by `sizeOf`. Never omits `id`, which identifies
 * the item.
 */
export function shrink(item: Item, limit: number, sizeOf: (value: unknown) => number): Fitted {
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

/** Returns names that a document can hold: well-formed, and not too many. */
function nameable(names: readonly string[]): readonly string[] {
  const proper = [...new Set(names.map((name) => name.toWellFormed()))].toSorted();
  return storedSize(proper) <= LARGEST_NAMES ? proper : ['*'];
}

/** Makes an item fit a document. Deterministic, so that results can be compared. */
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
  // fromEntries defines own properties, so a key such as `__proto__` is only data.
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [rename(key), mapKeys(each, rename)]));
}

/** Returns an item's `data`. */
export const encodeData = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([key, value]) => [encodeKey(key), mapKeys(value, encodeKey)]));

/** Returns the item that {@link encodeData} was given; `id` comes from the document if the data has none. */
export const decodeData = (data: Readonly<Record<string, unknown>>, id: string): Item => ({
  id,
  ...Object.fromEntries(
    Object.entries(data).map(([key, value]) => [decodeKey(key), mapKeys(value, decodeKey)]),
  ),
});
