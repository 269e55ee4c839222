import { alreadyExists, notFound } from './errors.ts';
import type { Resource } from './resource.ts';

/** Keeps resources by service and name (`pubsub/projects/p/topics/t`). */
export interface Store {
  readonly find: (key: string) => Resource | undefined;
  /** @throws CloudError 404 */
  readonly get: (key: string) => Resource;
  /** @throws CloudError 409 */
  readonly insert: (key: string, resource: Resource) => void;
  readonly replace: (key: string, resource: Resource) => void;
  /** Removes the resource and everything below it. */
  readonly remove: (key: string) => void;
  /** The resources of one collection, in the order of their names. `-` stands for every id. */
  readonly list: (collection: string) => readonly Resource[];
  /** When the resource was created, in ms. */
  readonly createdAt: (key: string) => number;
  /** All keys. */
  readonly keys: () => readonly string[];
}

const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);

export function createStore(now: () => number): Store {
  const kept = new Map<string, { readonly resource: Resource; readonly at: number }>();
  const get = (key: string): { readonly resource: Resource; readonly at: number } => {
    const found = kept.get(key);
    if (found === undefined) throw notFound(nameOf(key));
    return found;
  };
  return {
    find: (key) => kept.get(key)?.resource,
    get: (key) => get(key).resource,
    insert: (key, resource) => {
      if (kept.has(key)) throw alreadyExists(nameOf(key));
      kept.set(key, { resource, at: now() });
    },
    replace: (key, resource) => {
      kept.set(key, { resource, at: get(key).at });
    },
    remove: (key) => {
      get(key);
      for (const each of kept.keys()) if (each === key || each.startsWith(`${key}/`)) kept.delete(each);
    },
    list: (collection) => {
      const wanted = collection.split('/');
      return [...kept.keys()]
        .filter((key) => {
          const parts = key.split('/');
          return (
            parts.length === wanted.length + 1 &&
            wanted.every((part, index) => part === '-' || part === parts[index])
          );
        })
        .toSorted()
        .map((key) => get(key).resource);
    },
    createdAt: (key) => get(key).at,
    keys: () => [...kept.keys()],
  };
}
