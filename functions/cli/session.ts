import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

import type { PubSub } from '@google-cloud/pubsub';

import { createAmbient } from '../calendar/auth/ambient.ts';
import { overrideEnvironment, readCommandConfig, type CommandConfig } from '../config.ts';
import { createPublisher, type Publish } from '../feed/publisher.ts';
import { pubSubServer } from '../feed/server.ts';
import { createChannels } from '../mirror/channels.ts';
import type { Firestore } from '../mirror/agenda.ts';
import { createFirestore } from '../mirror/database.ts';
import { createPresent } from '../mirror/present.ts';
import { createWatches } from '../mirror/watches.ts';
import { createWishes, type Wishes } from '../mirror/wishes.ts';
import { findLocalCloud } from './cloud-file.ts';
import { emulatorsOf } from './explain.ts';
import { Failure, WrongUse } from './failure.ts';
import { print, tell } from './terminal.ts';

/** What every command has: options, the clients of the project that they name, and somewhere to write. */

export interface GlobalOptions {
  readonly project?: string | undefined;
  readonly database?: string | undefined;
  readonly json: boolean;
}

export interface Session {
  readonly config: CommandConfig;
  /** Whether results are for programs: one JSON object a line. */
  readonly json: boolean;
  readonly wishes: Wishes;
  readonly mirror: ReturnType<typeof createWatches> &
    ReturnType<typeof createChannels> &
    ReturnType<typeof createPresent>;
  /** For what takes a client of its own. */
  readonly firestore: Firestore;
  readonly pubsub: PubSub;
  /** A publisher for one topic. */
  readonly publisherTo: (topic: string) => Publish;
  readonly publishNotification: Publish;
  /** Unix ms. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Writes one result for programs. */
  readonly printJson: (result: object) => void;
  /** Lets go of all connections. */
  readonly close: () => Promise<void>;
}

/** Connects, when a command has found nothing wrong with what it was asked for. */
export type Open = () => Promise<Session>;

/** What a command does, with its arguments and its options as they were given. */
export type Run = (open: Open, args: readonly string[], options: unknown) => Promise<void>;

const GIVE_UP_MS = 30_000;
/** After an outage gRPC waits up to two minutes before it connects again; whoever follows the feed would see nothing meanwhile. */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2_000 };

/** The variables that options and, if no project is named at all, the cloud on this machine set. */
function environmentFor({ project, database }: GlobalOptions): Record<string, string> {
  const chosen: Record<string, string> = {};
  if (project !== undefined) chosen['GOOGLE_CLOUD_PROJECT'] = project;
  if (database !== undefined) chosen['FIRESTORE_DATABASE'] = database;
  return chosen;
}

function configure(options: GlobalOptions): CommandConfig {
  const environment = overrideEnvironment(environmentFor(options));
  if (environment['GOOGLE_CLOUD_PROJECT'] === undefined || environment['GOOGLE_CLOUD_PROJECT'] === '') {
    const local = findLocalCloud();
    if (local === undefined) {
      throw new WrongUse(
        'no project is named, and no cloud runs on this machine',
        'give --project, set GOOGLE_CLOUD_PROJECT, or run npm start',
      );
    }
    tell(`Using the cloud on this machine (npm start), project ${local.env.GOOGLE_CLOUD_PROJECT}.`);
    overrideEnvironment(local.env);
  }
  return readCommandConfig(environment);
}

const answers = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = URL.parse(`http://${host}`) ?? { hostname: '', port: '' };
    const socket = connect({ host: hostname, port: Number(port), timeout: 3_000 });
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });

/** Google's clients would try for a minute and more before they say what is wrong. */
async function checkReachable(config: CommandConfig): Promise<void> {
  const emulators = emulatorsOf(config);
  for (const [name, host] of emulators) {
    if (!(await answers(host))) {
      throw new Failure(
        `nothing answers at ${name}=${host}`,
        `run npm start, or unset ${name} to use Google Cloud`,
      );
    }
  }
  if (emulators.size === 2) return;
  try {
    await createAmbient().token();
  } catch (cause) {
    throw new Failure('there are no credentials that work', 'run gcloud auth application-default login', {
      cause,
    });
  }
}

/**
 * Connects to the project that options or the environment name, or else to the cloud that runs on this machine.
 * @throws {WrongUse} without a project, {Failure} where an emulator is down or there are no credentials.
 */
export async function openSession(options: GlobalOptions): Promise<Session> {
  const config = configure(options);
  await checkReachable(config);
  const firestore = createFirestore(config.GOOGLE_CLOUD_PROJECT, config.FIRESTORE_DATABASE);
  const { PubSub } = await import('@google-cloud/pubsub');
  const pubsub = new PubSub({ projectId: config.GOOGLE_CLOUD_PROJECT, ...RECONNECT });
  const server = pubSubServer(config.PUBSUB_EMULATOR_HOST);
  const publisherTo = (topic: string): Publish =>
    createPublisher({ projectId: config.GOOGLE_CLOUD_PROJECT, topic, server, giveUpAfterMs: GIVE_UP_MS });
  return {
    config,
    json: options.json,
    wishes: createWishes(firestore),
    mirror: { ...createWatches(firestore), ...createChannels(firestore), ...createPresent(firestore) },
    firestore,
    pubsub,
    publisherTo,
    publishNotification: publisherTo(config.NOTIFICATIONS_TOPIC),
    now: Date.now,
    newId: randomUUID,
    printJson: (result) => print(JSON.stringify(result)),
    close: async () => {
      await Promise.all([firestore.terminate(), pubsub.close()]);
    },
  };
}
