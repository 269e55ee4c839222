import type { PubSub } from '@google-cloud/pubsub';
import * as z from 'zod';

import { parseJson } from '../../../functions/runtime/json.ts';
import { well, wrong, type Finding } from './finding.ts';
import { short } from './subscriptions.ts';

/** Checks the schemas that topics enforce: Pub/Sub rejects a message without one of their fields. */

/** The schema that a topic should have. */
interface Expected {
  /** For people. */
  readonly what: string;
  /** Of the schema, and of its file in `functions/feed/schemas`. */
  readonly name: string;
  /** The fields that all messages of the topic have. */
  readonly fields: readonly string[];
}

export const FEED_SCHEMA: Expected = {
  what: 'schema of the feed',
  name: 'calendar-messages',
  fields: ['watchId', 'sequence'],
};

export const CLOCK_SCHEMA: Expected = {
  what: 'schema of the clock',
  name: 'calendar-moments',
  fields: ['watchId', 'eventId', 'moment', 'dueAt'],
};

const recordSchema = z.object({ fields: z.array(z.object({ name: z.string() })) });

/** Judges a schema by its definition in Avro; `definition` is undefined if the schema was deleted. Pure. */
export function judgeTopicSchema(
  schema: string,
  definition: string | undefined,
  topic: string,
  { what, name, fields: known }: Expected,
): Finding {
  const file = `functions/feed/schemas/${name}.avsc`;
  const fix = `gcloud pubsub schemas create ${name} --type=avro --definition-file=${file} && gcloud pubsub topics update ${topic} --schema=${name} --message-encoding=json`;
  if (definition === undefined) return wrong(what, 'was deleted: every message is rejected', fix);
  const parsed = recordSchema.safeParse(parseJson(definition));
  const fields = parsed.success ? parsed.data.fields.map((field) => field.name) : [];
  const unmet = fields.filter((field) => !known.includes(field));
  if (parsed.success && unmet.length === 0) return well(what, short(schema));
  const problem = parsed.success
    ? `demands ${unmet.join(', ')}: messages without them are rejected`
    : 'is not a record of Avro';
  return wrong(what, `${short(schema)} ${problem}`, fix);
}

/** Checks the schema of a topic. A topic without one has no finding. */
export async function examineTopicSchema(
  pubsub: PubSub,
  topic: string,
  expected: Expected,
): Promise<readonly Finding[]> {
  const [{ schemaSettings }] = await pubsub.topic(topic).getMetadata();
  const schema = schemaSettings?.schema;
  if (!schema) return [];
  if (schema === '_deleted-schema_') return [judgeTopicSchema(schema, undefined, topic, expected)];
  const { definition } = await pubsub.schema(schema).get('FULL');
  return [judgeTopicSchema(schema, definition ?? '', topic, expected)];
}
