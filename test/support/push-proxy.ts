import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { PubSub } from '@google-cloud/pubsub';
import { NAMES } from '../../infra/local/topics.ts';

/** A proxy in front of sync. */
interface PushProxy {
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Delays each push of the notifications subscription by `ms`, as on Google Cloud, where a push takes tens of milliseconds: a proxy holds
 * each request for that long before it forwards it to `syncUrl`.
 */
export const slowPush = (pubsub: PubSub, syncUrl: string, ms: number): Promise<PushProxy> =>
  pushProxy(pubsub, syncUrl, async () => {
    await pause(ms);
    return true;
  });

/** Puts a proxy between Pub/Sub and sync. It answers 429, as Cloud Run without a free instance, to pushes that `admit` does not let pass. */
export async function pushProxy(
  pubsub: PubSub,
  syncUrl: string,
  admit: () => boolean | Promise<boolean>,
): Promise<PushProxy> {
  const agent = new Agent({ keepAlive: true });

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (!(await admit())) {
      incoming.resume();
      outgoing.writeHead(429).end();
      return;
    }
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, syncUrl), { agent, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }

  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  const topic = `projects/${pubsub.projectId}/topics/${NAMES.notifications}`;
  await pubsub.subscription(NAMES.sync).modifyPushConfig({ pushEndpoint: `${url}/${topic}` });
  return {
    url,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}
