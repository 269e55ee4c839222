import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildFunction } from '../../infra/build/functions.ts';
import { freePort, portAnswers } from '../../infra/local/ports.ts';
import { startProcess } from '../../infra/local/process.ts';
import { NAMES } from '../../infra/local/topics.ts';
import type { Pipeline } from './pipeline.ts';

const FRAMEWORK = fileURLToPath(new URL('main.js', import.meta.resolve('@google-cloud/functions-framework')));

/** A consumer of the feed from `infra/examples`, deployed beside a cloud. */
export interface Example {
  /** Delivers data as Pub/Sub does; returns the status of the response. */
  deliver(data: string): Promise<number>;
  stop(): Promise<void>;
}

/** Builds and serves an example, and lets a subscription to `calendar-changes` push to it. */
export async function startExample(cloud: Pipeline, name: string, target: string): Promise<Example> {
  const dist = await mkdtemp(fileURLToPath(new URL('../../dist/example-', import.meta.url)));
  await buildFunction(name, `infra/examples/${name}/index.ts`, { dist, target });
  const port = await freePort();
  const served = await startProcess({
    name: `the example ${name}`,
    command: process.execPath,
    args: [
      FRAMEWORK,
      `--source=${dist}/${name}`,
      `--target=${target}`,
      '--signature-type=cloudevent',
      `--port=${port}`,
    ],
    env: { PATH: process.env['PATH'], ...cloud.env },
    ready: () => portAnswers(port),
  });
  const url = `http://127.0.0.1:${port}/projects/${cloud.projectId}/topics/${NAMES.changes}`;
  const [subscription] = await cloud.pubsub.topic(NAMES.changes).createSubscription(name, {
    pushConfig: { pushEndpoint: url },
    enableMessageOrdering: true,
    ackDeadlineSeconds: 60,
  });
  return {
    deliver: async (data) => {
      const message = {
        data: Buffer.from(data).toString('base64'),
        attributes: { 'ce-type': 'calendar.events.updated' },
        messageId: '1',
        publishTime: new Date().toISOString(),
      };
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message, subscription: name }),
      });
      await answer.arrayBuffer();
      return answer.status;
    },
    stop: async () => {
      // Emulators that keep running would push forever.
      await subscription.delete();
      await served.stop();
      await rm(dist, { recursive: true });
    },
  };
}
