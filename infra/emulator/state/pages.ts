/** A place in a frozen list: the index of a source, and how many of its items are before the place. */
export type Position = readonly [index: number, skip: number];

export const START: Position = [0, 0];

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page starts; absent on the last one. */
  readonly next?: Position;
}

/** A frozen list that is read page by page: returns at most `size` items from a place on, the same whenever it is called. */
export type Pages<T> = (from: Position, size: number) => Page<T>;

interface Sources<S> {
  readonly length: number;
  at(index: number): S | undefined;
}

/** Returns the list of the items that each source has. They are computed when their page is read: neither may ever change. */
export const pagesOf =
  <S, T>(sources: Sources<S>, itemsOf: (source: S) => readonly T[]): Pages<T> =>
  ([first, skip], size) => {
    const items: T[] = [];
    for (let index = first; index < sources.length; index += 1) {
      const source = sources.at(index);
      const own = source === undefined ? [] : itemsOf(source);
      for (const [number, item] of own.entries()) {
        if (index === first && number < skip) continue;
        if (items.length === size) return { items, next: [index, number] };
        items.push(item);
      }
    }
    return { items };
  };

/** Returns the list of these items. */
export const pagesOfItems = <T>(items: readonly T[]): Pages<T> => pagesOf(items, (item) => [item]);

/** Returns the list of what each item becomes when its page is read. */
export const mapPages =
  <T, U>(pages: Pages<T>, show: (item: T) => U): Pages<U> =>
  (from, size) => {
    const { items, ...page } = pages(from, size);
    return { ...page, items: items.map(show) };
  };

/** Returns all items of a list. */
export const itemsOf = <T>(pages: Pages<T>): readonly T[] => pages(START, Infinity).items;
