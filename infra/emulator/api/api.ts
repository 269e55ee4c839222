/**
 * Handles one API request: faults, authentication, quotas, route, preconditions. It has no access to sockets; it returns what to
 * send.
 */
import { loginRequired } from '../protocol/api-errors.ts';
import { googleError, internalError } from '../protocol/google-errors.ts';
import { CalendarError } from '../protocol/http.ts';
import { etagOf, requireUnchanged, unlessUnchanged } from './conditionals.ts';
import { CREDENTIALS, identify, isPublic } from './credentials.ts';
import { readJsonBody } from './json-body.ts';
import { readParameters } from './parameters.ts';
import { loadSelectors } from './partial-response.ts';
import { requireScopes } from './scopes.ts';
import { readSystemParameters, renderAnswer } from './system-parameters.ts';
import type { Faults } from '../faults/faults.ts';
import type { Journal } from '../journal/journal.ts';
import type { HttpReply, HttpRequest } from '../protocol/exchange.ts';
import type { Answer, Call } from '../protocol/http.ts';
import type { Clock } from '../state/clock.ts';
import type { Caller, ReadToken } from './credentials.ts';
import type { Quota } from './quota.ts';
import type { Match, Router } from './router.ts';

/** Path prefix of the API, as in Google's URLs. */
const BASE_PATH = '/calendar/v3';

/** What to send back. `hangUp` closes the connection without a response. */
export type ApiReply =
  | { readonly kind: 'hangUp'; readonly afterSent?: () => void }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly afterSent?: () => void;
    };

interface Dependencies {
  readonly router: Router;
  readonly faults: Faults;
  readonly quota: Quota;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Creates the account of a caller on first use. */
  readonly signIn: (user: string) => void;
  readonly readToken: ReadToken;
  /** The valid API keys; undefined for any. */
  readonly apiKeys?: readonly string[] | undefined;
  /** Waits. Resolves to false if the emulator closes in the meantime. */
  readonly pause: (ms: number) => Promise<boolean>;
}

/** Returns the handler of all API requests. It answers and journals every request, and never throws. */
export function createApi(deps: Dependencies): (request: HttpRequest) => Promise<ApiReply> {
  const { router, faults, journal, clock, pause } = deps;

  async function answer(
    request: HttpRequest,
    path: string,
    match: Match | undefined,
    caller: Caller | CalendarError,
  ): Promise<ApiReply> {
    const effects = faults.onRequest({
      method: match?.route.id ?? 'unknown',
      path: request.url.pathname,
      user: userOf(caller),
      calendarId: match?.params['calendarId'],
    });
    let lost = false;
    for (const effect of effects) {
      if (effect.do === 'delay' && !(await pause(effect.ms))) return { kind: 'hangUp' };
      if (effect.do === 'fail') {
        const failure = googleError(effect.status, effect.reason, effect.message);
        const after = effect.retryAfterSeconds;
        return reject(failure, after === undefined ? {} : { 'Retry-After': String(after) });
      }
      if (effect.do === 'hangUp') {
        if (effect.when === 'before') return { kind: 'hangUp' };
        lost = true;
      }
    }
    const reply = await serve(deps, request, path, match, caller).then(succeed, rejectAny);
    if (!lost) return reply;
    return { kind: 'hangUp', ...(reply.afterSent ? { afterSent: reply.afterSent } : {}) };
  }

  return (request) =>
    journal.during(async (id) => {
      const started = performance.now();
      const path = request.url.pathname.slice(BASE_PATH.length);
      const match = request.url.pathname.startsWith(`${BASE_PATH}/`)
        ? router(readMethod(request), path)
        : undefined;
      const caller = identify(request, deps.readToken, deps.apiKeys);
      const reply = await answer(request, path, match, caller).catch(rejectAny);
      const user = userOf(caller);
      const reason = reply.kind === 'answer' ? reasonOf(reply.body) : undefined;
      journal.record({
        kind: 'request',
        id,
        time: clock.now(),
        method: match?.route.id ?? 'unknown',
        httpMethod: request.method,
        path: request.url.pathname,
        query: recordOf(request.url.searchParams),
        ...(user === undefined ? {} : { user }),
        status: reply.kind === 'answer' ? reply.status : 0,
        ...(reason === undefined ? {} : { reason }),
        ms: performance.now() - started,
      });
      return reply;
    });
}

async function serve(
  { router, quota, signIn }: Dependencies,
  request: HttpRequest,
  path: string,
  match: Match | undefined,
  caller: Caller | CalendarError,
): Promise<Answer> {
  const query = request.url.searchParams;
  if (match === undefined) throw googleError(404, 'notFound');
  // Google checks these before it looks at credentials.
  const { fields, quotaUser } = readSystemParameters(query);
  if (caller instanceof CalendarError) throw caller;
  const { user = '' } = caller;
  if (user !== '') signIn(user);
  else if (!isPublic(match.route.id)) throw loginRequired();
  await requireScopes(match.route.id, caller.scopes);
  quota.charge(user, quotaUser);
  const call: Call = {
    user,
    params: match.params,
    query: readParameters(match.route.id, query),
    body: readJsonBody(request),
    headers: request.headers,
    baseUrl: request.url.origin + BASE_PATH,
  };
  // Reject an invalid selector before the request has any effect.
  const select = fields === null ? undefined : (await loadSelectors())(match.route.id, fields);
  if (request.method === 'PUT' || request.method === 'PATCH' || request.method === 'DELETE') {
    await requireUnchanged(router, path, call);
  }
  const answer = await match.route.handle(call);
  const needed = readMethod(request) === 'GET' ? unlessUnchanged(answer, call) : answer;
  if (select === undefined || needed.body === undefined) return needed;
  const etag = etagOf(needed);
  return { ...needed, ...(etag === undefined ? {} : { etag }), body: select(needed.body) };
}

/** HEAD is GET without the body of its answer: https://github.com/brekkylab/backlot/issues/276. */
const readMethod = ({ method }: HttpRequest): string => (method === 'HEAD' ? 'GET' : method);

const userOf = (caller: Caller | CalendarError): string | undefined =>
  caller instanceof CalendarError ? undefined : caller.user;

function succeed(answer: Answer): ApiReply {
  const etag = etagOf(answer);
  const { status, body, afterSent } = answer;
  return {
    kind: 'answer',
    status,
    headers: etag === undefined ? {} : { ETag: etag },
    ...(body === undefined ? {} : { body }),
    ...(afterSent ? { afterSent } : {}),
  };
}

function reject(error: CalendarError, headers: Record<string, string> = {}): ApiReply {
  const { challenge = error.status === 401 ? '' : undefined } = error.outer;
  const words = ['Bearer realm="https://accounts.google.com/"', challenge].filter(Boolean).join(', ');
  const own: Record<string, string> = challenge === undefined ? {} : { 'WWW-Authenticate': words };
  return { kind: 'answer', status: error.status, headers: { ...own, ...headers }, body: error.body() };
}

/** Returns an answer as HTTP. */
export function replyOf(
  { status, headers, body }: Extract<ApiReply, { kind: 'answer' }>,
  request: HttpRequest,
): HttpReply {
  // Google: https://developers.google.com/workspace/calendar/api/guides/version-resources
  const caching = { 'Cache-Control': 'private, max-age=0, must-revalidate' };
  return renderAnswer(request, status, body, { ...caching, ...headers });
}

const rejectAny = (error: unknown): ApiReply =>
  reject(error instanceof CalendarError ? error : internalError(error));

function reasonOf(body: unknown): string | undefined {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  const errors = typeof error === 'object' && error !== null && 'errors' in error ? error.errors : undefined;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const reason = typeof first === 'object' && first !== null && 'reason' in first ? first.reason : undefined;
  return typeof reason === 'string' ? reason : undefined;
}

/** Returns a query for the journal, without credentials. */
function recordOf(query: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(query.keys())]
      .filter((name) => !CREDENTIALS.has(name))
      .map((name) => {
        const values = query.getAll(name);
        return [name, values.length === 1 ? (values[0] ?? '') : values];
      }),
  );
}
