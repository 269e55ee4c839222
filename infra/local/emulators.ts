import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './ports.ts';
import { startProcess } from './process.ts';

/** The Firestore and Pub/Sub emulators of a cloud. */
export interface Emulators {
  /** `host:port`, the format of FIRESTORE_EMULATOR_HOST. */
  readonly firestoreHost: string;
  /** `host:port`, the format of PUBSUB_EMULATOR_HOST. */
  readonly pubsubHost: string;
  /** Stops the emulators that were started here, not those that were running already. */
  stop(): Promise<void>;
}

interface EmulatorOptions {
  /** Environment to read the variables and PATH from; that of this process by default. */
  readonly env?: NodeJS.ProcessEnv;
  readonly ports?: { readonly firestore?: number | undefined; readonly pubsub?: number | undefined };
}

interface Emulator {
  readonly host: string;
  stop(): Promise<void>;
}

interface Kind {
  readonly name: string;
  readonly variable: string;
  readonly command: readonly string[];
  readonly keepsData: boolean;
}

const FIRESTORE: Kind = {
  name: 'the Firestore emulator',
  variable: 'FIRESTORE_EMULATOR_HOST',
  command: ['emulators', 'firestore', 'start'],
  keepsData: false,
};

const PUBSUB: Kind = {
  name: 'the Pub/Sub emulator',
  variable: 'PUBSUB_EMULATOR_HOST',
  command: ['beta', 'emulators', 'pubsub', 'start'],
  keepsData: true,
};

const INSTRUCTIONS = `There are two ways to get them:
  1. Install the Google Cloud CLI (https://cloud.google.com/sdk/docs/install) and Java 17 or newer, so that
     "gcloud" and "java" are on the PATH, and then the emulators:
       gcloud components install beta cloud-firestore-emulator pubsub-emulator
     (or, if the CLI was installed with apt: apt-get install google-cloud-cli-firestore-emulator google-cloud-cli-pubsub-emulator)
  2. Start them yourself and set their addresses:
       FIRESTORE_EMULATOR_HOST=host:port PUBSUB_EMULATOR_HOST=host:port`;

const TRAPS_ARE_IN = 'functions/feed/README.md#in-the-local-cloud';

/** In what the Pub/Sub emulator differs from Pub/Sub, for those who develop a consumer. */
export const TRAPS = [
  `The Pub/Sub emulator gives a streaming subscriber that starts after another one only part of the messages: see ${TRAPS_ARE_IN}`,
  `It ignores filters of subscriptions before version 555 of gcloud: see ${TRAPS_ARE_IN}`,
];

/** Thrown if there are no emulators. The first line of the message says why, the others how to get them. */
export class EmulatorsError extends Error {
  override readonly name = 'EmulatorsError';
}

/**
 * Returns the emulators at FIRESTORE_EMULATOR_HOST and PUBSUB_EMULATOR_HOST. Starts an emulator whose variable is not set.
 * @throws {EmulatorsError} if an emulator does not answer or cannot be started
 */
export async function findOrStartEmulators({
  env = process.env,
  ports = {},
}: EmulatorOptions = {}): Promise<Emulators> {
  const [firestore, pubsub] = await Promise.allSettled([
    findOrStart(FIRESTORE, env, ports.firestore),
    findOrStart(PUBSUB, env, ports.pubsub),
  ]);
  if (firestore.status === 'rejected' || pubsub.status === 'rejected') {
    const reasons: string[] = [];
    for (const outcome of [firestore, pubsub]) {
      if (outcome.status === 'fulfilled') await outcome.value.stop();
      else reasons.push(outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason));
    }
    throw new EmulatorsError(`${[...new Set(reasons)].join('\n')}\n${INSTRUCTIONS}`);
  }
  return {
    firestoreHost: firestore.value.host,
    pubsubHost: pubsub.value.host,
    stop: async () => {
      await Promise.all([firestore.value.stop(), pubsub.value.stop()]);
    },
  };
}

async function findOrStart(kind: Kind, env: NodeJS.ProcessEnv, port: number | undefined): Promise<Emulator> {
  const host = env[kind.variable];
  if (host === undefined || host === '') return start(kind, env, port);
  if (await answers(host)) return { host, stop: async () => {} };
  throw new Error(
    `nothing answers at ${kind.variable}=${host}: start ${kind.name} there, or unset the variable`,
  );
}

async function start(kind: Kind, env: NodeJS.ProcessEnv, wanted: number | undefined): Promise<Emulator> {
  const missing = await missingPrograms(['gcloud', 'java'], env['PATH'] ?? '');
  if (missing.length > 0) {
    throw new Error(
      `cannot start the Firestore and Pub/Sub emulators: ${missing.join(' and ')} not found on the PATH`,
    );
  }
  const host = `127.0.0.1:${wanted ?? (await freePort())}`;
  const folder = await mkdtemp(join(tmpdir(), 'calendar-mirror-'));
  const emulator = await startProcess({
    name: kind.name,
    command: 'gcloud',
    args: [...kind.command, `--host-port=${host}`, ...(kind.keepsData ? [`--data-dir=${folder}`] : [])],
    env: {
      // Emulators run for minutes, too short for the optimising compiler of the JVM to pay off.
      JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
      ...env,
      // Without a terminal, a prompt of gcloud would wait forever.
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    },
    cwd: folder,
    ready: () => answers(host),
  });
  return {
    host,
    stop: async () => {
      await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether an emulator answers over HTTP. Both answer "Ok" at their root. */
async function answers(host: string): Promise<boolean> {
  try {
    const answer = await fetch(`http://${host}/`, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

async function missingPrograms(names: readonly string[], path: string): Promise<string[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      const places = path.split(delimiter).filter((folder) => folder !== '');
      const hits = await Promise.all(places.map((folder) => isExecutable(join(folder, name))));
      return hits.includes(true);
    }),
  );
  return names.filter((_, index) => found[index] === false);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
