/**
 * The parameters that every method accepts (https://docs.cloud.google.com/apis/docs/system-parameters). Where Google documents no
 * error, the emulator follows what was measured on Google Drive, which has the same front end
 * (https://github.com/brekkylab/backlot/issues/309, https://github.com/brekkylab/backlot/pull/202,
 * https://github.com/brekkylab/backlot/pull/220).
 */
import { invalidArgument } from '../protocol/api-errors.ts';
import { jsonReply } from '../protocol/exchange.ts';
import type { HttpReply, HttpRequest } from '../protocol/exchange.ts';

/** A name that a script can call. */
const CALLBACK = /^[\w$.[\]]+$/;

export interface SystemParameters {
  /** The selector of a partial response; null for the whole one. */
  readonly fields: string | null;
  /** Whom to charge instead of the user: `quotaUser`, or `userIp`, which it replaces. */
  readonly quotaUser: string | null;
}

/**
 * Reads the parameters of a request. Those that the API's definition does not have are ignored, except `$.xgafv`, whose values are
 * checked, and `callback`, which Google accepts nevertheless (see `renderAnswer`).
 * @throws CalendarError 400 `badRequest`
 */
export function readSystemParameters(query: URLSearchParams): SystemParameters {
  // Of this one, the last repetition counts.
  const errorFormat = query.getAll('$.xgafv').at(-1);
  if (errorFormat !== undefined && errorFormat !== '1' && errorFormat !== '2')
    throw invalidArgument(
      `Invalid query parameters. Invalid value '${errorFormat}' for system query parameter : $.xgafv`,
    );
  checkAlt(query.get('alt') ?? '');
  const callback = query.get('callback') ?? '';
  if (callback !== '' && !CALLBACK.test(callback))
    throw invalidArgument(
      `Invalid JSONP callback name: '${callback}'; only alphabet, number, '_', '$', '.', '[' and ']' are allowed.`,
    );
  const quotaUser = query.get('quotaUser') ?? query.get('userIp');
  return { fields: query.get('fields'), quotaUser };
}

/** The definition has one format only. An empty `alt` counts as absent; case does not matter. */
function checkAlt(alt: string): void {
  const format = alt.toLowerCase();
  if (format === '' || format === 'json') return;
  throw invalidArgument(
    format === 'media'
      ? 'Unsupported alt type "media" for non byte stream request.'
      : `Invalid value "${alt}" for query parameter 'alt'`,
  );
}

/**
 * Returns the function of a page that is to be called with the answer (JSONP), or undefined for plain JSON. Only a `<script>` asks
 * so, with GET.
 */
function callbackOf({ method, url }: HttpRequest): string | undefined {
  const callback = url.searchParams.get('callback');
  return method === 'GET' && callback !== null && CALLBACK.test(callback) ? callback : undefined;
}

/**
 * Returns an answer in JSON: indented, unless it is a success and `prettyPrint` is `false` or `0` (other values count as `true`). With
 * `callback` it is a script, which a page can only read with status 200.
 */
export function renderAnswer(
  request: HttpRequest,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): HttpReply {
  const compact = /^(?:false|0)$/.test(request.url.searchParams.get('prettyPrint') ?? '');
  const reply = jsonReply(status, body, headers, status >= 400 || !compact);
  const callback = callbackOf(request);
  if (callback === undefined || typeof reply.body !== 'string') return reply;
  return {
    status: 200,
    headers: { ...reply.headers, 'Content-Type': 'text/javascript; charset=UTF-8' },
    body: `// API callback\n${callback}(${reply.body.trimEnd()}\n);`,
  };
}
