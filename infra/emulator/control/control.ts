/**
 * The control routes under `/emulator/`: what a test in the same process can do, as JSON over HTTP. They need no authentication
 * and are not journaled, because they are not part of the API.
 */
import * as z from 'zod';
import { type Json, describeIssues, isObject, isTooDeep, MAX_DEPTH } from '../protocol/body.ts';
import { faultRule, resource } from '../faults/fault-rules.ts';
import { oauthControl } from '../oauth/control.ts';
import { scenarioControl } from '../scenarios/control.ts';
import { parseSeed } from '../seed/seed.ts';
import { canonicalAddress } from '../protocol/address.ts';
import { jsonReply } from '../protocol/exchange.ts';
import { messageOf } from '../protocol/message.ts';
import type { Site } from '../protocol/exchange.ts';
import type { CalendarEmulator, RunningEmulator } from '../types.ts';

/** Path prefix of the control routes. */
const CONTROL_PATH = '/emulator';

/** Routes below the same path that other parts of the server answer. */
const ROUTES_ELSEWHERE = ['GET /coverage', 'GET /users', 'GET /as/<path of the API>', 'GET /stream'];

type Handler = (body: unknown, query: URLSearchParams) => unknown;

const channelFilter = z.strictObject({
  id: z.string().optional(),
  user: z.string().optional(),
  resource: resource.optional(),
  calendarId: z.string().optional(),
});

const collection = z.discriminatedUnion('resource', [
  z.strictObject({ resource: z.enum(['events', 'acl']), calendarId: z.string() }),
  z.strictObject({ resource: z.enum(['calendarList', 'settings']), user: z.string() }),
]);

const verbatim = z.strictObject({
  calendarId: z.string(),
  // Neither validated nor copied: any JSON is kept as it is.
  event: z.custom<Json>(isObject, 'an object'),
});
const setting = z.strictObject({ user: z.email(), id: z.string().min(1), value: z.string() });
const clockAdvance = z.strictObject({ advanceMs: z.number().min(0) });
const spurious = channelFilter.extend({ state: z.enum(['sync', 'exists', 'not_exists']).optional() });

/** Returns the control routes. `onChange` is called after each one that changes something. */
export function createControl(emulator: RunningEmulator, onChange: () => void = () => undefined): Site {
  const { store, faults, journal, channels, clock } = emulator;

  const handlers: Readonly<Record<string, Handler>> = {
    'GET /health': () => ({ status: 'ok', url: emulator.url, now: new Date(clock.now()).toISOString() }),
    'GET /journal': (_body, query) => readJournal(emulator, query),
    'DELETE /journal': () => journal.clear(),
    'GET /faults': () => faults.list(),
    'POST /faults': (body) => {
      const rules = z.array(faultRule).parse(Array.isArray(body) ? body : [body]);
      return { ids: rules.map((rule) => faults.add(rule)) };
    },
    'DELETE /faults': (_body, query) => {
      const id = query.get('id');
      if (id === null) faults.clear();
      else if (!faults.remove(id)) throw new ControlError(404, `fault '${id}' not found`);
    },
    'POST /settings': (body) => {
      const { user, id, value } = setting.parse(body);
      store.setSetting(user, id, value);
    },
    'POST /events': (body) => {
      const { calendarId, event } = verbatim.parse(body);
      if (!store.calendars.has(canonicalAddress(calendarId)))
        throw new ControlError(404, `calendar '${calendarId}' not found`);
      return emulator.putEvent(calendarId, event);
    },
    'POST /expire-sync-tokens': (body) => store.expireSyncTokens(collection.optional().parse(empty(body))),
    'GET /channels': (_body, query) => channels.list(channelFilter.parse(Object.fromEntries(query))),
    'POST /expire-channels': (body) => ({ expired: channels.expire(channelFilter.parse(body ?? {})) }),
    'POST /kill-channels': (body) => ({ killed: channels.kill(channelFilter.parse(body ?? {})) }),
    'POST /notify': async (body) => {
      const { state, ...filter } = spurious.parse(body ?? {});
      return { notified: await channels.notify(filter, state) };
    },
    'POST /clock': (body) => {
      clock.advance(clockAdvance.parse(body).advanceMs);
      return { now: new Date(clock.now()).toISOString() };
    },
    ...scenarioControl(emulator),
    ...oauthControl(emulator.oauth),
    'POST /settle': () => emulator.settle(),
    'POST /seed': (body) => emulator.seed(parseSeed(body)),
    'POST /reset': () => emulator.reset(),
  };

  return async ({ method, url, body }) => {
    if (!url.pathname.startsWith(`${CONTROL_PATH}/`)) return undefined;
    const path = url.pathname.slice(CONTROL_PATH.length);
    const handler = handlers[`${method} ${path}`];
    if (handler === undefined) {
      const routes = [...Object.keys(handlers), ...ROUTES_ELSEWHERE];
      const known = routes.map((route) => route.replace(' ', ` ${CONTROL_PATH}`));
      return jsonReply(404, { error: `unknown route: ${method} ${url.pathname}`, known });
    }
    try {
      const result = await handler(parse(body), url.searchParams);
      if (method !== 'GET') onChange();
      return jsonReply(200, result ?? { status: 'ok' });
    } catch (error) {
      return jsonReply(error instanceof ControlError ? error.status : 400, { error: explain(error) });
    }
  };
}

class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/**
 * Parses `?kind=request|notification` and any field of an entry: `?kind=request&method=calendar.events.list`. `?cause=` selects a
 * request and the notifications of its changes.
 */
function readJournal({ journal }: Pick<CalendarEmulator, 'journal'>, query: URLSearchParams): unknown {
  const { kind, status, cause, ...rest } = z
    .object({
      kind: z.enum(['request', 'notification']).optional(),
      status: z.coerce.number().optional(),
      cause: z.string().optional(),
    })
    .loose()
    .parse(Object.fromEntries(query));
  const filter = status === undefined ? rest : { ...rest, status };
  return {
    counts: journal.counts(),
    ...(kind === 'notification'
      ? {}
      : { requests: journal.requests({ ...filter, ...(cause && { id: cause }) }) }),
    ...(kind === 'request'
      ? {}
      : { notifications: journal.notifications({ ...filter, ...(cause && { cause }) }) }),
  };
}

function parse(body: string): unknown {
  if (body.trim() === '') return undefined;
  const value = valueOf(body);
  if (isTooDeep(value)) throw new ControlError(400, `the body is nested in more than ${MAX_DEPTH} levels`);
  return value;
}

function valueOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ControlError(400, `the body is not valid JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** An empty object means the same as no body: everything. */
function empty(body: unknown): unknown {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0 ? undefined : body;
}

const explain = (error: unknown): string =>
  error instanceof z.ZodError ? describeIssues(error) : messageOf(error);
