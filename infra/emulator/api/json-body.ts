/** Reads the JSON body of an API call. */
import { invalidArgument } from '../protocol/api-errors.ts';
import { isTooDeep, MAX_DEPTH } from '../protocol/body.ts';
import type { HttpRequest } from '../protocol/exchange.ts';
import type { CalendarError } from '../protocol/http.ts';

/** The length of what Google repeats of a body that it cannot read, roughly. */
const MAX_EXCERPT = 60;

/**
 * Returns the body of a request, or undefined if it is empty.
 * @throws CalendarError 400 `parseError` if it is not JSON (worded as in
 *   https://github.com/Zren/plasma-applet-eventcalendar/issues/137), if it is nested too deeply, or if it is a form: what curl's
 *   `--data` sends unless told otherwise, and Google does not read
 */
export function readJsonBody({ body, headers }: HttpRequest): unknown {
  if (body.trim() === '') return undefined;
  if (/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')) {
    throw parseError('This API does not support parsing form-encoded input.');
  }
  const value = parse(body);
  if (isTooDeep(value))
    throw parseError(`Invalid JSON payload received. It is nested in more than ${MAX_DEPTH} levels.`);
  return value;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const [line = ''] = body.trim().split('\n');
    throw parseError(`Invalid JSON payload received. Unexpected token.\n${line.slice(0, MAX_EXCERPT)}\n^`);
  }
}

const parseError = (message: string): CalendarError => invalidArgument(message, 'parseError');
