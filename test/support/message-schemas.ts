/** Checks messages against the JSON Schemas that the package exports. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Message, PubSub } from '@google-cloud/pubsub';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as z from 'zod';
import { NAMES } from '../../infra/local/topics.ts';

const FOLDER = new URL('../../functions/feed/schemas/', import.meta.url);
const identified = z.looseObject({ $id: z.string() });

const ajv = new Ajv2020({ allowUnionTypes: true });
for (const name of readdirSync(FOLDER).filter((each) => each.endsWith('.json')))
  ajv.addSchema(identified.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))));

export interface ReceivedMessage {
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly data: unknown;
}

/** Returns how a message violates the schema that its `ce-dataschema` names, undefined if it does not. */
export function schemaProblem({ attributes, data }: ReceivedMessage): string | undefined {
  const { 'ce-dataschema': id } = attributes;
  if (id === undefined) return 'ce-dataschema is missing';
  for (const [part, value] of [
    ['', data],
    ['#/$defs/message', { attributes, data }],
  ] as const) {
    const validate = ajv.getSchema(`${id}${part}`);
    if (validate === undefined) return `${id} is not a known schema`;
    if (validate(value) !== true) return `${id}${part}: ${ajv.errorsText(validate.errors)}`;
  }
  return undefined;
}

/** Returns the data of a message as JSON, or its text if it is not JSON. */
function dataOf({ data }: Message): unknown {
  const text = data.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const TOPICS = [NAMES.notifications, NAMES.changes, NAMES.clock, NAMES.deadLetters];

/**
 * Checks every message of a cloud's topics from now on. Tests publish messages of their own to `calendar-notifications`: what names no
 * schema there is left out. `end` stops, and throws an Error if a message violated its schema.
 */
export async function checkSchemas(pubsub: PubSub): Promise<{ end(): Promise<void> }> {
  const problems: string[] = [];
  const subscriptions = await Promise.all(
    TOPICS.map(async (topic) => {
      const [subscription] = await pubsub.topic(topic).createSubscription(`${topic}-schemas`);
      subscription.on('message', (message: Message) => {
        message.ack();
        const { attributes } = message;
        if (topic !== NAMES.changes && attributes['ce-dataschema'] === undefined) return;
        const problem = schemaProblem({ attributes, data: dataOf(message) });
        if (problem !== undefined)
          problems.push(`${topic}, ${attributes['ce-id'] ?? message.id}: ${problem}`);
      });
      subscription.on('error', (error: Error) => problems.push(`${topic}: ${error.message}`));
      return subscription;
    }),
  );
  return {
    end: async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      if (problems.length > 0) throw new Error(problems.slice(0, 10).join('\n'));
    },
  };
}
