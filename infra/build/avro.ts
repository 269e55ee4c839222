import * as z from 'zod';

/** Avro schemas of the data of messages, for stores of records: data lakes, Kafka, BigQuery. */

const typed = z.object({ type: z.union([z.string(), z.array(z.string())]).optional() });
const propertySchema = typed.extend({
  anyOf: z.array(typed).optional(),
  description: z.string().optional(),
});
const objectSchema = z.object({
  properties: z.record(z.string(), propertySchema),
  required: z.array(z.string()).default([]),
});

const SIMPLE: Readonly<Record<string, string>> = { string: 'string', integer: 'long', boolean: 'boolean' };

type Field = Readonly<Record<string, unknown>>;

/** What Avro has no type for is JSON text. Enumerations are strings: a reader of Avro rejects a symbol that it does not know. */
function fieldOf(name: string, property: z.infer<typeof propertySchema>, isRequired: boolean): Field {
  const types = (property.anyOf ?? [property]).flatMap(({ type = 'object' }) => type);
  const main = types.find((type) => type !== 'null') ?? 'object';
  const said = property.description;
  if (main === 'array') return { name, type: { type: 'array', items: 'string' }, default: [], doc: said };
  const type = SIMPLE[main];
  const doc = type === undefined ? ['As JSON text.', ...(said === undefined ? [] : [said])].join(' ') : said;
  const isNullable = type === undefined || types.includes('null') || !isRequired;
  return isNullable
    ? { name, type: ['null', type ?? 'string'], default: null, doc }
    : { name, type: type ?? 'string', doc };
}

/** Returns the record for data of a schema. */
export function avroRecord(name: string, schema: z.ZodType, doc: string): object {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const { properties, required } = objectSchema.parse(json);
  const fields = Object.entries(properties).map(([field, property]) =>
    fieldOf(field, property, required.includes(field)),
  );
  // Leaves out what is undefined.
  return JSON.parse(JSON.stringify({ type: 'record', name, namespace: 'calendar_mirror', doc, fields }));
}
