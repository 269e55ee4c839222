import type { Seed } from '../emulator/seed/seed.ts';
import { waitForEnd } from '../terminal/signals.ts';
import { printResult, styled, table, logProgress } from '../terminal/output.ts';
import { watchIdOf } from '../../functions/watches/watch-id.ts';
import { buildFunctions } from './build.ts';
import { cloudFilePath, describeCloud, removeCloudFile, writeCloudFile } from './cloud-file.ts';
import { startCloud, type Cloud } from './cloud.ts';
import { streamHops } from './stream-hops.ts';
import { TRAPS } from './emulators.ts';
import { formatHop, type Hop } from './hops.ts';
import type { PortName } from './ports.ts';
import { startScheduler } from './scheduler.ts';
import { exampleSeed } from './seeds/example.ts';
import { watchesOf } from './watches.ts';

export interface RunOptions {
  /** Free ports by default. */
  readonly ports: Partial<Record<PortName, number>>;
  /** Two example users by default. */
  readonly seed?: Seed | undefined;
  /** Whether to build the functions first, if their sources are available. */
  readonly build: boolean;
  /** Whether to print one JSON object a line. */
  readonly json: boolean;
  /** Whether to print no line per hop. */
  readonly quiet: boolean;
  /** Opens the console of the cloud. */
  readonly openConsole: (cloud: Cloud) => Promise<{ readonly url: string; close(): Promise<void> }>;
}

/** Variables of the functions in a cloud that people watch. */
export const RUN_ENV = {
  // Short, so that polls of calendars without push notifications are visible.
  renew: { POLL_SECONDS: '30' },
  // Syncs start at once, so that each of two quick edits shows up immediately: no quota of Google is used.
  sync: { MIN_SYNC_INTERVAL_SECONDS: '0' },
};

/** Starts the cloud and keeps it running, with a line for each hop of every change, until SIGINT or SIGTERM. */
export async function runCloud(options: RunOptions): Promise<void> {
  const seed = options.seed ?? exampleSeed();
  const ended = waitForEnd();
  if (options.build) {
    logProgress('Building the functions …');
    await buildFunctions();
  }
  logProgress('Starting the emulators and the functions …');
  const cloud = await startCloud({
    ports: options.ports,
    calendar: { initial: seed },
    env: RUN_ENV,
  });
  let opened: Awaited<ReturnType<RunOptions['openConsole']>> | undefined;
  try {
    const watches = await watchEverything(cloud, seed);
    opened = await options.openConsole(cloud);
    await printReady(cloud, watches, opened.url, options);
    const printHop = (hop: Hop): void =>
      printResult(options.json ? JSON.stringify({ type: 'hop', ...hop }) : formatHop(hop));
    const stopStreaming = options.quiet ? () => {} : streamHops(cloud, printHop);
    const scheduler = startScheduler({
      run: () => cloud.renew(),
      onError: (error) => logProgress(`renew failed, will be called again: ${String(error)}`),
    });
    await ended;
    logProgress('Stopping …');
    stopStreaming();
    await scheduler.stop();
  } finally {
    await opened?.close();
    await removeCloudFile();
    await cloud.stop();
  }
}

async function watchEverything(cloud: Cloud, seed: Seed): Promise<string[]> {
  const specs = await Promise.all(seed.users.map(({ email }) => watchesOf(cloud.urls.calendar, email)));
  const watches = specs.flat().map((spec) => ({ id: watchIdOf(spec), spec }));
  await Promise.all(watches.map(({ id, spec }) => cloud.watch(id, spec)));
  return watches.map(({ id }) => id);
}

async function printReady(
  cloud: Cloud,
  watches: string[],
  consoleUrl: string,
  { json }: RunOptions,
): Promise<void> {
  const isWritten = await writeCloudFile(cloud);
  if (json) {
    printResult(JSON.stringify({ type: 'ready', ...describeCloud(cloud), console: consoleUrl, watches }));
    return;
  }
  const { urls, env } = cloud;
  printResult(
    table([
      ['part', 'where'],
      ['Google Calendar API', `${urls.calendar}/calendar/v3`],
      ['receive', urls.receive],
      ['sync', urls.sync],
      ['renew', urls.renew],
      ['Firestore', cloud.emulators.firestoreHost],
      ['Pub/Sub', cloud.emulators.pubsubHost],
    ]),
  );
  printResult(`\nTo connect from another shell${isWritten ? ` (also in ${cloudFilePath()})` : ''}:`);
  for (const [name, value] of Object.entries(env)) printResult(`  export ${name}='${value}'`);
  printResult('');
  for (const trap of TRAPS) printResult(trap);
  printResult(
    `\n${styled('green', 'Ready.')} ${watches.length} watches in project ${cloud.projectId}. Ctrl-C stops everything.`,
  );
  printResult(`Console: ${consoleUrl}`);
}
