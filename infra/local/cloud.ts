import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Firestore, Timestamp } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';
import * as z from 'zod';
import {
  startCalendarEmulator,
  type CalendarEmulator,
  type CalendarEmulatorOptions,
} from './calendar/server.ts';
import { findOrStartEmulators, type Emulators } from './emulators.ts';
import { followFeed, type Feed } from './feed.ts';
import { serveFunction, type FunctionName, type LogEntry, type ServedFunction } from './function.ts';
import { freePort } from './ports.ts';
import { createTopics, NAMES } from './topics.ts';
import type { WatchSpec } from './watches.ts';

/** The parts of a cloud that listen on a port. */
export const PORTS = ['receive', 'sync', 'renew', 'calendar', 'firestore', 'pubsub'] as const;

export type PortName = (typeof PORTS)[number];

type Variables = Readonly<Record<string, string>>;

export interface CloudOptions {
  /** Random by default, so that many clouds share one pair of emulators without seeing each other. */
  readonly projectId?: string;
  /** Free ports by default. */
  readonly ports?: Partial<Record<PortName, number>>;
  /** Environment variables of all functions, or of one, in place of the laptop's own. */
  readonly env?: Partial<Record<'all' | FunctionName, Variables>>;
  /** How the Calendar emulator is to behave. */
  readonly calendar?: Omit<CalendarEmulatorOptions, 'port'>;
  /** Where `npm run build` wrote the functions; `dist` by default. */
  readonly dist?: string;
  /** The functions as a deployment has them: installed in folders of their own, with an environment in which only addresses change. */
  readonly deployed?: Readonly<Record<FunctionName, { readonly source: string; readonly env: Variables }>>;
}

/** What one run of renew did. */
const Summary = z.object({
  created: z.number(),
  renewed: z.number(),
  stopped: z.number(),
  polled: z.number(),
  failed: z.number(),
  remaining: z.number(),
});
type Summary = z.infer<typeof Summary>;

/** The whole deployment on this machine: emulators, topics and the three functions, each in a process of its own. */
export interface Cloud {
  readonly projectId: string;
  readonly urls: Readonly<Record<'receive' | 'sync' | 'renew' | 'calendar', string>>;
  readonly emulators: Emulators;
  readonly calendar: CalendarEmulator;
  readonly firestore: Firestore;
  readonly pubsub: PubSub;
  /** The change feed and the dead letters since the cloud was started. */
  readonly feed: Feed;
  /** The environment variables with which another program joins this cloud. */
  readonly env: Variables;
  /** One run of renew, as Cloud Scheduler would ask for it. Throws when it answers anything but 200. */
  renew(): Promise<Summary>;
  /** Writes the wish for a watch, due at once, and leaves alone what the functions wrote about it. */
  watch(id: string, spec: WatchSpec): Promise<void>;
  /** Lets a function crash and start again, at the same URL. */
  restart(name: FunctionName): Promise<void>;
  /** Ends a function as Cloud Run does, with a SIGTERM, and waits until it is gone; until `restart`. */
  end(name: FunctionName): Promise<void>;
  /** The process that serves a function now. */
  pid(name: FunctionName): number;
  /** Lets a function crash, and stay away until `restart`. */
  kill(name: FunctionName): Promise<void>;
  /** Calls `listener` with every line that a function logs from now on; hands back what ends that. */
  onLog(listener: (entry: LogEntry) => void): () => void;
  /** Ends everything that this cloud started. */
  stop(): Promise<void>;
}

/**
 * Starts the same cloud as the deployment's, with the functions as `npm run build` wrote them.
 * @throws Error when a part of it does not start; what had started is stopped again.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  // Without this, Google's client libraries look for a metadata server for some seconds.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const { ports = {}, projectId = `demo-${randomBytes(4).toString('hex')}` } = options;
  const started: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.splice(0).toReversed()) await end();
  };
  try {
    const emulators = await findOrStartEmulators({ ports });
    started.push(() => emulators.stop());
    // Not at the same time: while thousands of calendars are made, nobody hears that an emulator answers.
    const calendar = await startCalendarEmulator({ ...options.calendar, port: ports.calendar ?? 0 });
    started.push(() => calendar.close());
    const firestore = new Firestore({ projectId, host: emulators.firestoreHost, ssl: false });
    started.push(() => firestore.terminate());
    const pubsub = new PubSub({ projectId, apiEndpoint: emulators.pubsubHost });
    started.push(() => pubsub.close());

    const chosen = await choosePorts(ports);
    const urls = { ...urlsOf(chosen), calendar: calendar.url };
    await createTopics(pubsub, { syncUrl: urls.sync });
    // Emulators that live on would push to nobody for ever.
    started.push(() => pubsub.subscription(NAMES.sync).delete());
    const feed = followFeed(pubsub);
    started.push(() => feed.close());

    const env = environment(projectId, emulators, urls);
    const listeners = new Set<(entry: LogEntry) => void>();
    const serve = async (name: FunctionName): Promise<ServedFunction> => {
      const deployed = options.deployed?.[name];
      const own = deployed
        ? { ...deployed.env, ...addressesIn(env, deployed.env) }
        : { NODE_OPTIONS: SIZED_FOR_512_MIB, ...env };
      const served = await serveFunction({
        name,
        source:
          deployed?.source ??
          `${options.dist ?? fileURLToPath(new URL('../../dist', import.meta.url))}/${name}`,
        port: chosen[name],
        env: { ...inherited(), ...own, ...options.env?.all, ...options.env?.[name] },
        // A deployment calls all three by HTTP.
        signature: deployed && 'http',
        onLog: (entry) => {
          for (const listener of listeners) listener(entry);
        },
      });
      started.push(() => served.stop());
      return served;
    };
    const functions = await allOrNone({
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
      renew: () => callRenew(urls.renew),
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

/** V8 makes itself at home in all the memory that a machine has, and a laptop has more than an instance of 512 MiB. */
const SIZED_FOR_512_MIB = '--max-old-space-size=320 --max-semi-space-size=4';

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

/** What tells a deployed function where this cloud is: the emulators, and whatever address it was deployed with. */
function addressesIn(env: Variables, deployed: Variables): Variables {
  const added = ['FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST', 'METADATA_SERVER_DETECTION'];
  const ofCalendar = ['CALENDAR_AUTH', 'CALENDAR_API_ROOT_URL'];
  const names = [...added, ...('CALENDAR_AUTH' in deployed ? ofCalendar : [])];
  const replaced = 'CHANNEL_ADDRESS' in deployed ? ['CHANNEL_ADDRESS'] : [];
  return Object.fromEntries([...names, ...replaced].map((name) => [name, env[name] ?? '']));
}

/** What a process needs of this one's environment, and nothing that could configure a function by accident. */
function inherited(): Variables {
  const names = ['PATH', 'HOME', 'TMPDIR'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Waits for all three, so that none is still starting when another's failure is told. */
async function allOrNone(
  starting: Record<FunctionName, Promise<ServedFunction>>,
): Promise<Record<FunctionName, ServedFunction>> {
  await Promise.allSettled(Object.values(starting));
  return { receive: await starting.receive, sync: await starting.sync, renew: await starting.renew };
}

async function callRenew(url: string): Promise<Summary> {
  const answer = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(60_000) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`renew answered ${answer.status}: ${text}`);
  return Summary.parse(JSON.parse(text));
}
