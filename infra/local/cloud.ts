import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Firestore, Timestamp } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';
import * as z from 'zod';
import type { CalendarEmulator, CalendarEmulatorOptions } from '../emulator/types.ts';
import { startCalendarEmulator } from '../emulator/server.ts';
import { findOrStartEmulators, type Emulators } from './emulators.ts';
import { collectFeed, type Feed } from './feed.ts';
import { serveFunction, type FunctionName, type LogEntry, type ServedFunction } from './function.ts';
import { freePort, type PortName } from './ports.ts';
import { createTopics, NAMES } from './topics.ts';
import type { WatchSpec } from './watches.ts';

type Variables = Readonly<Record<string, string>>;

export interface CloudOptions {
  /** Random by default, so that several clouds can share the emulators without interference. */
  readonly projectId?: string;
  /** Free ports by default. */
  readonly ports?: Partial<Record<PortName, number>>;
  /** Environment variables of all functions, or of one. They override those of the local cloud. */
  readonly env?: Partial<Record<'all' | FunctionName, Variables>>;
  /** Options of the Calendar emulator. */
  readonly calendar?: Omit<CalendarEmulatorOptions, 'port'>;
  /** Folder with the built functions. `dist` by default. */
  readonly dist?: string;
  /** Installed functions to serve instead, each with the environment of its deployment. Only addresses are overridden. */
  readonly deployed?: Readonly<Record<FunctionName, { readonly source: string; readonly env: Variables }>>;
}

/** The answer of renew. */
const Summary = z.object({
  created: z.number(),
  renewed: z.number(),
  stopped: z.number(),
  polled: z.number(),
  failed: z.number(),
  remaining: z.number(),
});
type Summary = z.infer<typeof Summary>;

/** The whole deployment on this machine: emulators, topics, and the three functions in separate processes. */
export interface Cloud {
  readonly projectId: string;
  readonly urls: Readonly<Record<'receive' | 'sync' | 'renew' | 'calendar', string>>;
  readonly emulators: Emulators;
  readonly calendar: CalendarEmulator;
  readonly firestore: Firestore;
  readonly pubsub: PubSub;
  /** Changes and dead letters published since the cloud was started. */
  readonly feed: Feed;
  /** The environment variables that another program needs to connect to this cloud. */
  readonly env: Variables;
  /** Calls renew, as Cloud Scheduler does. Throws if the answer is an error. */
  renew(): Promise<Summary>;
  /** Writes the spec of a watch and makes it due now. Keeps its status. */
  watch(id: string, spec: WatchSpec): Promise<void>;
  /** Kills a function if it runs, and starts it again at the same URL. */
  restart(name: FunctionName): Promise<void>;
  /** Ends a function with SIGTERM, as Cloud Run does, and waits for its exit. It stays down until `restart`. */
  end(name: FunctionName): Promise<void>;
  /** Returns the id of the process that serves a function. */
  pid(name: FunctionName): number;
  /** Kills a function, as a crash does. It stays down until `restart`. */
  kill(name: FunctionName): Promise<void>;
  /** Calls `listener` for each line that a function logs from now on. Returns a function that unsubscribes. */
  onLog(listener: (entry: LogEntry) => void): () => void;
  /** Stops everything that this cloud started. */
  stop(): Promise<void>;
}

/**
 * Starts a cloud with the same topics and functions as a deployment. The functions must be built.
 * @throws Error if any part does not start. Parts that were started are stopped again.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  // Otherwise Google's client libraries spend seconds looking for a metadata server.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const { ports = {}, projectId = `demo-${randomBytes(4).toString('hex')}` } = options;
  const started: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.splice(0).toReversed()) await end();
  };
  try {
    const emulators = await findOrStartEmulators({ ports });
    started.push(() => emulators.stop());
    // Not in parallel: creating thousands of calendars blocks the event loop, so that the readiness checks above would time out.
    const calendar = await startCalendarEmulator({ ...options.calendar, port: ports.calendar ?? 0 });
    started.push(() => calendar.close());
    const firestore = new Firestore({ projectId, host: emulators.firestoreHost, ssl: false });
    started.push(() => firestore.terminate());
    const pubsub = new PubSub({ projectId, apiEndpoint: emulators.pubsubHost });
    started.push(() => pubsub.close());

    const chosen = await choosePorts(ports);
    const urls = { ...urlsOf(chosen), calendar: calendar.url };
    await createTopics(pubsub, { syncUrl: urls.sync });
    // Otherwise an emulator that outlives this cloud keeps pushing to a closed port.
    started.push(() => pubsub.subscription(NAMES.sync).delete());
    const feed = collectFeed(pubsub);
    started.push(() => feed.close());

    const env = environment(projectId, emulators, urls);
    const listeners = new Set<(entry: LogEntry) => void>();
    const serve = async (name: FunctionName): Promise<ServedFunction> => {
      const deployed = options.deployed?.[name];
      const own = deployed
        ? { ...deployed.env, ...localAddresses(env, deployed.env) }
        : { NODE_OPTIONS: HEAP_LIMITS, ...env };
      const served = await serveFunction({
        name,
        source:
          deployed?.source ??
          `${options.dist ?? fileURLToPath(new URL('../../dist', import.meta.url))}/${name}`,
        port: chosen[name],
        env: { ...inheritedEnvironment(), ...own, ...options.env?.all, ...options.env?.[name] },
        // A deployment serves all three as HTTP functions.
        signature: deployed && 'http',
        onLog: (entry) => {
          for (const listener of listeners) listener(entry);
        },
      });
      started.push(() => served.stop());
      return served;
    };
    const functions = await waitForAll({
      receive: serve('receive'),
      sync: serve('sync'),
      renew: serve('renew'),
    });

    return {
      projectId,
      urls,
      emulators,
      calendar,
      firestore,
      pubsub,
      feed,
      env,
      renew: () => requestReconcile(urls.renew),
      watch: async (id, spec) => {
        const due = Timestamp.fromMillis(Date.now() - 1_000);
        await firestore
          .doc(`watches/${id}`)
          .set({ spec, nextDueAt: due }, { mergeFields: ['spec', 'nextDueAt'] });
      },
      restart: (name) => functions[name].restart(),
      end: (name) => functions[name].stop(),
      pid: (name) => functions[name].pid(),
      kill: (name) => functions[name].kill(),
      onLog: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function choosePorts(
  wanted: Partial<Record<FunctionName, number>>,
): Promise<Record<FunctionName, number>> {
  const [receive, sync, renew] = await Promise.all([
    wanted.receive ?? freePort(),
    wanted.sync ?? freePort(),
    wanted.renew ?? freePort(),
  ]);
  return { receive, sync, renew };
}

function urlsOf(ports: Record<FunctionName, number>): Record<FunctionName, string> {
  const url = (name: FunctionName): string => `http://127.0.0.1:${ports[name]}`;
  return { receive: url('receive'), sync: url('sync'), renew: url('renew') };
}

/** The heap limits of a deployment, where instances have 512 MiB. By default V8 derives them from the memory of the machine. */
const HEAP_LIMITS = '--max-old-space-size=320 --max-semi-space-size=4';

function environment(projectId: string, emulators: Emulators, urls: Cloud['urls']): Variables {
  return {
    GOOGLE_CLOUD_PROJECT: projectId,
    FIRESTORE_EMULATOR_HOST: emulators.firestoreHost,
    PUBSUB_EMULATOR_HOST: emulators.pubsubHost,
    CALENDAR_AUTH: 'emulator',
    CALENDAR_API_ROOT_URL: urls.calendar,
    CHANNEL_ADDRESS: urls.receive,
    CHANNEL_TOKEN_KEYS: `laptop:${randomBytes(32).toString('base64')}`,
    METADATA_SERVER_DETECTION: 'none',
  };
}

/** Returns the variables that connect a deployed function to this cloud: the emulators, and the addresses that it was deployed with. */
function localAddresses(env: Variables, deployed: Variables): Variables {
  const added = ['FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST', 'METADATA_SERVER_DETECTION'];
  const ofCalendar = ['CALENDAR_AUTH', 'CALENDAR_API_ROOT_URL'];
  const names = [...added, ...('CALENDAR_AUTH' in deployed ? ofCalendar : [])];
  const replaced = 'CHANNEL_ADDRESS' in deployed ? ['CHANNEL_ADDRESS'] : [];
  return Object.fromEntries([...names, ...replaced].map((name) => [name, env[name] ?? '']));
}

/** Returns the variables that a process needs to run. Others could configure a function by accident. */
function inheritedEnvironment(): Variables {
  const names = ['PATH', 'HOME', 'TMPDIR'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Waits until each function has started or failed, so that none is still starting when an error is thrown. */
async function waitForAll(
  starting: Record<FunctionName, Promise<ServedFunction>>,
): Promise<Record<FunctionName, ServedFunction>> {
  await Promise.allSettled(Object.values(starting));
  return { receive: await starting.receive, sync: await starting.sync, renew: await starting.renew };
}

async function requestReconcile(url: string): Promise<Summary> {
  const answer = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(60_000) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`renew answered ${answer.status}: ${text}`);
  return Summary.parse(JSON.parse(text));
}
