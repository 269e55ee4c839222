/**
 * The Google Calendar emulator: Calendar API v3 over HTTP on 127.0.0.1, with sync tokens, notification channels, faults on demand
 * and a journal.
 */
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { createApi, replyOf } from './api/api.ts';
import { createChannels } from './channels/channels.ts';
import { createClock } from './state/clock.ts';
import { createControl } from './control/control.ts';
import { createCoverage } from './served/site.ts';
import { createDiscovery } from './discovery/discovery.ts';
import { createLook } from './control/look.ts';
import { servePage } from './control/page.ts';
import { createStream } from './control/stream.ts';
import { createDelivery } from './channels/delivery.ts';
import { putVerbatim } from './event/verbatim.ts';
import { createFaults } from './faults/faults.ts';
import { createJournal } from './journal/journal.ts';
import { createOAuth } from './oauth/oauth.ts';
import { createQuota } from './api/quota.ts';
import { createRandom } from './state/random.ts';
import { createRouter } from './api/router.ts';
import { canonicalAddress } from './protocol/address.ts';
import { notFound } from './protocol/api-errors.ts';
import { openStateFile, type StateKeeper } from './persistence/keeper.ts';
import { channelRoutes } from './routes/channels.ts';
import { resourceRoutes } from './routes/index.ts';
import { applySeed, parseSeed } from './seed/seed.ts';
import { checkOptions } from './start-options.ts';
import { playScenario } from './scenarios/index.ts';
import { readStartTime } from './state/start-time.ts';
import { createStore } from './state/store.ts';
import { createBatch } from './wire/batch.ts';
import { preflight } from './wire/cors.ts';
import { fail, listen, readRequest, sendReply } from './wire/wire.ts';
import { jsonReply } from './protocol/exchange.ts';
import { CalendarError } from './protocol/http.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Site } from './protocol/exchange.ts';
import type { Seed } from './seed/seed.ts';
import type { Channel } from './channels/channels.ts';
import type { CalendarEmulator, CalendarEmulatorOptions, RunningEmulator } from './types.ts';
import type { NotificationState } from './channels/webhook.ts';

/**
 * Starts an emulator. Any number of emulators can run in one process.
 * @throws TypeError for an unknown option; SeedError for mistakes in the seed; StateFileError for a state file that cannot be used;
 *   Error if the port is taken
 */
export async function startCalendarEmulator(
  options: CalendarEmulatorOptions = {},
): Promise<CalendarEmulator> {
  checkOptions(options);
  if (options.state === undefined) return start(options);
  const keeper = openStateFile(options.state, (line) =>
    process.stderr.write(`google-calendar-emulator: ${line}\n`),
  );
  try {
    return await start(options, keeper);
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

async function start(options: CalendarEmulatorOptions, keeper?: StateKeeper): Promise<CalendarEmulator> {
  const { port = 0, randomSeed = 1, initial, channels: channelOptions = {}, quotas = 'off' } = options;
  // Separate sources, so that ids do not depend on the timing of notifications.
  const storeRandom = createRandom(randomSeed);
  const faultRandom = createRandom(randomSeed + 1);
  const random = createRandom(randomSeed + 2);
  const now = Date.now();
  const clock = createClock(Date.now, options.clock === undefined ? 0 : readStartTime(options.clock, now));
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
    ...options,
    clock,
    random: storeRandom,
    marks: keeper?.marks,
    onChange: ({ collection }) => {
      keeper?.changed();
      for (const channel of register.listeningTo(collection)) void announce(channel, 'exists');
    },
  });
  const oauth = createOAuth({
    options: options.oauth,
    observers: { faults, journal },
    clock,
    accounts: { list: () => [...store.users.keys()], signIn: (user) => store.signIn(user) },
    root: () => url,
  });
  const seed = (given: Seed): void => {
    applySeed(store, given);
    if (given.oauth) oauth.seed(given.oauth);
  };
  if (initial && keeper?.isFound !== true) seed(initial);
  await keeper?.keep({
    clock: {
      save: () => clock.offset(),
      restore: (offset: number) => {
        if (options.clock === undefined) clock.setOffset(offset);
      },
    },
    store,
    channels: register,
    oauth,
    // Ids go on where they were, so that none is given twice.
    random: { save: () => storeRandom.seed(), restore: (from: number) => storeRandom.reseed(from) },
  });

  const closing = new AbortController();
  const { routes: revise = (routes) => routes } = options;
  const watching = { options: channelOptions, store, channels: register, delivery, random };
  const routes = revise([...resourceRoutes(store), ...channelRoutes(watching)]);
  const served = new Set(routes.map(({ id }) => id));
  const handle = createApi({
    router: createRouter(routes),
    faults,
    quota,
    journal,
    clock,
    signIn: (user) => store.signIn(user),
    readToken: oauth.readToken,
    apiKeys: options.apiKeys,
    pause: (ms) => wait(ms, true, { signal: closing.signal }).catch(() => false),
  });

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => fail(response, error));
  });
  // Longer than clients keep an idle connection, so that none is closed just as a client reuses it.
  server.keepAliveTimeout = 65_000;
  const url = await listen(server, port, options.host);

  const emulator: RunningEmulator = {
    url,
    store,
    faults,
    journal,
    clock,
    oauth,
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
      const calendar = store.calendars.get(canonicalAddress(calendarId));
      if (!calendar) throw notFound();
      return putVerbatim(store, calendar, event);
    },
    scenario: (name, parameters) =>
      playScenario({ store, faults, clock, channels: register, oauth }, name, parameters),
    seed: (given) => seed(parseSeed(given)),
    settle: () => delivery.settle(),
    async reset() {
      await delivery.abandon();
      register.reset();
      store.reset();
      clock.reset();
      faults.clear();
      quota.reset();
      oauth.reset();
      if (initial) seed(initial);
      journal.clear();
    },
  };
  const stream = createStream(emulator);
  const batch = createBatch(async (call) => {
    const reply = await handle(call);
    reply.afterSent?.();
    return reply.kind === 'hangUp' ? undefined : replyOf(reply, call);
  });
  /** What is served besides the API. The first that knows a path answers. */
  const sites: readonly Site[] = [
    preflight,
    servePage,
    (request) => stream.serve(request),
    createLook(store),
    createCoverage(served),
    createControl(emulator, () => stream.changed()),
    oauth.site,
    createDiscovery(served),
    batch,
  ];

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming, url).catch((error: unknown) => {
      if (error instanceof CalendarError) return error;
      throw error;
    });
    if (request instanceof CalendarError) {
      sendReply(response, jsonReply(request.status, request.body()));
      return;
    }
    // Besides the store, a write may change what reports no change: channels, sign-in, the clock.
    if (keeper && request.method !== 'GET') response.once('close', () => keeper.changed());
    const read = request.method === 'HEAD' ? { ...request, method: 'GET' } : request;
    for (const site of sites) {
      // oxlint-disable-next-line no-await-in-loop -- each site may leave the request to the next
      const reply = await site(read);
      if (reply) {
        sendReply(response, reply);
        return;
      }
    }
    const reply = await handle(request);
    const { afterSent } = reply;
    // `close` follows both a sent response and a lost connection.
    if (afterSent) response.once('close', () => afterSent());
    if (reply.kind === 'hangUp') response.destroy();
    else sendReply(response, replyOf(reply, request));
  }

  async function end(): Promise<void> {
    closing.abort();
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    server.closeAllConnections();
    await Promise.all([closed, delivery.abandon()]);
    await keeper?.close();
  }
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => (ended ??= end());
  return { ...emulator, close, [Symbol.asyncDispose]: close };
}
