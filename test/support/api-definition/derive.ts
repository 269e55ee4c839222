/**
 * Derives `calendar-v3.json` from a Google discovery document:
 *
 *   node test/support/api-definition/derive.ts <discovery.json> > test/support/api-definition/calendar-v3.json
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ApiTable } from './table.ts';
import type { ApiMethod, ApiParameter, FieldType } from './table.ts';

const discoveryParameter = z.object({
  type: z.string(),
  format: z.string().optional(),
  location: z.enum(['path', 'query']),
  required: z.boolean().optional(),
  repeated: z.boolean().optional(),
  enum: z.array(z.string()).optional(),
});

const reference = z.object({ $ref: z.string() });

const discoveryMethod = z.object({
  id: z.string(),
  httpMethod: z.string(),
  path: z.string(),
  parameters: z.record(z.string(), discoveryParameter).optional(),
  request: reference.optional(),
  response: reference.optional(),
});

interface DiscoveryType {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly $ref?: string | undefined;
  readonly items?: DiscoveryType | undefined;
  readonly properties?: Readonly<Record<string, DiscoveryType>> | undefined;
  readonly additionalProperties?: DiscoveryType | undefined;
}

const discoveryType: z.ZodType<DiscoveryType> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    format: z.string().optional(),
    $ref: z.string().optional(),
    items: discoveryType.optional(),
    properties: z.record(z.string(), discoveryType).optional(),
    additionalProperties: discoveryType.optional(),
  }),
);

const discovery = z.object({
  revision: z.string(),
  parameters: z.record(z.string(), discoveryParameter),
  resources: z.record(z.string(), z.object({ methods: z.record(z.string(), discoveryMethod) })),
  schemas: z.record(z.string(), discoveryType),
});

function parameterOf(parameter: z.infer<typeof discoveryParameter>): ApiParameter {
  return {
    in: parameter.location,
    type: scalar(parameter),
    ...(parameter.required ? { required: true } : {}),
    ...(parameter.repeated ? { repeated: true } : {}),
    ...(parameter.enum ? { enum: parameter.enum } : {}),
  };
}

function methodOf(method: z.infer<typeof discoveryMethod>): ApiMethod {
  return {
    http: method.httpMethod,
    path: `/${method.path}`,
    parameters: mapValues(method.parameters ?? {}, parameterOf),
    ...(method.request ? { request: method.request.$ref } : {}),
    ...(method.response ? { response: method.response.$ref } : {}),
  };
}

function typeOf(type: DiscoveryType): FieldType {
  if (type.$ref !== undefined) return { ref: type.$ref };
  if (type.items !== undefined) return { array: typeOf(type.items) };
  if (type.additionalProperties !== undefined) return { map: typeOf(type.additionalProperties) };
  if (type.properties !== undefined) return { fields: mapValues(type.properties, typeOf) };
  return scalar(type);
}

function scalar({
  type = 'any',
  format,
}: {
  type?: string | undefined;
  format?: string | undefined;
}): string {
  return format === undefined ? type : `${type}/${format}`;
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write('Usage: node test/support/api-definition/derive.ts <discovery.json>\n');
  process.exitCode = 2;
} else {
  const document = discovery.parse(JSON.parse(readFileSync(file, 'utf8')));
  const methods = Object.values(document.resources).flatMap((resource) => Object.values(resource.methods));
  const table: ApiTable = {
    revision: document.revision,
    parameters: mapValues(document.parameters, parameterOf),
    methods: Object.fromEntries(methods.map((method) => [method.id, methodOf(method)])),
    schemas: mapValues(document.schemas, typeOf),
  };
  process.stdout.write(`${JSON.stringify(ApiTable.parse(table), null, 1)}\n`);
}
