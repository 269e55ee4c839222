/** An example consumer as a process, with its copy in a file. */
import { mkdir, mkdtemp, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { startProcess, type RunningProcess } from '../../../infra/local/process.ts';
import { NAMES } from '../../../infra/local/topics.ts';
import { eventually } from '../../support/eventually.ts';
import type { Pipeline } from '../../support/pipeline.ts';
import type { Command } from './languages.ts';

const Copy = z.object({
  items: z.record(
    z.string(),
    z.object({ watch: z.string(), sequence: z.number(), item: z.record(z.string(), z.unknown()).nullable() }),
  ),
  watches: z.record(
    z.string(),
    z.object({ upTo: z.number(), ahead: z.array(z.number()).nullable(), last: z.number() }),
  ),
});

interface ConsumerOptions {
  readonly name: string;
  readonly command: Command;
  readonly ordered: boolean;
  /** How long a hole lasts before the consumer prints it. */
  readonly patienceSeconds: number;
}

/** Subscribes an example to the feed. It does not run yet. */
export async function createConsumer(cloud: Pipeline, options: ConsumerOptions) {
  const { name, command, ordered, patienceSeconds } = options;
  const folder = await mkdtemp(join(tmpdir(), 'calendar-mirror-consumer-'));
  const file = join(folder, 'copy.json');
  const subscriptions: string[] = [];
  const lines: string[] = [];
  let running: RunningProcess | undefined;

  const subscribe = async (topic: string, subscription: string): Promise<void> => {
    await cloud.pubsub
      .topic(topic)
      .createSubscription(subscription, { enableMessageOrdering: ordered, ackDeadlineSeconds: 10 });
  };
  await subscribe(NAMES.changes, name);
  subscriptions.push(name);
  const [program, ...args] = command;

  const consumer = {
    /** What it has printed. */
    lines: lines as readonly string[],
    start: async (): Promise<void> => {
      running = await startProcess({
        name,
        command: program,
        args: [...args, file, ...subscriptions],
        env: { ...cloud.env, PATH: process.env['PATH'], PATIENCE_SECONDS: String(patienceSeconds) },
        ready: () => Promise.resolve(true),
        onLine: (line) => lines.push(line),
      });
    },
    /** Ends it as a crash does. */
    kill: async (): Promise<void> => running?.kill(),
    /** Loses what is not delivered yet, and what is published until it subscribes again. */
    unsubscribe: () => cloud.pubsub.subscription(name).delete(),
    subscribeAgain: () => subscribe(NAMES.changes, name),
    /** Creates a topic of its own for replays, and has it read from the next start on. */
    addTopic: async (): Promise<string> => {
      const topic = `${name}-replay`;
      await cloud.pubsub.createTopic(topic);
      await subscribe(topic, topic);
      subscriptions.push(topic);
      return topic;
    },
    /** Lets it refuse every message, as it cannot store its copy, until the result is disposed. */
    refusing: async (): Promise<AsyncDisposable> => {
      await eventually(() => mkdir(`${file}.new`));
      return { [Symbol.asyncDispose]: () => rmdir(`${file}.new`) };
    },
    copy: async (): Promise<z.infer<typeof Copy>> => Copy.parse(JSON.parse(await readFile(file, 'utf8'))),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await running?.stop();
      await rm(folder, { recursive: true });
    },
  };
  return consumer;
}

export type Consumer = Awaited<ReturnType<typeof createConsumer>>;
