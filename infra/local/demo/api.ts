import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

import { parseJson } from '../../../functions/runtime/json.ts';
import { exponentialDelay, retry } from '../../../functions/runtime/retry.ts';

const Item = z.looseObject({ id: z.string() });
const Items = z.looseObject({ items: z.array(Item) });

export type Item = z.infer<typeof Item>;

/** Returns `updated`. All its values have the same format, so that they compare as strings. */
function updatedOf(event: Readonly<Record<string, unknown>>): string {
  return typeof event['updated'] === 'string' ? event['updated'] : '';
}

/** Whether an item is this version of an event, or a later one. */
export const isVersionOf =
  (event: Item) =>
  (item: Readonly<Record<string, unknown>> | undefined): boolean =>
    item !== undefined && updatedOf(item) >= updatedOf(event);

/** An answer of the Calendar API, successful or not. */
export interface ApiAnswer {
  readonly status: number;
  /** Undefined if it is empty or not JSON. */
  readonly body: unknown;
}

/** The methods of the Calendar API that the demo and the trial call as one user. */
export interface Api {
  /** Makes any call. Throws only if no answer arrives. */
  call(method: string, path: string, body?: object): Promise<ApiAnswer>;
  insert(collection: string, body: object): Promise<Item>;
  patch(item: string, body: object): Promise<Item>;
  remove(item: string): Promise<void>;
  list(collection: string): Promise<Item[]>;
}

interface ApiOptions {
  /** Returns the bearer token of a call; by default the user's name, as the emulator has it. */
  readonly token?: () => Promise<string>;
  /** Aborts calls that are under way, and lets later ones fail. */
  readonly signal?: AbortSignal;
  /** The most attempts of a call that Google could not serve; 1 by default. */
  readonly attempts?: number;
}

/** An answer of Google that is not the expected one. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;
  /** Google's reason, `unknown` if there is none. */
  readonly reason: string;

  constructor(call: string, { status, body }: ApiAnswer) {
    super(`${call}: ${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.reason = reasonOf(body);
  }
}

const Failure = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })).min(1) }) });

/** Returns the reason in an answer of Google's, `unknown` if there is none. */
export const reasonOf = (body: unknown): string =>
  Failure.safeParse(body).data?.error.errors[0]?.reason ?? 'unknown';

/** https://developers.google.com/workspace/calendar/api/guides/errors */
const LIMITS = /^(?:userRateLimit|rateLimit|quota)Exceeded$/;

const isRetryable = ({ status, body }: ApiAnswer): boolean =>
  status >= 500 || status === 429 || (status === 403 && LIMITS.test(reasonOf(body)));

/** Timeout of one attempt. */
const TIMEOUT_MS = 30_000;

/**
 * Returns a client that calls the Calendar API as one user. Paths are relative to the API's root, such as `calendars/x/events`.
 * Each method but `call` throws an Error with Google's message if its call is rejected.
 */
export function apiAs(calendarUrl: string, user: string, options: ApiOptions = {}): Api {
  const { token = async () => user, signal, attempts = 1 } = options;
  const root = calendarUrl.replace(/\/+$/, '');

  async function attempt(method: string, path: string, body?: object): Promise<ApiAnswer> {
    const answer = await fetch(`${root}/calendar/v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: parseJson(await answer.text()) };
  }
  const call: Api['call'] = (method, path, body) =>
    retry(() => attempt(method, path, body), {
      isRetryable,
      maxAttempts: attempts,
      delay: exponentialDelay(1_000, 16_000, [0.5, 1], Math.random),
      sleep: (ms) => sleep(ms, undefined, signal && { signal }),
    });
  async function succeed(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await call(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new UnexpectedAnswer(`${method} ${path} as ${user}`, answer);
  }
  return {
    call,
    insert: async (collection, body) => Item.parse(await succeed('POST', collection, body)),
    patch: async (item, body) => Item.parse(await succeed('PATCH', item, body)),
    remove: async (item) => {
      await succeed('DELETE', item);
    },
    list: async (collection) => Items.parse(await succeed('GET', collection)).items,
  };
}
