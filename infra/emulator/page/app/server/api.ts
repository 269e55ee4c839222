/** The emulator as the page calls it: control routes, reads that leave no trace, and calls of the API as any user. */

/** An answer that is an error, in the words of the server. */
class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Parses an answer. The page comes from the server that answers, so that both are of the same version. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what the server sends
export function parseJson<T>(text: string): T {
  const value: T = JSON.parse(text);
  return value;
}

type Query = Readonly<Record<string, string>>;

/** Calls a control route, such as `faults` or `clock`. */
export function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  return send(method, path, {}, body);
}

/**
 * Reads the API as a user, in what it shows but not in its effects: the journal does not record it, and neither faults nor quotas
 * act on it.
 */
export function look<T>(user: string, path: string, query: Query = {}): Promise<T> {
  const text = new URLSearchParams({ ...query, user }).toString();
  return send('GET', `as${path}?${text}`, {}, undefined);
}

/** Reads all pages of a list, as `look` does. */
export async function lookAll<T>(user: string, path: string, query: Query = {}): Promise<readonly T[]> {
  const items: T[] = [];
  let pageToken: string | undefined;
  do {
    const page: { items?: readonly T[]; nextPageToken?: string } = await look(user, path, {
      ...query,
      ...(pageToken !== undefined && { pageToken }),
    });
    items.push(...(page.items ?? []));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return items;
}

/** Calls the API as an app would, with a user's address as bearer token. */
export function call<T>(
  user: string,
  method: string,
  path: string,
  { body, query = {}, etag }: { body?: unknown; query?: Query; etag?: string | undefined } = {},
): Promise<T> {
  const text = new URLSearchParams(query).toString();
  const headers = { authorization: `Bearer ${user}`, ...(etag !== undefined && { 'if-match': etag }) };
  return send(method, `../calendar/v3${path}${text === '' ? '' : `?${text}`}`, headers, body);
}

async function send<T>(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new ApiError(0, 'No response from the emulator', { cause });
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, messageOf(text, response.status));
  return parseJson(text === '' ? 'null' : text);
}

/** Returns what an error body says: Google's form, or that of the control routes. */
function messageOf(text: string, status: number): string {
  let body: { error?: string | { message?: string; errors?: readonly { reason?: string }[] } };
  try {
    body = parseJson(text);
  } catch {
    return `HTTP ${status}`;
  }
  const { error } = body;
  if (typeof error === 'string') return error;
  const reason = error?.errors?.[0]?.reason;
  return `${error?.message ?? `HTTP ${status}`}${reason === undefined ? '' : ` (${status} ${reason})`}`;
}
