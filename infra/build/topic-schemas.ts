import * as z from 'zod';

import { RESOURCES } from '../../functions/calendar/resources.ts';
import { CHANGES, changeSchema } from '../../functions/feed/change.ts';
import { CLOCK_TYPES, clockMessageSchema } from '../../functions/feed/clock-message.ts';
import { dataSchema, type DataKind } from '../../functions/feed/envelope.ts';
import { KINDS } from '../../functions/feed/kinds.ts';
import { notificationData } from '../../functions/feed/notification.ts';
import { replayEndedSchema } from '../../functions/feed/replay-message.ts';
import { watchMessageSchema } from '../../functions/feed/watch-message.ts';
import { STATES } from '../../functions/watches/states.ts';
import { avroRecord } from './avro.ts';

/** The schemas of all messages for consumers in other languages: the files in `schemas/`, from the schemas that the functions use. */

/** A CloudEvent in binary mode. Attributes that may exceed 1,024 bytes are optional, because such values are left out. */
const cloudEvent = (kind: DataKind, types: RegExp) => ({
  'ce-specversion': z.literal('1.0'),
  'ce-id': z.string(),
  'ce-type': z.string().regex(types),
  'ce-source': z.string().regex(/^\/\/calendar-mirror\/(?:watches\/|sync$)/),
  'ce-subject': z.string().optional(),
  'ce-time': z.string().describe('ISO 8601.'),
  'ce-dataschema': z.literal(dataSchema(kind)),
  'content-type': z.literal('application/json'),
});

const aboutWatch = {
  watch: z.string(),
  user: z.string().optional(),
  resource: z.enum(RESOURCES).optional(),
  calendar: z.string().optional(),
};

const oneOf = (words: readonly string[]): string => `(?:${words.join('|')})`;

const requested = { requestedAt: z.string().optional().describe('ISO 8601.') };

const notified = cloudEvent('notification', /^calendar\.notification\.received$/);
const reasons = {
  push: z.object({
    ...notified,
    watch: z.string(),
    reason: z.literal('push'),
    state: z.string().optional(),
    resource: z.string().optional(),
    calendar: z.string().optional(),
  }),
  poll: z.object({ ...notified, watch: z.string(), reason: z.literal('poll') }),
  clock: z.object({ ...notified, watch: z.string(), reason: z.literal('clock') }),
  continue: z.object({ ...notified, watch: z.string(), reason: z.literal('continue') }),
  // People publish this one too, with only these two attributes.
  manual: z
    .object(notified)
    .partial()
    .extend({ watch: z.string(), reason: z.literal('manual') }),
};
const requests = {
  push: notificationData.push,
  poll: z.object({ ...notificationData.poll.shape, ...requested }),
  clock: z.object({ ...notificationData.clock.shape, ...requested }),
  continue: z.object({ ...notificationData.continue.shape, ...requested }),
  manual: z.object({ ...notificationData.manual.shape, ...requested }),
};
const REASONS = ['push', 'poll', 'clock', 'continue', 'manual'] as const;

/** Describes messages as received: fields with a default may be absent, unknown fields are allowed. */
function jsonOf(schema: z.ZodType): object {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}

/** A kind of message: its data, and its attributes with its data. */
interface Kind {
  readonly id: string;
  readonly title: string;
  readonly data: z.ZodType;
  readonly message: object;
}

function kindOf(
  kind: DataKind,
  title: string,
  types: RegExp,
  attributes: Readonly<Record<string, z.ZodType>>,
  data: z.ZodType,
): Kind {
  const all = z.object({ ...cloudEvent(kind, types), ...attributes });
  const properties = { attributes: jsonOf(all), data: { $ref: '#' } };
  const message = { type: 'object', properties, required: ['attributes', 'data'] };
  return { id: dataSchema(kind), title, data, message };
}

/** A message has the attribute of each of its kinds. */
const kindAttributes = Object.fromEntries(
  Object.values(KINDS)
    .flat()
    .map((kind) => [`kind_${kind}`, z.literal('true').optional()]),
);

const change = kindOf(
  'change',
  'A change of an item',
  new RegExp(`^calendar\\.${oneOf(RESOURCES)}\\.${oneOf(CHANGES)}$`),
  {
    ...aboutWatch,
    resource: z.enum(RESOURCES),
    item: z.string().optional(),
    change: z.enum(CHANGES),
    sequence: z.string().regex(/^[1-9]\d*$/),
    replay: z.string().optional().describe('Id of the replay that the message belongs to.'),
    ...kindAttributes,
  },
  changeSchema,
);

const watch = kindOf(
  'watch',
  'A new state of a watch, or the end of a full sync',
  new RegExp(`^calendar\\.watch\\.${oneOf([...STATES, 'synced'])}$`),
  { ...aboutWatch, state: z.enum(STATES) },
  watchMessageSchema,
);

const replayEnded = kindOf(
  'replay-ended',
  'The end of the replay of a watch',
  /^calendar\.replay\.ended$/,
  { ...aboutWatch, replay: z.string() },
  replayEndedSchema,
);

const clock = kindOf(
  'clock',
  'A moment of an event',
  new RegExp(`^calendar\\.clock\\.${oneOf(CLOCK_TYPES)}$`),
  {
    watch: z.string(),
    user: z.string().optional(),
    calendar: z.string().optional(),
    event: z.string().optional(),
    moment: z.string(),
  },
  clockMessageSchema,
);

const notification: Kind = {
  id: dataSchema('notification'),
  title: 'A request to sync a watch',
  data: z.union([requests.push, requests.continue, requests.manual]),
  message: jsonOf(
    z.union(REASONS.map((reason) => z.object({ attributes: reasons[reason], data: requests[reason] }))),
  ),
};

const deadLetter = kindOf(
  'dead-letter',
  'A message that sync cannot process',
  /^calendar\.notification\.refused$/,
  { reason: z.string() },
  z.object({
    reason: z.string(),
    messageId: z.string(),
    attributes: z.unknown().describe('The attributes of the message.'),
    data: z.string().describe('The data of the message as text, cut at 100,000 characters.'),
    refusedAt: z.string().describe('ISO 8601.'),
  }),
);

/** The data is described by the schema itself, the whole message by its definition `message`. */
const jsonSchema = ({ id, title, data, message }: Kind): object => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: id,
  title,
  ...jsonOf(data),
  $defs: { message: { description: 'Its attributes, and its data as JSON.', ...message } },
});

/**
 * The schemas that the topics enforce: the fields that all messages of a topic have. They cannot name the others, because the JSON
 * encoding of Avro has neither fields that may be absent nor free-form objects, and writes nullable values in its own way. Pub/Sub accepts
 * fields that a schema does not name.
 * @see https://cloud.google.com/pubsub/docs/schemas
 */
const topicSchemas = {
  'calendar-messages.avsc': {
    type: 'record',
    name: 'Message',
    namespace: 'calendar_mirror',
    doc: 'What every message of calendar-changes has.',
    fields: [
      { name: 'watchId', type: 'string' },
      { name: 'sequence', type: 'long', doc: 'Of a change, its number; else the last number of the watch.' },
    ],
  },
  'calendar-moments.avsc': {
    type: 'record',
    name: 'Moment',
    namespace: 'calendar_mirror',
    doc: 'What every message of calendar-clock has.',
    fields: [
      { name: 'watchId', type: 'string' },
      { name: 'eventId', type: 'string' },
      { name: 'moment', type: 'string' },
      { name: 'dueAt', type: 'string' },
    ],
  },
};

const fileName = (id: string): string => id.split(':').slice(-2).join('.');

/** Returns the files in `schemas/`, by name. */
export const schemaFiles = (): Readonly<Record<string, object>> => ({
  ...Object.fromEntries(
    [change, watch, replayEnded, clock, notification, deadLetter].map((kind) => [
      `${fileName(kind.id)}.json`,
      jsonSchema(kind),
    ]),
  ),
  ...topicSchemas,
  ...Object.fromEntries(
    Object.entries({ Change: change, Watch: watch, ReplayEnded: replayEnded, Clock: clock }).map(
      ([name, kind]) => [`${fileName(kind.id)}.avsc`, avroRecord(name, kind.data, kind.title)],
    ),
  ),
});
