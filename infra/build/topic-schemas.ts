import * as z from 'zod';

import { RESOURCES } from '../../functions/calendar/resources.ts';
import { CHANGES, changeSchema } from '../../functions/feed/change.ts';
import { notificationData } from '../../functions/feed/notification.ts';

/** The schemas of both topics for consumers in other languages: the files in `schemas/`, from the schemas that the functions use. */

/** A CloudEvent in binary mode. Attributes that may exceed 1,024 bytes are optional, because such values are left out. */
const cloudEvent = {
  'ce-specversion': z.literal('1.0'),
  'ce-id': z.string(),
  'ce-source': z.string().regex(/^\/\/calendar-mirror\/watches\//),
  'ce-subject': z.string().optional(),
  'ce-time': z.string().describe('ISO 8601.'),
  'content-type': z.literal('application/json'),
  watch: z.string(),
};

const changeMessage = z.object({
  attributes: z.object({
    ...cloudEvent,
    'ce-type': z.string().regex(new RegExp(`^calendar\\.(${RESOURCES.join('|')})\\.(${CHANGES.join('|')})$`)),
    user: z.string().optional(),
    resource: z.enum(RESOURCES),
    calendar: z.string().optional(),
    item: z.string().optional(),
    change: z.enum(CHANGES),
    sequence: z.string().regex(/^[1-9]\d*$/),
  }),
  data: changeSchema,
});

const notification = { ...cloudEvent, 'ce-type': z.literal('calendar.notification.received') };
const pushed = {
  state: z.string().optional(),
  resource: z.string().optional(),
  calendar: z.string().optional(),
};
const requested = { requestedAt: z.string().optional().describe('ISO 8601.') };

const notificationMessage = z.union([
  z.object({
    attributes: z.object({ ...notification, reason: z.literal('push'), ...pushed }),
    data: notificationData.push,
  }),
  ...(['poll', 'continue'] as const).map((reason) =>
    z.object({
      attributes: z.object({ ...notification, reason: z.literal(reason) }),
      data: z.object({ ...notificationData[reason].shape, ...requested }),
    }),
  ),
  // People publish this one too, with only these two attributes.
  z.object({
    attributes: z
      .object(notification)
      .partial()
      .extend({ watch: z.string(), reason: z.literal('manual') }),
    data: z.object({ ...notificationData.manual.shape, ...requested }),
  }),
]);

/** Describes messages as received: fields with a default may be absent, unknown fields are allowed. */
const jsonSchema = (schema: z.ZodType, title: string, description: string): object => ({
  title,
  description,
  ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
});

const Properties = z.object({
  properties: z.record(
    z.string(),
    z.object({
      type: z.enum(['string', 'integer']).optional().catch(undefined),
      enum: z.array(z.string()).optional(),
      description: z.string().optional(),
    }),
  ),
});

/**
 * Returns the schema that a Pub/Sub topic can enforce on changes in JSON. It lacks items and `calendarId`, because Avro has no
 * free-form objects and its own encoding of nullable values; Pub/Sub accepts fields that a schema does not name.
 * @see https://cloud.google.com/pubsub/docs/schemas
 */
function avroSchema(): object {
  const { properties } = Properties.parse(z.toJSONSchema(changeSchema, { unrepresentable: 'any' }));
  const fields = Object.entries(properties).flatMap(([name, { type, enum: symbols, description: doc }]) => {
    const plain = type && ({ string: 'string', integer: 'long' } as const)[type];
    const avro = symbols === undefined ? plain : { type: 'enum', name: `Change_${name}`, symbols };
    return avro === undefined ? [] : [{ name, type: avro, ...(doc !== undefined && { doc }) }];
  });
  return { type: 'record', name: 'Change', fields };
}

/** Returns the files in `schemas/`, by name. */
export const schemaFiles = (): Readonly<Record<string, object>> => ({
  'calendar-changes.json': jsonSchema(
    changeMessage,
    'A message of calendar-changes',
    'Its attributes, and its data as JSON.',
  ),
  'calendar-notifications.json': jsonSchema(
    notificationMessage,
    'A message of calendar-notifications',
    'Its attributes, and its data as JSON.',
  ),
  'calendar-changes.avsc': avroSchema(),
});
