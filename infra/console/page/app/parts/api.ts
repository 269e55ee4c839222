/**
 * Calls a route of the server that the page came from: with a body, for an action.
 * @throws Error with what the server says is wrong
 */
export async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  }).catch((cause: unknown) => {
    throw new Error('The console does not answer: is calendar-mirror still running?', { cause });
  });
  const value: unknown = await answer.json();
  if (answer.ok) return value;
  const error = isError(value) ? value.error : undefined;
  throw new Error(typeof error === 'string' ? error : `the console answered ${String(answer.status)}`);
}

/**
 * Reads a route.
 * @throws Error with what the server says is wrong, or if its answer is not that of this route
 */
export async function read<T>(path: string, isIt: (value: unknown) => value is T): Promise<T> {
  const value = await call('GET', path);
  if (!isIt(value)) throw new Error(`the console's answer is not that of ${path}`);
  return value;
}

/** Returns a check for an object with these fields. The server is our own, and shares its types: some fields are enough. */
export const has =
  <T>(...fields: readonly (keyof T & string)[]) =>
  (value: unknown): value is T =>
    typeof value === 'object' && value !== null && fields.every((field) => field in value);

const isError = has<{ readonly error: unknown }>('error');
