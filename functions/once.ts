/**
 * What is made when it is first asked for, and then kept. Functions load this way what their first answer may not need: a start
 * from zero takes as long as what it loads.
 */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
