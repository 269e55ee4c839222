/** What was used last, up to a number: enough for those who are served now, and bounded however many come by. */
export function createRecent<T>(most: number) {
  const kept = new Map<string, T>();
  return {
    get: (key: string): T | undefined => {
      const value = kept.get(key);
      if (value === undefined) return undefined;
      // A map remembers the order of insertion: what is used goes to the end, what is first goes first.
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    set: (key: string, value: T): void => {
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
    delete: (key: string): void => void kept.delete(key),
  };
}
