/**
 * The Google Calendar emulator: Calendar API v3 over HTTP on 127.0.0.1, with sync tokens, notification channels,
 * faults at will and a journal.
 */
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { createApi } from './api.ts';
import { createChannels } from './channels.ts';
import { createClock } from './clock.ts';
import { CONTROL_PATH, createControl } from './control.ts';
import { createDelivery } from './delivery.ts';
import { createFaults } from './faults.ts';
import { createJournal } from './journal.ts';
import { createQuota } from './quota.ts';
import { createRandom } from './random.ts';
import { createRouter } from './router.ts';
import { channelRoutes } from './routes/channels.ts';
import { resourceRoutes } from './routes/index.ts';
import { applySeed } from './seed.ts';
import { createStore } from './store.ts';
import { listen, readBody, writeJson } from './wire.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Channel, ChannelFilter, Channels } from './channels.ts';
import type { AdjustableClock } from './clock.ts';
import type { DeliveryOptions } from './delivery.ts';
import type { Faults } from './faults.ts';
import type { Route } from './http.ts';
import type { Journal } from './journal.ts';
import type { QuotaOptions } from './quota.ts';
import type { WatchOptions } from './routes/channels.ts';
import type { Seed } from './seed.ts';
import type { Store } from './store.ts';
import type { NotificationState } from './webhook.ts';

export interface CalendarEmulatorOptions {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** Seed of every random choice: ids, delays, message numbers, faults. 1 by default. */
  readonly randomSeed?: number;
  /** What there is at the start, and again after `reset`. Nothing by default. */
  readonly initial?: Seed;
  readonly channels?: WatchOptions & DeliveryOptions;
  /** Requests per minute; `off` by default, Google's numbers where an empty object is given. */
  readonly quotas?: QuotaOptions | 'off';
  /** Age at which sync tokens become invalid. 30 days by default. */
  readonly syncTokenTtlMs?: number;
  /** Probability (0 to 1) that a list answers with an empty page and a page token. 0 by default. */
  readonly emptyPages?: number;
  /** The most items on a page, whatever `maxResults` asks for. No limit by default. */
  readonly pageLimit?: number;
  /** Has the last word on the routes: to add methods of one's own, to replace some, or to look on. */
  readonly routes?: (routes: readonly Route[]) => readonly Route[];
}

export interface CalendarEmulator {
  /** The root URL, without a slash at its end; the API is at `<url>/calendar/v3`. */
  readonly url: string;
  readonly store: Store;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly clock: AdjustableClock;
  readonly channels: Pick<Channels, 'list' | 'find' | 'expire' | 'kill'> & {
    /** Sends a notification without a change; resolves to their number when each was attempted once. */
    notify(filter?: ChannelFilter, state?: NotificationState): Promise<number>;
  };
  /** Adds users, calendars and events. */
  seed(seed: Seed): void;
  /** Resolves when no notification is on its way, due, or waiting to be retried. */
  settle(): Promise<void>;
  /** Back to the start: state, channels, faults, quotas, journal and clock. */
  reset(): Promise<void>;
  /** Stops listening, and gives up whatever is still on its way. */
  close(): Promise<void>;
}

/**
 * Starts an emulator; any number can run in one process.
 * @throws Error if the port is taken, or if the seed breaks a rule of the API
 */
export async function startCalendarEmulator(
  options: CalendarEmulatorOptions = {},
): Promise<CalendarEmulator> {
  const { port = 0, randomSeed = 1, initial, channels: channelOptions = {}, quotas = 'off' } = options;
  // A source for each, so that the ids of a run do not depend on how fast its notifications went out.
  const storeRandom = createRandom(randomSeed);
  const faultRandom = createRandom(randomSeed + 1);
  const random = createRandom(randomSeed + 2);
  const clock = createClock();
  const journal = createJournal();
  const faults = createFaults(faultRandom);
  const register = createChannels({ clock, random });
  const quota = createQuota(quotas, clock, random);
  const delivery = createDelivery({
    options: channelOptions,
    channels: register,
    faults,
    journal,
    clock,
    random,
  });
  const announce = (channel: Channel, state: NotificationState) => delivery.send(channel, state);
  const store = createStore({
    clock,
    random: storeRandom,
    ...(options.syncTokenTtlMs === undefined ? {} : { syncTokenTtlMs: options.syncTokenTtlMs }),
    ...(options.emptyPages === undefined ? {} : { emptyPages: options.emptyPages }),
    ...(options.pageLimit === undefined ? {} : { pageLimit: options.pageLimit }),
    onChange: ({ collection }) => {
      for (const channel of register.listeningTo(collection)) void announce(channel, 'exists');
    },
  });
  if (initial) applySeed(store, initial);

  const closing = new AbortController();
  const { routes: revise = (routes) => routes } = options;
  const watching = { options: channelOptions, store, channels: register, delivery, random };
  const handle = createApi({
    router: createRouter(revise([...resourceRoutes(store), ...channelRoutes(watching)])),
    faults,
    quota,
    journal,
    clock,
    signIn: (user) => store.signIn(user),
    pause: (ms) => wait(ms, true, { signal: closing.signal }).catch(() => false),
  });

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  // Longer than clients keep an idle connection, so that none is closed just as they use it again.
  server.keepAliveTimeout = 65_000;
  const url = await listen(server, port);

  const emulator: Omit<CalendarEmulator, 'close'> = {
    url,
    store,
    faults,
    journal,
    clock,
    channels: {
      list: (filter) => register.list(filter),
      find: (id) => register.find(id),
      expire: (filter) => register.expire(filter),
      kill: (filter) => register.kill(filter),
      async notify(filter, state = 'exists') {
        const chosen = register.list(filter);
        await Promise.all(chosen.map((channel) => announce(channel, state)));
        return chosen.length;
      },
    },
    seed: (seed) => applySeed(store, seed),
    settle: () => delivery.settle(),
    async reset() {
      await delivery.abandon();
      register.reset();
      store.reset();
      clock.reset();
      faults.clear();
      quota.reset();
      if (initial) applySeed(store, initial);
      journal.clear();
    },
  };
  const control = createControl(emulator);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = URL.parse(request.url ?? '/', url) ?? new URL(url);
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    if (target.pathname.startsWith(`${CONTROL_PATH}/`)) {
      const reply = await control(method, target, body);
      writeJson(response, reply.status, reply.body);
      return;
    }
    const reply = await handle({ method, url: target, headers: headersOf(request), body });
    const { afterSent } = reply;
    // Closed is what both an answer sent and a connection lost end in.
    if (afterSent) response.once('close', () => afterSent());
    if (reply.kind === 'hangUp') response.destroy();
    else writeJson(response, reply.status, reply.body, reply.headers, target.searchParams.get('prettyPrint'));
  }

  return {
    ...emulator,
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await Promise.all([closed, delivery.abandon()]);
    },
  };
}

function headersOf(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}
