import { randomUUID } from 'node:crypto';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, expect, test } from 'vitest';
import { NAMES, createTopics } from '../../../../infra/local/topics.ts';

const pubsub = new PubSub({ projectId: `demo-${randomUUID()}` });
afterAll(() => pubsub.close());

test('creating the topics twice results in one set of topics and subscriptions', async () => {
  await createTopics(pubsub, { syncUrl: 'http://127.0.0.1:9' });
  await createTopics(pubsub, { syncUrl: 'http://127.0.0.1:9' });
  const [topics] = await pubsub.getTopics();
  expect(topics).toHaveLength(4);
  const [subscriptions] = await pubsub.getSubscriptions();
  expect(subscriptions).toHaveLength(4);
});

test('notifications are pushed to sync in order, with a path that names the topic', async () => {
  const [metadata] = await pubsub.subscription(NAMES.sync).getMetadata();
  const topic = `projects/${pubsub.projectId}/topics/${NAMES.notifications}`;
  expect(metadata.pushConfig?.pushEndpoint).toBe(`http://127.0.0.1:9/${topic}`);
  expect(metadata).toMatchObject({ topic, enableMessageOrdering: true, ackDeadlineSeconds: 60 });
});
