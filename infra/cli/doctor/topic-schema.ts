import type { PubSub } from '@google-cloud/pubsub';
import * as z from 'zod';

import { parseJson } from '../../../functions/runtime/json.ts';
import { well, wrong, type Finding } from './finding.ts';
import { short } from './subscriptions.ts';

/** Checks the schema that the topic of the feed enforces: Pub/Sub rejects a message without one of its fields. */

/** The fields of `calendar-messages.avsc`, which all messages of the feed have. */
export const MESSAGE_FIELDS: readonly string[] = ['watchId', 'sequence'];

const WHAT = 'schema of the feed';
const FILE = 'functions/feed/schemas/calendar-messages.avsc';
const recordSchema = z.object({ fields: z.array(z.object({ name: z.string() })) });

/** Judges a schema by its definition in Avro; `definition` is undefined if the schema was deleted. Pure. */
export function judgeTopicSchema(schema: string, definition: string | undefined, topic: string): Finding {
  const fix = `gcloud pubsub schemas create calendar-messages --type=avro --definition-file=${FILE} && gcloud pubsub topics update ${topic} --schema=calendar-messages --message-encoding=json`;
  if (definition === undefined) return wrong(WHAT, 'was deleted: every message is rejected', fix);
  const parsed = recordSchema.safeParse(parseJson(definition));
  const fields = parsed.success ? parsed.data.fields.map(({ name }) => name) : [];
  const unmet = fields.filter((name) => !MESSAGE_FIELDS.includes(name));
  if (parsed.success && unmet.length === 0) return well(WHAT, short(schema));
  const demands = parsed.success ? `demands ${unmet.join(', ')}` : 'is not a record of Avro';
  return wrong(WHAT, `${short(schema)} ${demands}: messages about watches are rejected`, fix);
}

/** Checks the schema of a topic. A topic without one has no finding. */
export async function examineTopicSchema(pubsub: PubSub, topic: string): Promise<readonly Finding[]> {
  const [{ schemaSettings }] = await pubsub.topic(topic).getMetadata();
  const schema = schemaSettings?.schema;
  if (!schema) return [];
  if (schema === '_deleted-schema_') return [judgeTopicSchema(schema, undefined, topic)];
  const { definition } = await pubsub.schema(schema).get('FULL');
  return [judgeTopicSchema(schema, definition ?? '', topic)];
}
