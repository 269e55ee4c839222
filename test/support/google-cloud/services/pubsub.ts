import * as z from 'zod';

import { FilterError, parseFilter } from '../../pubsub-filter.ts';
import { invalid } from '../errors.ts';
import { routesOf } from '../kinds.ts';
import { parse, resourceSchema, textIn, type Resource } from '../resource.ts';
import { fill, type Call, type Route } from '../routes.ts';
import { createAgent } from './service-usage.ts';

/**
 * Pub/Sub's administration.
 * [topics] https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics
 * [subscriptions] https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions
 * [schemas] https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.schemas
 */

const topicSchema = z.object({ schemaSettings: z.object({ schema: z.string() }).optional() });
const subscriptionSchema = z.object({
  topic: z.string(),
  ackDeadlineSeconds: z.int().min(0).max(600).default(10),
  messageRetentionDuration: z.string().default('604800s'),
  deadLetterPolicy: z.object({ deadLetterTopic: z.string() }).optional(),
  filter: z.string().default(''),
});

const checkTopic = (topic: Resource, { cloud }: Call): Resource => {
  const { schemaSettings } = parse(topicSchema, topic);
  // "_deleted-schema_" if the schema is deleted [topics, SchemaSettings]
  if (schemaSettings !== undefined) cloud.store.get(`pubsub/${schemaSettings.schema}`);
  return { ...topic, state: 'ACTIVE' };
};

function checkFilter(filter: string): void {
  try {
    parseFilter(filter);
  } catch (error) {
    throw error instanceof FilterError ? invalid(error.message) : error;
  }
}

const checkSubscription = (subscription: Resource, { cloud }: Call): Resource => {
  const { topic, ackDeadlineSeconds, messageRetentionDuration, deadLetterPolicy, filter } = parse(
    subscriptionSchema,
    subscription,
  );
  checkFilter(filter);
  for (const each of [topic, deadLetterPolicy?.deadLetterTopic]) {
    if (each !== undefined) cloud.store.get(`pubsub/${each}`);
  }
  return {
    ...subscription,
    ackDeadlineSeconds,
    messageRetentionDuration,
    // "If expirationPolicy is not set, a default policy with ttl of 31 days will be used." [subscriptions]
    expirationPolicy: subscription['expirationPolicy'] ?? { ttl: '2678400s' },
    state: 'ACTIVE',
  };
};

/** A schema's new revision [schemas]. */
const revised = (schema: Resource, { cloud }: Call): Resource => ({
  ...schema,
  revisionId: cloud.serial().toString(16).padStart(8, '0'),
  revisionCreateTime: cloud.timestamp(),
});

const SCHEMA = 'projects/{project}/schemas/{schema}';

/** Subscriptions outlive their topic: "The value of this field will be _deleted-topic_" [subscriptions]. */
function detach({ cloud }: Call, topic: string): void {
  for (const subscription of cloud.store.list(`pubsub/projects/${cloud.project.id}/subscriptions`)) {
    if (subscription['topic'] !== topic) continue;
    cloud.store.replace(`pubsub/${textIn(subscription, 'name')}`, {
      ...subscription,
      topic: '_deleted-topic_',
    });
  }
}

export const pubsubRoutes: readonly Route[] = [
  ...routesOf({
    service: 'pubsub',
    version: 'v1',
    name: 'projects/{project}/topics/{topic}',
    createdWith: 'PUT',
    envelope: 'topic',
    created: (topic, call) => {
      createAgent(call.cloud, 'pubsub');
      return checkTopic(topic, call);
    },
    updated: (after, _, call) => checkTopic(after, call),
    deleted: (_, call, name) => detach(call, name),
    hasPolicy: true,
  }),
  ...routesOf({
    service: 'pubsub',
    version: 'v1',
    name: 'projects/{project}/subscriptions/{subscription}',
    createdWith: 'PUT',
    envelope: 'subscription',
    created: checkSubscription,
    updated: (after, _, call) => checkSubscription(after, call),
    hasPolicy: true,
  }),
  ...routesOf({
    service: 'pubsub',
    version: 'v1',
    name: SCHEMA,
    created: revised,
    hasPolicy: true,
  }),
  {
    method: 'POST',
    pattern: `v1/${SCHEMA}:commit`,
    handle: (call) => {
      const key = `pubsub/${fill(SCHEMA, call.ids)}`;
      const { store } = call.cloud;
      const { definition = '' } = parse(resourceSchema, call.body['schema']);
      store.replace(key, revised({ ...store.get(key), definition }, call));
      return store.get(key);
    },
  },
];
