/**
 * The application under test of the examples: it keeps a copy of a calendar's events, by push notifications and sync tokens
 * (https://developers.google.com/workspace/calendar/api/guides/sync). What it needs from outside is passed in, the time too.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';

const Event = z.looseObject({
  id: z.string(),
  status: z.string().optional(),
  summary: z.string().optional(),
});
export type Event = z.infer<typeof Event>;
const Page = z.object({
  items: z.array(Event),
  nextPageToken: z.string().optional(),
  nextSyncToken: z.string().optional(),
});
const Channel = z.object({ id: z.string(), resourceId: z.string(), expiration: z.coerce.number() });
const Failure = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })) }) });

export interface AppOptions {
  /** Where the Calendar API is. */
  readonly rootUrl: string;
  readonly accessToken: string;
  readonly calendarId: string;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
}

const POLL_MS = 15 * 60_000;
const RENEW_MS = 24 * 3_600_000;
const ATTEMPTS = 5;

/** Starts the application, with a web hook on a free port. */
export async function startApp({ rootUrl, accessToken, calendarId, now, wait }: AppOptions) {
  let events = new Map<string, Event>();
  let syncToken: string | undefined;
  let syncedAt = 0;
  let channel: { id: string; resourceId: string; expiration: number; lastNumber: number } | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const calendar = `calendars/${encodeURIComponent(calendarId)}`;

  /** Calls the API. What may succeed later is tried again: lost connections, rate limits and server errors. */
  async function call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; data: unknown }> {
    for (let attempt = 1; ; attempt += 1) {
      const request = fetch(`${rootUrl}/calendar/v3/${path}`, {
        method,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      // oxlint-disable-next-line no-await-in-loop -- an attempt follows the one before it
      const answer = await request.catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop
      const text = (await answer?.text()) ?? '';
      const data: unknown = text === '' ? undefined : JSON.parse(text);
      if (answer && !isPassing(answer.status, data)) return { status: answer.status, data };
      if (attempt === ATTEMPTS) throw new Error(`${method} ${path} failed ${ATTEMPTS} times`);
      const asked = Number(answer?.headers.get('retry-after') ?? 0) * 1000;
      // oxlint-disable-next-line no-await-in-loop
      await wait(Math.max(asked, 250 * 2 ** attempt));
    }
  }

  /** Lists what changed, or everything without a valid sync token. Returns the number of changes. */
  async function sync(): Promise<number> {
    const next = new Map(syncToken === undefined ? [] : events);
    let changes = 0;
    let page: z.infer<typeof Page> | undefined;
    do {
      const query = new URLSearchParams({ ...(syncToken !== undefined && { syncToken }) });
      if (page?.nextPageToken !== undefined) query.set('pageToken', page.nextPageToken);
      // oxlint-disable-next-line no-await-in-loop -- a page has the token of the next one
      const answer = await call('GET', `${calendar}/events?${query.toString()}`);
      if (answer.status === 410 && syncToken !== undefined) {
        syncToken = undefined;
        return sync();
      }
      page = Page.parse(answer.data);
      changes += page.items.length;
      for (const event of page.items)
        if (event.status === 'cancelled') next.delete(event.id);
        else next.set(event.id, event);
    } while (page.nextPageToken !== undefined);
    events = next;
    syncToken = page.nextSyncToken;
    syncedAt = now();
    return changes;
  }

  /** Syncs after the syncs that are under way. */
  function syncInTurn(): Promise<number> {
    const turn = queue.then(sync);
    queue = turn.catch(() => undefined);
    return turn;
  }

  /** Opens a channel, and stops the one before it. In between both are open, so that no change goes unannounced. */
  async function watch(): Promise<void> {
    const before = channel;
    const wanted = { id: randomUUID(), type: 'web_hook', address };
    const { data } = await call('POST', `${calendar}/events/watch`, wanted);
    channel = { ...Channel.parse(data), lastNumber: 1 };
    if (before) await call('POST', 'channels/stop', { id: before.id, resourceId: before.resourceId });
  }

  function receive(headers: IncomingHttpHeaders): void {
    const number = Number(headers['x-goog-message-number']);
    if (headers['x-goog-channel-id'] !== channel?.id || headers['x-goog-resource-state'] === 'sync') return;
    // A notification that was sent twice has the same number.
    if (!channel || number <= channel.lastNumber) return;
    channel.lastNumber = number;
    void syncInTurn();
  }

  const server = createServer((request, response) => {
    receive(request.headers);
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const address = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}/`;

  return {
    events: (): Event[] => [...events.values()],
    sync: syncInTurn,
    watch,
    /** Called every minute: renews the channel in time, and looks for changes that were not announced. */
    async tick(): Promise<void> {
      if (channel && channel.expiration - now() < RENEW_MS) await watch();
      if (now() - syncedAt < POLL_MS) return;
      const unannounced = await syncInTurn();
      if (channel && unannounced > 0) await watch();
    },
    /** Adds an event under an id of its own, so that a repeated attempt cannot add it twice. */
    async add(event: object): Promise<string> {
      const id = randomUUID().replaceAll('-', '');
      const { status } = await call('POST', `${calendar}/events`, { ...event, id });
      if (status !== 200 && status !== 409) throw new Error(`the event was rejected with ${status}`);
      return id;
    },
    /** Resolves when every notification so far has led to a sync. */
    idle: () => queue,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

function isPassing(status: number, data: unknown): boolean {
  if (status === 429 || status >= 500) return true;
  const reason = status === 403 ? Failure.safeParse(data).data?.error.errors[0]?.reason : undefined;
  return reason === 'rateLimitExceeded' || reason === 'userRateLimitExceeded';
}
