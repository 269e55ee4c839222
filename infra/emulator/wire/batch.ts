/**
 * The batch endpoint, see https://developers.google.com/workspace/calendar/api/guides/batch. Each part of the request is a call of
 * its own: counted in quotas and in the journal, subject to faults, and answered even if others fail.
 */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { invalidArgument } from '../protocol/api-errors.ts';
import { googleError } from '../protocol/google-errors.ts';
import { type HttpReply, type HttpRequest, type Site, jsonReply } from '../protocol/exchange.ts';
import { type RequestText, parseRequest, writeResponse } from './http-message.ts';
import { withOverride } from './override.ts';
import { type Section, boundaryOf, parseMultipart, writeMultipart } from './multipart.ts';

/** The `batchPath` of the API definition. The global endpoint `/batch` is gone, so it is 404 here as with Google. */
const BATCH_PATH = '/batch/calendar/v3';

/** The documented limit of calls in one batch. */
const MAX_CALLS = 1_000;

/** Header fields of the batch that do not apply to its calls: those about its body or its connection. */
const OWN_HEADERS =
  /^(?:content-.*|host|connection|transfer-encoding|accept-encoding|x-http-method-override)$/;

/** Returns the batch endpoint. `call` answers one call; without an answer (a dropped connection) its part is a 503. */
export function createBatch(call: Site): Site {
  async function answerPart(batch: HttpRequest, part: Section): Promise<HttpReply> {
    const text = parseRequest(part.body);
    const request = text && requestOf(batch, text);
    if (request === undefined) return reject('Failed to parse the HTTP request of this part.');
    if (request.url.pathname.startsWith('/batch')) return reject('A batch cannot contain another batch.');
    if (isMedia(request.url)) return reject('A batch cannot contain uploads or downloads of media.');
    const reply = (await call(withOverride(request))) ?? jsonReply(503, googleError(503).body());
    return request.method === 'HEAD' ? { ...reply, body: '' } : reply;
  }

  return async (request) => {
    if (request.method !== 'POST' || request.url.pathname !== BATCH_PATH) return undefined;
    const boundary = boundaryOf(request.headers['content-type'] ?? '');
    const parts = boundary === undefined ? undefined : parseMultipart(request.body, boundary);
    const problem = problemOf(request, parts ?? []);
    if (parts === undefined || problem !== undefined) return rejectBatch(problem ?? unreadable(request, []));
    const replies = parts.map(async (part) => {
      // One call a turn, so that two calls never check a precondition before either of them writes. Delays overlap.
      await nextTurn();
      return writePart(part, await answerPart(request, part));
    });
    const answered = `batch_${randomBytes(24).toString('base64url')}`;
    return {
      status: 200,
      headers: { 'Content-Type': `multipart/mixed; boundary=${answered}` },
      body: writeMultipart(await Promise.all(replies), answered),
    };
  };
}

/** Applies the headers and the query of the batch to one of its calls, whose own values have precedence. */
function requestOf(
  batch: HttpRequest,
  { method, target, headers, body }: RequestText,
): HttpRequest | undefined {
  const given = URL.parse(target, batch.url.origin);
  if (given === null) return undefined;
  const url = new URL(batch.url.origin);
  url.pathname = given.pathname;
  url.search = given.search;
  for (const name of new Set(batch.url.searchParams.keys())) {
    if (url.searchParams.has(name)) continue;
    for (const value of batch.url.searchParams.getAll(name)) url.searchParams.append(name, value);
  }
  const shared = Object.entries(batch.headers).filter(([name]) => !OWN_HEADERS.test(name));
  return { method, url, headers: { ...Object.fromEntries(shared), ...headers }, body };
}

const isMedia = ({ pathname, searchParams }: URL): boolean =>
  /^\/(?:resumable\/)?upload\//.test(pathname) || searchParams.get('alt') === 'media';

/** Returns why a batch as a whole is rejected, in Google's words as clients have quoted them. */
function problemOf(request: HttpRequest, parts: readonly Section[]): string | undefined {
  // https://github.com/mhasbini/gmail_analyzer/issues/12
  if (parts.length > MAX_CALLS)
    return `Inner request count exceeds the limit. Received: ${parts.length}, Limit: ${MAX_CALLS}`;
  const wrong = parts.some(
    ({ headers }) => !/^application\/http\s*(?:;|$)/i.test(headers['content-type'] ?? ''),
  );
  if (parts.length === 0 || wrong) return unreadable(request, parts);
  // https://github.com/googleapis/google-api-dotnet-client/issues/1969
  const ids = parts.flatMap(({ headers }) => headers['content-id'] ?? []);
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  return repeated === undefined ? undefined : `Duplicate Request ID in Batch Request: ${repeated}`;
}

/** https://github.com/skaut/skaut-google-drive-gallery/issues/2155 */
const unreadable = ({ body }: HttpRequest, parts: readonly Section[]): string =>
  `Failed to parse batch request, error: ${parts.length} items. Received batch body: (${Buffer.byteLength(body)}) bytes redacted`;

/** Returns Google's answer to a batch that it does not run, which is a list of one error. */
const rejectBatch = (message: string): HttpReply => jsonReply(400, [invalidArgument(message).body()]);

function reject(message: string): HttpReply {
  return jsonReply(400, googleError(400, 'badRequest', message).body());
}

function writePart({ headers }: Section, { status, headers: fields = {}, body = '' }: HttpReply): Section {
  const id = headers['content-id'];
  return {
    headers: {
      'Content-Type': 'application/http',
      ...(id === undefined ? {} : { 'Content-ID': id.replace(/^<?/, '$&response-') }),
    },
    body: writeResponse({
      status,
      headers: fields,
      body: typeof body === 'string' ? body : Buffer.from(body).toString('utf8'),
    }),
  };
}
