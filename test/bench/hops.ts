/** The hops that no design can avoid, each measured alone on the same emulators: the least time that a change takes. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Firestore } from '@google-cloud/firestore';
import type { PubSub, Topic } from '@google-cloud/pubsub';
import { figure, type Figure } from './figures.ts';

export interface Hops {
  /** From a publish until a push subscription has called a bare server. */
  readonly push: Figure;
  /** One incremental list with one change. */
  readonly list: Figure;
  /** Three documents in one commit. */
  readonly commit: Figure;
  /** From a publish until a pull subscription has the message. */
  readonly publish: Figure;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Measures `times` runs, after one that does not count. */
async function series(what: string, times: number, work: () => Promise<unknown>): Promise<Figure> {
  await work();
  const values: number[] = [];
  for (let time = 0; time < times; time += 1) values.push(await timed(work));
  return figure(what, 'ms', values);
}

/** Publishes a message of the size of a change and waits for its delivery. */
function delivery(topic: Topic, deliveries: EventTarget): () => Promise<unknown> {
  const data = Buffer.alloc(1_000, 'x');
  return async () => {
    const delivered = once(deliveries, 'delivered');
    await topic.publishMessage({ data, orderingKey: randomUUID() });
    await delivered;
  };
}

async function pushHop(pubsub: PubSub, times: number): Promise<Figure> {
  const deliveries = new EventTarget();
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(204).end();
      deliveries.dispatchEvent(new Event('delivered'));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = `push-${randomUUID()}`;
  await pubsub.createTopic(name);
  const [subscription] = await pubsub.topic(name).createSubscription(name, {
    pushConfig: { pushEndpoint: `http://127.0.0.1:${port}/` },
    enableMessageOrdering: true,
  });
  const topic = pubsub.topic(name, { messageOrdering: true, batching: { maxMessages: 1 } });
  try {
    return await series('publish until pushed', times, delivery(topic, deliveries));
  } finally {
    await subscription.delete();
    server.close();
    server.closeAllConnections();
  }
}

async function publishHop(pubsub: PubSub, times: number): Promise<Figure> {
  const deliveries = new EventTarget();
  const name = `pull-${randomUUID()}`;
  await pubsub.createTopic(name);
  const [subscription] = await pubsub.topic(name).createSubscription(name, { enableMessageOrdering: true });
  subscription.on('message', (message: { ack(): void }) => {
    message.ack();
    deliveries.dispatchEvent(new Event('delivered'));
  });
  const topic = pubsub.topic(name, { messageOrdering: true, batching: { maxMessages: 1 } });
  try {
    return await series('publish until pulled', times, delivery(topic, deliveries));
  } finally {
    await subscription.close();
  }
}

/** Measures each hop. `list` makes one incremental list call. */
export async function measureHops(
  { pubsub, firestore }: { readonly pubsub: PubSub; readonly firestore: Firestore },
  list: () => Promise<unknown>,
  times: number,
): Promise<Hops> {
  const data = { text: 'x'.repeat(1_000) };
  return {
    push: await pushHop(pubsub, times),
    list: await series('list', times, list),
    commit: await series('commit', times, async () => {
      const batch = firestore.batch();
      for (const part of ['watch', 'item', 'outbox']) batch.set(firestore.doc(`hops/${part}`), data);
      await batch.commit();
    }),
    publish: await publishHop(pubsub, times),
  };
}
