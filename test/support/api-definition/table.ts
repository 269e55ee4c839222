/** The compact form of an API definition that conformance is tested against: names and types, without descriptions. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** `string`, `integer/int32`, `string/date-time` and so on, or composed of such types. `any` is a value that the definition leaves open. */
export type FieldType =
  | string
  | { readonly array: FieldType }
  | { readonly map: FieldType }
  | { readonly ref: string }
  | { readonly fields: Readonly<Record<string, FieldType>> };

export const FieldType: z.ZodType<FieldType> = z.lazy(() =>
  z.union([
    z.string(),
    z.strictObject({ array: FieldType }),
    z.strictObject({ map: FieldType }),
    z.strictObject({ ref: z.string() }),
    z.strictObject({ fields: z.record(z.string(), FieldType) }),
  ]),
);

const Parameter = z.strictObject({
  in: z.enum(['path', 'query']),
  type: z.string(),
  required: z.literal(true).optional(),
  repeated: z.literal(true).optional(),
  enum: z.array(z.string()).optional(),
});

const Method = z.strictObject({
  http: z.string(),
  path: z.string(),
  parameters: z.record(z.string(), Parameter),
  request: z.string().optional(),
  response: z.string().optional(),
});

export const ApiTable = z.strictObject({
  revision: z.string(),
  /** Parameters that every method accepts. */
  parameters: z.record(z.string(), Parameter),
  methods: z.record(z.string(), Method),
  schemas: z.record(z.string(), FieldType),
});

export type ApiTable = z.infer<typeof ApiTable>;
export type ApiParameter = z.infer<typeof Parameter>;
export type ApiMethod = z.infer<typeof Method>;

/** Returns the checked-in definition of Calendar API v3. */
export function calendarApi(): ApiTable {
  const file = new URL('calendar-v3.json', import.meta.url);
  return ApiTable.parse(JSON.parse(readFileSync(file, 'utf8')));
}
