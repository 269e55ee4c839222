/**
 * Adds an element to a list of the latest. It has up to twice as many as the limit: dropping one at a time would copy the list each
 * time.
 */
export function keepLatest<T>(list: T[], added: T, limit: number): void {
  list.push(added);
  if (list.length >= limit * 2) list.splice(0, list.length - limit);
}
