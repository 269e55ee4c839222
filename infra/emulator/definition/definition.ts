/**
 * Google's definition of the Calendar API: its discovery document
 * (https://developers.google.com/discovery/v1/reference/apis#resource), without descriptions. `derive.ts` makes it.
 */

/** The type of a field, a parameter or a schema, in the words of JSON schema. */
export interface FieldType {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly items?: FieldType;
  readonly properties?: Readonly<Record<string, FieldType>>;
  readonly additionalProperties?: FieldType;
  readonly default?: string;
  /** Set by Google alone: a client that writes it is ignored. */
  readonly readOnly?: boolean;
  readonly deprecated?: boolean;
  /** The methods that require the field in their request. */
  readonly annotations?: { readonly required?: readonly string[] };
}

export interface ApiParameter {
  readonly type: string;
  /** `path` or `query`. */
  readonly location: string;
  readonly format?: string;
  readonly required?: boolean;
  readonly repeated?: boolean;
  readonly enum?: readonly string[];
  readonly minimum?: string;
  readonly maximum?: string;
  readonly default?: string;
  readonly deprecated?: boolean;
}

export interface ApiMethod {
  readonly id: string;
  readonly httpMethod: string;
  /** Below the base path, with `{name}` for parameters: `calendars/{calendarId}/events`. */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, ApiParameter>>;
  readonly parameterOrder?: readonly string[];
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
  /** Any one of them is enough to call the method. */
  readonly scopes: readonly string[];
  readonly supportsSubscription?: boolean;
}

export interface ApiDefinition {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly revision: string;
  readonly servicePath: string;
  readonly batchPath: string;
  readonly auth: {
    readonly oauth2: { readonly scopes: Readonly<Record<string, { readonly description: string }>> };
  };
  /** Parameters that every method accepts. */
  readonly parameters: Readonly<Record<string, ApiParameter>>;
  readonly resources: Readonly<Record<string, { readonly methods: Readonly<Record<string, ApiMethod>> }>>;
  readonly schemas: Readonly<Record<string, FieldType>>;
}

/** Returns the definition. Loaded when it is first needed, because it is not needed to start. */
export async function loadDefinition(): Promise<ApiDefinition> {
  const { default: definition } = await import('./calendar-v3.json', { with: { type: 'json' } });
  return definition;
}

/** Returns all methods by their id. */
export function methodsOf({ resources }: ApiDefinition): ReadonlyMap<string, ApiMethod> {
  const methods = Object.values(resources).flatMap((resource) => Object.values(resource.methods));
  return new Map(methods.map((method) => [method.id, method]));
}

/** Returns a type as it is, or the schema that it refers to. */
export function resolveType({ schemas }: ApiDefinition, type: FieldType): FieldType {
  return type.$ref === undefined ? type : (schemas[type.$ref] ?? {});
}
