import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './ports.ts';
import { startProcess } from './process.ts';

/** The Firestore and Pub/Sub emulators that a cloud runs on. */
export interface Emulators {
  /** `host:port`, as FIRESTORE_EMULATOR_HOST wants it. */
  readonly firestoreHost: string;
  /** `host:port`, as PUBSUB_EMULATOR_HOST wants it. */
  readonly pubsubHost: string;
  /** Ends what was started here, and nothing that was found. */
  stop(): Promise<void>;
}

interface EmulatorOptions {
  /** Where to look for settings and programs; this process's environment by default. */
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

const WAYS = `There are two ways to get them:
  1. Install the Google Cloud CLI (https://cloud.google.com/sdk/docs/install) and Java 17 or newer, so that
     "gcloud" and "java" are on the PATH, and then the emulators:
       gcloud components install beta cloud-firestore-emulator pubsub-emulator
     (or, where the CLI came with apt: apt-get install google-cloud-cli-firestore-emulator google-cloud-cli-pubsub-emulator)
  2. Start them yourself, anywhere, and name them:
       FIRESTORE_EMULATOR_HOST=host:port PUBSUB_EMULATOR_HOST=host:port`;

/**
 * The emulators named by FIRESTORE_EMULATOR_HOST and PUBSUB_EMULATOR_HOST; one that is not named is started.
 * @throws Error that names every way out when one is named but does not answer, or cannot be started.
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
    throw new Error(`${[...new Set(reasons)].join('\n')}\n${WAYS}`);
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
  const named = env[kind.variable];
  if (named === undefined || named === '') return start(kind, env, port);
  if (await answers(named)) return { host: named, stop: async () => {} };
  throw new Error(
    `${kind.variable} is ${named}, but nothing answers there: start ${kind.name}, or unset the variable.`,
  );
}

async function start(kind: Kind, env: NodeJS.ProcessEnv, wanted: number | undefined): Promise<Emulator> {
  const missing = await missingPrograms(['gcloud', 'java'], env['PATH'] ?? '');
  if (missing.length > 0) {
    throw new Error(
      `The Firestore and Pub/Sub emulators cannot be started: no ${missing.join(' and no ')} on the PATH.`,
    );
  }
  const host = `127.0.0.1:${wanted ?? (await freePort())}`;
  const folder = await mkdtemp(join(tmpdir(), 'calendar-mirror-'));
  const emulator = await startProcess({
    name: kind.name,
    command: 'gcloud',
    args: [...kind.command, `--host-port=${host}`, ...(kind.keepsData ? [`--data-dir=${folder}`] : [])],
    env: {
      // They live for minutes: what the JVM's optimising compiler would take from everybody else never pays in that time.
      JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
      ...env,
      // A question by the CLI would wait for an answer that nobody gives.
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

/** Whether an emulator answers over HTTP; both say "Ok" at their root. */
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
