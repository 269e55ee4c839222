import { isDeepStrictEqual } from 'node:util';

/** The differences between two states of an item, by top-level fields. */

export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object with fields, not a list. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Two states of an item. */
export interface Pair {
  readonly before: Fields;
  readonly after: Fields;
  /** Fields that one of them may lack for its size; `*` stands for any. Their absence is not a difference. */
  readonly omitted: readonly string[];
}

/** Fields that change with every edit. */
const VOLATILE = new Set(['etag', 'updated', 'sequence']);

/** Whether a field changes with every edit, and so says nothing. */
export const isVolatile = (name: string): boolean => VOLATILE.has(name);

const valueOf = (item: Fields, name: string): unknown => (Object.hasOwn(item, name) ? item[name] : undefined);

/** Whether both states have the field. */
export const haveBoth = ({ before, after }: Pair, name: string): boolean =>
  Object.hasOwn(before, name) && Object.hasOwn(after, name);

/** Returns the names of all fields that differ, omitted ones included. */
export function differingFields({ before, after }: Pick<Pair, 'before' | 'after'>): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(valueOf(before, name), valueOf(after, name)));
}

/** Whether the difference of a field means something: the field is neither volatile nor only omitted. */
export function isEdit(pair: Pair, name: string): boolean {
  if (isVolatile(name)) return false;
  const mayBeOmitted = pair.omitted.includes(name) || pair.omitted.includes('*');
  return !mayBeOmitted || haveBoth(pair, name);
}
