/** HTTP as the console's routes see it. */
interface ConsoleRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined without one. */
  readonly body: unknown;
}

/**
 * Answers a request with a value that is sent as JSON.
 * @throws {RouteError} for what the caller did wrong
 */
export type Handler = (
  request: ConsoleRequest,
  /** The segments of the path that the route's `*` stand for, decoded. */
  segments: readonly string[],
) => unknown;

/** Routes by method and path: `GET /api/watches/*`. A `*` stands for one segment. */
export type Routes = Readonly<Record<string, Handler>>;

/** A request that cannot be answered; the message says what to do. */
export class RouteError extends Error {
  override readonly name = 'RouteError';
  readonly status: 400 | 403 | 404 | 409 | 502;

  constructor(status: RouteError['status'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Returns the handler of a method and path and the segments that it takes; undefined if there is none. */
export function findRoute(
  routes: Routes,
  method: string,
  path: string,
): { readonly handler: Handler; readonly segments: readonly string[] } | undefined {
  const asked = path.split('/');
  for (const [name, handler] of Object.entries(routes)) {
    const [verb, pattern = ''] = name.split(' ');
    const parts = pattern.split('/');
    if (verb !== method || parts.length !== asked.length) continue;
    if (!parts.every((part, index) => part === '*' || part === asked[index])) continue;
    const segments = parts.flatMap((part, index) => (part === '*' ? [decode(asked[index] ?? '')] : []));
    return { handler, segments };
  }
  return undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RouteError(400, `the path has an invalid escape: ${segment}`);
  }
}
