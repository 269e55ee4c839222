import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { build } from '../build.ts';
import { Seed } from './calendar/seed.ts';
import { describeCloud, removeCloudFile, writeCloudFile } from './cloud-file.ts';
import { startCloud, type Cloud } from './cloud.ts';
import { followHops } from './follow.ts';
import { formatHop, type Hop } from './hops.ts';
import { UsageError, type StartOptions } from './options.ts';
import { startScheduler } from './scheduler.ts';
import { exampleSeed } from './seeds/example.ts';
import { CLOUD_FILE } from '../../functions/cli/cloud-file.ts';
import { askedToEnd } from '../../functions/cli/signals.ts';
import { print, styled, table, tell } from '../../functions/cli/terminal.ts';
import { watchIdOf } from '../../functions/mirror/watch-id.ts';
import { watchesOf } from './watches.ts';

/**
 * Starts the cloud and keeps it running, telling every hop of every change, until SIGINT or SIGTERM.
 * @throws UsageError when the seed file cannot be used.
 */
export async function runCloud(options: StartOptions): Promise<void> {
  const seed = options.seed === undefined ? exampleSeed() : await readSeed(options.seed);
  const asked = askedToEnd();
  if (options.build) {
    tell('Building the functions …');
    await build();
  }
  tell('Starting the emulators and the functions …');
  const cloud = await startCloud({
    ports: options.ports,
    calendar: { initial: seed },
    // What Google cannot push is polled often enough to be seen at work.
    env: { renew: { POLL_SECONDS: '30' } },
  });
  try {
    const watches = await watchEverything(cloud, seed);
    await announce(cloud, watches, options);
    const show = (hop: Hop): void =>
      print(options.json ? JSON.stringify({ type: 'hop', ...hop }) : formatHop(hop));
    const unfollow = options.quiet ? () => {} : followHops(cloud, show);
    const scheduler = startScheduler({
      run: () => cloud.renew(),
      onError: (error) => tell(`the scheduler's call failed: ${String(error)}`),
    });
    await asked;
    tell('Stopping …');
    unfollow();
    await scheduler.stop();
  } finally {
    await removeCloudFile();
    await cloud.stop();
  }
}

async function readSeed(file: string): Promise<Seed> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--seed: ${file} cannot be read`, { cause });
  });
  try {
    return Seed.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new UsageError(`--seed: ${file} is no seed:\n${why}`, { cause });
  }
}

async function watchEverything(cloud: Cloud, seed: Seed): Promise<string[]> {
  const specs = await Promise.all(seed.users.map(({ email }) => watchesOf(cloud.urls.calendar, email)));
  const watches = specs.flat().map((spec) => ({ id: watchIdOf(spec), spec }));
  await Promise.all(watches.map(({ id, spec }) => cloud.watch(id, spec)));
  return watches.map(({ id }) => id);
}

async function announce(cloud: Cloud, watches: string[], { json }: StartOptions): Promise<void> {
  await writeCloudFile(cloud);
  if (json) {
    print(JSON.stringify({ type: 'ready', ...describeCloud(cloud), watches }));
    return;
  }
  const { urls, env } = cloud;
  print(
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
  print(`\nTo join from another shell (also in ${CLOUD_FILE}):`);
  for (const [name, value] of Object.entries(env)) print(`  export ${name}='${value}'`);
  print(
    `\n${styled('green', 'Ready.')} ${watches.length} watches in project ${cloud.projectId}. Ctrl-C stops everything.`,
  );
}
