/**
 * The four watch methods and `channels.stop`, see https://developers.google.com/workspace/calendar/api/guides/push and the
 * reference of each method. The query of a watch call is validated like that of the list method, but does not filter
 * notifications: Google does not document whether `eventTypes` does, and a superfluous notification is harmless.
 */
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { googleError } from '../protocol/google-errors.ts';
import { readChannelRequest, required } from './channel-request.ts';
import type { Channel, Channels } from '../channels/channels.ts';
import type { Delivery } from '../channels/delivery.ts';
import type { Answer, Call, Route } from '../protocol/http.ts';
import type { Random } from '../state/random.ts';
import type { Resource, Store } from '../state/store.ts';
import type { ChannelRules } from './channel-request.ts';

export interface WatchOptions extends ChannelRules {
  /** Answers without `expiration` and notifies without its header. The channel expires all the same. */
  readonly withoutExpiration?: boolean;
  /** Whether the `sync` message arrives before the watch call is answered. `random` by default. */
  readonly syncBeforeResponse?: 'always' | 'never' | 'random';
}

interface Dependencies {
  readonly options: WatchOptions;
  readonly store: Store;
  readonly channels: Channels;
  readonly delivery: Delivery;
  readonly random: Random;
}

/** Maximum wait for the sync message: its receiver may in turn be waiting for the answer. */
const SYNC_PATIENCE_MS = 5_000;

const WATCHES: readonly { resource: Resource; path: string }[] = [
  { resource: 'events', path: '/calendars/:calendarId/events' },
  { resource: 'acl', path: '/calendars/:calendarId/acl' },
  { resource: 'calendarList', path: '/users/me/calendarList' },
  { resource: 'settings', path: '/users/me/settings' },
];

const stopBody = z.looseObject({ id: z.string().min(1), resourceId: z.string().min(1) });

/** Returns the routes of all methods that deal with channels. */
export function channelRoutes(deps: Dependencies): Route[] {
  const watches = WATCHES.map(({ resource, path }): Route => ({
    id: `calendar.${resource}.watch`,
    method: 'POST',
    path: `${path}/watch`,
    handle: (call) => watch(deps, resource, path, call),
  }));
  const stop: Route = {
    id: 'calendar.channels.stop',
    method: 'POST',
    path: '/channels/stop',
    handle: (call) => stopChannel(deps.channels, call),
  };
  return [...watches, stop];
}

async function watch(deps: Dependencies, resource: Resource, path: string, call: Call): Promise<Answer> {
  const { options, store, channels, delivery, random } = deps;
  // Only the access at this moment counts: Google requires it when the channel is created, and not later.
  const { collection, pushable } = store.watchTarget(call.user, resource, call.params['calendarId']);
  if (!pushable) throw googleError(400, 'pushNotSupportedForRequestedResource');
  const request = readChannelRequest(call.body, store.clock.now(), options);
  const channel = channels.open({
    ...request,
    user: call.user,
    collection,
    resourceUri: call.baseUrl + resourcePath(path, call.params['calendarId'] ?? ''),
    showsExpiration: !options.withoutExpiration,
  });

  const order = options.syncBeforeResponse ?? 'random';
  if (order === 'always' || (order === 'random' && random() < 0.5)) {
    const impatience = new AbortController();
    const patience = wait(SYNC_PATIENCE_MS, undefined, { signal: impatience.signal }).catch(() => undefined);
    await Promise.race([delivery.send(channel, 'sync'), patience]);
    impatience.abort();
    return { status: 200, body: describe(channel) };
  }
  const sent = Promise.withResolvers<void>();
  void delivery.send(channel, 'sync', sent.promise);
  return { status: 200, body: describe(channel), afterSent: sent.resolve };
}

/** Every captured notification has `alt=json` in its resource URI. The calendar id stays as requested. */
function resourcePath(path: string, calendarId: string): string {
  const segment = encodeURIComponent(calendarId).replaceAll('%40', '@');
  return `${path.replace(':calendarId', () => segment)}?alt=json`;
}

function describe(channel: Channel): object {
  const { id, resourceId, resourceUri, token, showsExpiration, expiresAt } = channel;
  return {
    kind: 'api#channel',
    id,
    resourceId,
    resourceUri,
    ...(token === undefined ? {} : { token }),
    ...(showsExpiration ? { expiration: String(expiresAt) } : {}),
  };
}

function stopChannel(channels: Channels, call: Call): Answer {
  const parsed = stopBody.safeParse(call.body);
  if (!parsed.success) {
    throw required(parsed.error.issues[0]?.path.join('.') || 'id');
  }
  const { id, resourceId } = parsed.data;
  if (!channels.stop(call.user, id, resourceId)) {
    throw googleError(404, 'notFound', `Channel '${id}' not found for project '1'`);
  }
  return { status: 204 };
}
