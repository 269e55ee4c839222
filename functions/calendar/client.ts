import { calendar as createApi } from 'googleapis/build/src/apis/calendar/index.js';
import * as z from 'zod';

import type { AuthMode } from '../config.ts';
import type { Authorization } from './auth/credentials.ts';
import type { CredentialsOf } from './auth/index.ts';
import type { Answer } from './errors.ts';
import { listQuery, quotaUser, watchQuery, type ListParameters, type Target } from './resources.ts';
import { withRetries, type Patience } from './retry.ts';

/** Absent, null and empty all mean that there is none. */
const token = z
  .string()
  .nullish()
  .transform((text) => text || undefined);

/** One page of a list. Items are as Google sent them, unchecked. */
const pageSchema = z.object({
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
  nextPageToken: token.optional(),
  nextSyncToken: token.optional(),
  /** The calendar's time zone, with events only. */
  timeZone: token.optional(),
});
export type Page = z.infer<typeof pageSchema>;

const channelSchema = z.object({
  resourceId: z.string().min(1),
  /** Unix ms; a string in Google's answers, a number in its documentation, or absent. */
  expiration: z.coerce.number().positive().nullish(),
});

interface WatchRequest {
  readonly channelId: string;
  readonly address: string;
  readonly token: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** A channel that Google has opened. `expiresAt` (Unix ms) is the one asked for where the answer names none. */
interface OpenChannel {
  readonly resourceId: string;
  readonly expiresAt: number;
}

/** Google Calendar, as the mirror uses it. No call throws for what Google answers: see {@link Answer}. */
export interface CalendarClient {
  /** One page of a list: full without `syncToken`, incremental with it. */
  readonly list: (
    as: AuthMode,
    target: Target,
    parameters: ListParameters,
    tokens: { readonly syncToken?: string; readonly pageToken?: string },
  ) => Promise<Answer<Page>>;
  /** Opens a channel ("Push notifications: Make watch requests"). */
  readonly watch: (
    as: AuthMode,
    target: Target,
    parameters: ListParameters,
    request: WatchRequest,
  ) => Promise<Answer<OpenChannel>>;
  /** Closes a channel; `false` when Google knows no such channel (any more). */
  readonly stop: (
    as: AuthMode,
    target: Target,
    channelId: string,
    resourceId: string,
  ) => Promise<Answer<boolean>>;
}

const TIMEOUT_MS = 30_000;

/** An answer that is not what the API promises (an HTML page with status 200, say) counts as a passing fault of Google's. */
function parse<T>(schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw Object.assign(new Error('Google Calendar sent an answer of an unknown form'), { status: 502 });
}

/** @param rootUrl the API's root URL, may have a path; Google's own by default. */
export function createCalendarClient(
  rootUrl: string | undefined,
  credentialsOf: CredentialsOf,
  patience: Patience,
): CalendarClient {
  const api = createApi({ version: 'v3', retry: false, timeout: TIMEOUT_MS });
  const root = rootUrl === undefined ? {} : { rootUrl: rootUrl.endsWith('/') ? rootUrl : `${rootUrl}/` };

  const call = (as: AuthMode, target: Target) => ({
    credentials: credentialsOf(as, target.user, target.resource),
    common: { quotaUser: quotaUser(target.user) },
    calendarId: target.calendarId ?? '',
  });

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
      return withRetries(async () => parse(pageSchema, (await credentials.use(list)).data), patience, false);
    },

    watch: async (as, target, parameters, request) => {
      const { credentials, common, calendarId } = call(as, target);
      const wanted = {
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
        const query = { auth: authorization, ...wanted };
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
        patience,
        true,
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
      const answer = await withRetries(async () => credentials.use(stop), patience, false);
      if (answer.ok) return { ...answer, value: true };
      if (answer.problem.kind !== 'notFound') return answer;
      return { ok: true, value: false, earlier: [...(answer.earlier ?? []), answer.problem] };
    },
  };
}
