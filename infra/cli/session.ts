import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

import type { PubSub } from '@google-cloud/pubsub';

import { createAmbient } from '../../functions/calendar/auth/adc.ts';
import { overrideEnvironment, readCommandConfig, type CommandConfig } from './config.ts';
import type { Publish } from '../../functions/feed/envelope.ts';
import { createPublisher } from '../../functions/feed/publisher.ts';
import { pubSubServer } from '../../functions/feed/server.ts';
import type { Firestore } from '@google-cloud/firestore';
import { createFirestore } from '../../functions/firestore/client.ts';
import { createScan } from './replay/scan.ts';
import { createMirror, type Mirror } from '../../functions/mirror/index.ts';
import { createAdmin, type Admin } from './admin.ts';
import { findLocalCloud } from '../local/cloud-file.ts';
import { emulatorsOf, LOGIN } from './explain.ts';
import { Failure, UsageError } from './failure.ts';
import { printResult, logProgress } from '../terminal/output.ts';

/** The session of a command: its configuration, clients and output. */

export interface GlobalOptions {
  readonly project?: string | undefined;
  readonly database?: string | undefined;
  readonly json: boolean;
}

export interface Session {
  readonly config: CommandConfig;
  /** Whether to print results as JSON, one object per line. */
  readonly json: boolean;
  readonly admin: Admin;
  readonly mirror: Mirror & ReturnType<typeof createScan>;
  /** For modules that take a client. */
  readonly firestore: Firestore;
  readonly pubsub: PubSub;
  /** Returns a publisher for a topic. */
  readonly publisherTo: (topic: string) => Publish;
  readonly publishNotification: Publish;
  /** Unix ms. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Prints one result as JSON. */
  readonly printJson: (result: object) => void;
  /** Closes all connections. */
  readonly close: () => Promise<void>;
}

/** Connects. Commands call it after they have checked their arguments. */
export type Open = () => Promise<Session>;

/** Runs a command with its arguments and options. */
export type Run = (open: Open, args: readonly string[], options: unknown) => Promise<void>;

const GIVE_UP_MS = 30_000;
/** gRPC's default backoff after an outage grows to two minutes, during which `tail` would print nothing. */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2_000 };

/** Returns the variables that options override. */
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
      throw new UsageError(
        'no project is set, and no cloud runs on this machine',
        'give --project, set GOOGLE_CLOUD_PROJECT, or run calendar-mirror dev',
      );
    }
    logProgress(
      `Using the cloud on this machine (calendar-mirror dev), project ${local.env.GOOGLE_CLOUD_PROJECT}.`,
    );
    overrideEnvironment(local.env);
  }
  const config = readCommandConfig(environment);
  // Otherwise Google's client libraries look for a metadata server, and warn that there is none.
  if (emulatorsOf(config).size === 2 && !environment['METADATA_SERVER_DETECTION'])
    overrideEnvironment({ METADATA_SERVER_DETECTION: 'none' });
  return config;
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

/** Fails fast: Google's clients retry for a minute or more before they report an error. */
async function checkReachable(config: CommandConfig): Promise<void> {
  const emulators = emulatorsOf(config);
  for (const [name, host] of emulators) {
    if (!(await answers(host))) {
      throw new Failure(
        `nothing answers at ${name}=${host}`,
        `run calendar-mirror dev, or unset ${name} to use Google Cloud`,
      );
    }
  }
  if (emulators.size === 2) return;
  try {
    await createAmbient().token();
  } catch (cause) {
    throw new Failure('no valid Google Cloud credentials found', LOGIN, { cause });
  }
}

/**
 * Connects to the project that options or the environment name, or else to the cloud on this machine.
 * @throws {UsageError} without a project, {Failure} if an emulator is down or credentials are missing
 */
export async function openSession(options: GlobalOptions): Promise<Session> {
  const config = configure(options);
  await checkReachable(config);
  const firestore = createFirestore(config.GOOGLE_CLOUD_PROJECT, config.FIRESTORE_DATABASE);
  const { PubSub } = await import('@google-cloud/pubsub');
  const emulator = config.PUBSUB_EMULATOR_HOST;
  const apiEndpoint = emulator ?? config.PUBSUB_ENDPOINT;
  // The library would call an endpoint whose name is not one of Google's without TLS.
  const emulatorMode = !apiEndpoint.startsWith('https:');
  const pubsub = new PubSub({
    projectId: config.GOOGLE_CLOUD_PROJECT,
    apiEndpoint,
    emulatorMode,
    ...RECONNECT,
  });
  const server = pubSubServer(config);
  const publisherTo = (topic: string): Publish =>
    createPublisher({ projectId: config.GOOGLE_CLOUD_PROJECT, topic, server, giveUpAfterMs: GIVE_UP_MS });
  return {
    config,
    json: options.json,
    admin: createAdmin(firestore),
    mirror: {
      ...createMirror(firestore),
      ...createScan(firestore),
    },
    firestore,
    pubsub,
    publisherTo,
    publishNotification: publisherTo(config.NOTIFICATIONS_TOPIC),
    now: Date.now,
    newId: randomUUID,
    printJson: (result) => printResult(JSON.stringify(result)),
    close: async () => {
      await Promise.all([firestore.terminate(), pubsub.close()]);
    },
  };
}
