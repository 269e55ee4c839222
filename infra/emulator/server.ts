/**
 * The Google Calendar emulator: Calendar API v3 over HTTP on 127.0.0.1, with sync tokens, notification channels, faults on demand
 * and a journal.
 */
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { createApi } from './api/api.ts';
import { createChannels } from './channels/channels.ts';
import { createClock } from './state/clock.ts';
import { CONTROL_PATH, createControl } from './control/control.ts';
import { createDelivery } from './channels/delivery.ts';
import { putVerbatim } from './event/verbatim.ts';
import { createFaults } from './faults/faults.ts';
import { createJournal } from './journal/journal.ts';
import { createQuota } from './api/quota.ts';
import { createRandom } from './state/random.ts';
import { createRouter } from './api/router.ts';
import { notFound } from './protocol/api-errors.ts';
import { channelRoutes } from './routes/channels.ts';
import { resourceRoutes } from './routes/index.ts';
import { applySeed } from './seed/seed.ts';
import { createStore } from './state/store.ts';
import { listen, readBody, writeJson } from './wire/wire.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Channel } from './channels/channels.ts';
import type { CalendarEmulator, CalendarEmulatorOptions } from './types.ts';
import type { NotificationState } from './channels/webhook.ts';

/**
 * Starts an emulator. Any number of emulators can run in one process.
 * @throws Error if the port is taken, or if the seed breaks a rule of the API
 */
export async function startCalendarEmulator(
  options: CalendarEmulatorOptions = {},
): Promise<CalendarEmulator> {
  const { port = 0, randomSeed = 1, initial, channels: channelOptions = {}, quotas = 'off' } = options;
  // Separate sources, so that ids do not depend on the timing of notifications.
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
    ...(options.maxCancelledOccurrences === undefined
      ? {}
      : { maxCancelledOccurrences: options.maxCancelledOccurrences }),
    ...(options.orphanedOccurrences === undefined
      ? {}
      : { orphanedOccurrences: options.orphanedOccurrences }),
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
  // Longer than clients keep an idle connection, so that none is closed just as a client reuses it.
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
    putEvent(calendarId, event) {
      const calendar = store.calendars.get(calendarId);
      if (!calendar) throw notFound();
      return putVerbatim(store, calendar, event);
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
    // `close` follows both a sent response and a lost connection.
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
