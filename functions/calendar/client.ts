import http from 'node:http';
import https from 'node:https';

import { calendar as createApi } from 'googleapis/build/src/apis/calendar/index.js';
import * as z from 'zod';

import type { Authorization } from './auth/credentials.ts';
import type { CredentialsOf } from './auth/index.ts';
import type { AuthMode } from './auth/modes.ts';
import type { Answer, Problem } from './errors.ts';
import {
  listQuery,
  quotaUser,
  watchQuery,
  type Item,
  type ListParameters,
  type Resource,
  type Target,
} from './resources.ts';
import { idleSocketCloser } from '../runtime/sockets.ts';
import { withRetries, type RetryDeps } from './retry.ts';

/** A token; absent, null and empty all mean none. */
const token = z
  .string()
  .nullish()
  .transform((text) => text || undefined);

/** One page of a list, with items exactly as Google sent them. */
const pageSchema = z.object({
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
  nextPageToken: token.optional(),
  nextSyncToken: token.optional(),
  /** The calendar's time zone, only with events. */
  timeZone: token.optional(),
});
export type Page = z.infer<typeof pageSchema>;

const eventSchema = z.looseObject({ id: z.string() });

/** For a response without content. */
const stoppedSchema = z.unknown().transform(() => true);

const channelSchema = z.object({
  resourceId: z.string().min(1),
  /** Unix ms: a string in Google's responses, a number in its documentation, or absent. */
  expiration: z.coerce.number().positive().nullish(),
});

interface WatchRequest {
  readonly channelId: string;
  readonly address: string;
  readonly token: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** A channel that Google opened. `expiresAt` (Unix ms) is the requested one if the response has none. */
interface OpenChannel {
  readonly resourceId: string;
  readonly expiresAt: number;
}

/** Google Calendar. No call throws for a response of Google's: see {@link Answer}. */
export interface CalendarClient {
  /** Lists one page: full without `syncToken`, incremental with it. */
  readonly list: (
    as: AuthMode,
    target: Target,
    parameters: ListParameters,
    tokens: { readonly syncToken?: string; readonly pageToken?: string },
  ) => Promise<Answer<Page>>;
  /** Gets one event, even a deleted one; undefined if Google does not, or no longer, have it. */
  readonly get: (as: AuthMode, target: Target, eventId: string) => Promise<Answer<Item | undefined>>;
  /** Opens a channel: https://developers.google.com/workspace/calendar/api/guides/push */
  readonly watch: (
    as: AuthMode,
    target: Target,
    parameters: ListParameters,
    request: WatchRequest,
  ) => Promise<Answer<OpenChannel>>;
  /** Closes a channel; false if Google does not, or no longer, have it. */
  readonly stop: (
    as: AuthMode,
    target: Target,
    channelId: string,
    resourceId: string,
  ) => Promise<Answer<boolean>>;
}

/** Parameters of every call. */
interface CommonParameters {
  readonly auth: Authorization;
  readonly quotaUser: string;
}

/** What the collections of Google's client have in common. */
interface Collection {
  readonly list: (query: CommonParameters, options: object) => Promise<{ readonly data: unknown }>;
  readonly watch: (query: CommonParameters, options: object) => Promise<{ readonly data: unknown }>;
}

const TIMEOUT_MS = 30_000;

/** Parses a response. A malformed one (an HTML page with status 200, say) counts as a temporary failure of Google's. */
function parse<T>(schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw Object.assign(new Error('unexpected response from Google Calendar'), { status: 502 });
}

/** Turns problems of these kinds, which say that something does not exist, into the value that stands for that. */
function orMissing<T, M>(answer: Answer<T>, kinds: readonly Problem['kind'][], missing: M): Answer<T | M> {
  if (answer.ok || !kinds.includes(answer.problem.kind)) return answer;
  return { ok: true, value: missing, failedAttempts: [...(answer.failedAttempts ?? []), answer.problem] };
}

/** The parameter of a collection in a calendar. The library sends every parameter that it is given. */
const inCalendar = ({ calendarId }: Target) => (calendarId === null ? {} : { calendarId });

/** @param rootUrl the API's root URL, which may have a path; Google's by default. */
export function createCalendarClient(
  rootUrl: string | undefined,
  credentialsOf: CredentialsOf,
  retryDeps: RetryDeps,
): CalendarClient {
  const api = createApi({ version: 'v3', retry: false, timeout: TIMEOUT_MS });
  // Those that Google's library uses.
  const closeIdleSockets = idleSocketCloser([http.globalAgent, https.globalAgent]);
  const root = rootUrl === undefined ? {} : { rootUrl: rootUrl.endsWith('/') ? rootUrl : `${rootUrl}/` };

  const collections: Readonly<Record<Resource, Collection>> = api;

  /** Makes a call with the parameters that all have in common, and parses the response. */
  const call = <T>(
    as: AuthMode,
    { user, resource }: Target,
    schema: z.ZodType<T>,
    send: (common: CommonParameters) => Promise<{ readonly data: unknown }>,
    options?: { readonly idempotent: boolean },
  ): Promise<Answer<T>> => {
    closeIdleSockets();
    const credentials = credentialsOf(as, user, resource);
    const sendAs = (auth: Authorization) => send({ auth, quotaUser: quotaUser(user) });
    const once = async (): Promise<T> => parse(schema, (await credentials.use(sendAs)).data);
    return withRetries(once, retryDeps, options);
  };

  return {
    list: (as, target, parameters, tokens) => {
      const query = { ...inCalendar(target), ...listQuery(target.resource, parameters), ...tokens };
      return call(as, target, pageSchema, (common) =>
        collections[target.resource].list({ ...common, ...query }, root),
      );
    },

    get: async (as, target, eventId) => {
      const calendarId = target.calendarId ?? '';
      const answer = await call(as, target, eventSchema, (common) =>
        api.events.get({ ...common, calendarId, eventId }, root),
      );
      return orMissing(answer, ['notFound', 'fullSyncRequired'], undefined);
    },

    watch: async (as, target, parameters, request) => {
      const requestBody = {
        id: request.channelId,
        type: 'web_hook',
        address: request.address,
        token: request.token,
        expiration: String(request.expiresAt),
      };
      const query = { ...inCalendar(target), ...watchQuery(target.resource, parameters), requestBody };
      const watch = (common: CommonParameters) =>
        collections[target.resource].watch({ ...common, ...query }, root);
      const answer = await call(as, target, channelSchema, watch, { idempotent: false });
      if (!answer.ok) return answer;
      const { resourceId, expiration } = answer.value;
      return { ...answer, value: { resourceId, expiresAt: expiration ?? request.expiresAt } };
    },

    stop: async (as, target, channelId, resourceId) => {
      const requestBody = { id: channelId, resourceId };
      const stopped = await call(as, target, stoppedSchema, (common) =>
        api.channels.stop({ ...common, requestBody }, root),
      );
      return orMissing(stopped, ['notFound'], false);
    },
  };
}
