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
  });
  const value: unknown = await answer.json();
  if (answer.ok) return value;
  const error = typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined;
  throw new Error(typeof error === 'string' ? error : `the console answered ${String(answer.status)}`);
}
