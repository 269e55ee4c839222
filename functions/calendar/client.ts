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

  const call = (as: AuthMode, target: Target) => {
    closeIdleSockets();
    return {
      credentials: credentialsOf(as, target.user, target.resource),
      common: { quotaUser: quotaUser(target.user) },
      calendarId: target.calendarId ?? '',
    };
  };

  return {
    list: (as, target, parameters, tokens) => {
      const { credentials, common, calendarId } = call(as, target);
      const list = async (authorization: Authorization): Promise<{ data: unknown }> => {
        const query = {
          auth: authorization,
          ...common,
          ...listQuery(target.resource, parameters),
          ...tokens,
        };
        switch (target.resource) {
          case 'events':
            return api.events.list({ ...query, calendarId }, root);
          case 'acl':
            return api.acl.list({ ...query, calendarId }, root);
          case 'calendarList':
            return api.calendarList.list(query, root);
          case 'settings':
            return api.settings.list(query, root);
        }
      };
      return withRetries(async () => parse(pageSchema, (await credentials.use(list)).data), retryDeps);
    },

    get: async (as, target, eventId) => {
      const { credentials, common, calendarId } = call(as, target);
      const get = (authorization: Authorization): Promise<{ data: unknown }> =>
        api.events.get({ auth: authorization, ...common, calendarId, eventId }, root);
      const read = async () => parse(eventSchema, (await credentials.use(get)).data);
      return orMissing(await withRetries(read, retryDeps), ['notFound', 'fullSyncRequired'], undefined);
    },

    watch: async (as, target, parameters, request) => {
      const { credentials, common, calendarId } = call(as, target);
      const channelRequest = {
        ...common,
        ...watchQuery(target.resource, parameters),
        requestBody: {
          id: request.channelId,
          type: 'web_hook',
          address: request.address,
          token: request.token,
          expiration: String(request.expiresAt),
        },
      };
      const watch = async (authorization: Authorization): Promise<{ data: unknown }> => {
        const query = { auth: authorization, ...channelRequest };
        switch (target.resource) {
          case 'events':
            return api.events.watch({ ...query, calendarId }, root);
          case 'acl':
            return api.acl.watch({ ...query, calendarId }, root);
          case 'calendarList':
            return api.calendarList.watch(query, root);
          case 'settings':
            return api.settings.watch(query, root);
        }
      };
      const answer = await withRetries(
        async () => parse(channelSchema, (await credentials.use(watch)).data),
        retryDeps,
        { idempotent: false },
      );
      if (!answer.ok) return answer;
      const { resourceId, expiration } = answer.value;
      return { ...answer, value: { resourceId, expiresAt: expiration ?? request.expiresAt } };
    },

    stop: async (as, target, channelId, resourceId) => {
      const { credentials, common } = call(as, target);
      const requestBody = { id: channelId, resourceId };
      const stop = (authorization: Authorization) =>
        api.channels.stop({ auth: authorization, ...common, requestBody }, root);
      const stopOnce = async (): Promise<boolean> => {
        await credentials.use(stop);
        return true;
      };
      return orMissing(await withRetries(stopOnce, retryDeps), ['notFound'], false);
    },
  };
}
