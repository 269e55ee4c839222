import {
  isBodies,
  isListOfBodies,
  type Bodies,
  type Body,
  type Configuration,
  type Resource,
} from './configuration.ts';
import { Expression, pathsIn } from './expression.ts';
import { META } from './results.ts';
import { objectIn, schemaOf, type Attribute, type Block, type ProviderSchemas } from './schema.ts';

/** The schema of `terraform_data`, which is built into Terraform. */
const TERRAFORM_DATA: Block = {
  attributes: {
    id: { type: 'string', computed: true },
    input: { type: 'dynamic', optional: true },
    output: { type: 'dynamic', computed: true },
    triggers_replace: { type: 'dynamic', optional: true },
  },
};

const blockOf = (
  schemas: ProviderSchemas,
  { kind, type }: Pick<Resource, 'kind' | 'type'>,
): Block | undefined => (type === 'terraform_data' ? TERRAFORM_DATA : schemaOf(schemas, kind, type));

/** Returns what Terraform would reject in a configuration: unknown names, missing arguments, and references to undeclared names. */
export function problemsOf(configuration: Configuration, schemas: ProviderSchemas): readonly string[] {
  return [
    ...configuration.resources.flatMap((resource) => {
      const known = blockOf(schemas, resource);
      if (!known) return [`${resource.address}: unknown ${resource.kind} type ${resource.type}`];
      const body = Object.fromEntries(
        Object.entries(resource.body).filter(([name]) => name === 'dynamic' || !META.includes(name)),
      );
      return misfits(body, known, resource.address);
    }),
    ...danglingIn(configuration, schemas),
  ];
}

/** Returns the `content` blocks of dynamic blocks. */
const contents = (value: Body): readonly Body[] =>
  (isListOfBodies(value) ? value : []).flatMap(({ content = null }) =>
    isListOfBodies(content) ? content : [],
  );

/** Returns how a body violates the schema of its block. */
function misfits(body: Bodies, known: Block, where: string): string[] {
  const dynamic = isBodies(body['dynamic']) ? body['dynamic'] : {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (name === 'dynamic') continue;
    const attribute = known.attributes?.[name];
    const block = known.block_types?.[name];
    if (attribute) problems.push(...wrongValue(attribute, value, `${where}.${name}`));
    else if (!block) problems.push(`${where}: unknown argument or block ${name}`);
    else if (!Array.isArray(value) || !value.every((item: Body) => isBodies(item)))
      problems.push(`${where}.${name} must be a block`);
    else {
      if ((block.max_items === 1 || block.nesting_mode === 'single') && value.length > 1)
        problems.push(`${where}: more than one ${name}`);
      for (const item of value)
        if (isBodies(item)) problems.push(...misfits(item, block.block, `${where}.${name}`));
    }
  }
  for (const [name, value] of Object.entries(dynamic)) {
    const block = known.block_types?.[name];
    if (!block) problems.push(`${where}: unknown block ${name}`);
    else
      for (const item of contents(value))
        if (isBodies(item)) problems.push(...misfits(item, block.block, `${where}.${name}`));
  }
  const required = [
    ...Object.entries(known.attributes ?? {}).flatMap(([name, { required: is }]) =>
      is === true ? [name] : [],
    ),
    ...Object.entries(known.block_types ?? {}).flatMap(([name, { min_items: least = 0 }]) =>
      least > 0 ? [name] : [],
    ),
  ];
  for (const name of required)
    if (!(name in body) && !(name in dynamic)) problems.push(`${where}: ${name} is missing`);
  return problems;
}

function wrongValue(attribute: Attribute, value: Body, where: string): string[] {
  if (attribute.computed === true && attribute.optional !== true && attribute.required !== true)
    return [`${where} is read-only`];
  if (value === null || value instanceof Expression) return [];
  const type = typeof attribute.type === 'string' ? attribute.type : (attribute.type?.[0] ?? '');
  const fits: Readonly<Record<string, boolean>> = {
    string: typeof value !== 'object',
    number:
      typeof value === 'number' ||
      (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))),
    bool: typeof value === 'boolean' || value === 'true' || value === 'false',
    list: Array.isArray(value),
    set: Array.isArray(value),
    map: isBodies(value),
  };
  return fits[type] === false ? [`${where} is not a ${type}`] : [];
}

const expressionsIn = (body: Body): readonly Expression[] => {
  if (body instanceof Expression) return [body];
  if (Array.isArray(body)) return body.flatMap((item: Body) => expressionsIn(item));
  // The names in `ignore_changes` are attributes of the resource itself.
  const parts = isBodies(body) ? Object.entries(body).filter(([name]) => name !== 'ignore_changes') : [];
  return parts.flatMap(([, value]) => expressionsIn(value));
};

const OWN_NAMES = new Set(['each', 'count', 'path', 'self', 'terraform']);

/** Returns references to undeclared names, or to attributes that a resource does not have. */
function danglingIn(configuration: Configuration, schemas: ProviderSchemas): string[] {
  const { resources, variables, locals, outputs, modules } = configuration;
  const address = new Map(resources.map((resource) => [resource.address, resource]));
  const problem = (path: readonly (string | number)[], iterators: readonly string[]): string | undefined => {
    const [first = '', second = '', third = ''] = path.map(String);
    const declared = { var: variables, local: locals, module: modules }[first];
    if (declared) return second in declared ? undefined : `${first}.${second} is not declared`;
    if (OWN_NAMES.has(first) || iterators.includes(first)) return undefined;
    const length = ['data', 'ephemeral'].includes(first) ? 3 : 2;
    const found = address.get([first, second, third].slice(0, length).join('.'));
    if (!found) return `${path.join('.')} is not declared`;
    const known = blockOf(schemas, found);
    // With `count` or `for_each` the first step is the instance key.
    const several = 'for_each' in found.body || 'count' in found.body;
    return known ? unknownStep(known, path.slice(several ? length + 1 : length)) : undefined;
  };
  const places: readonly (readonly [string, Body])[] = [
    ...resources.map((resource) => [resource.address, resource.body] as const),
    ...Object.entries(variables).map(
      ([name, body]) => [`var.${name}`, isBodies(body) ? { ...body, type: null } : body] as const,
    ),
    ...Object.entries(locals).map(([name, body]) => [`local.${name}`, body] as const),
    ...Object.entries(outputs).map(([name, body]) => [`output.${name}`, body] as const),
    ...Object.entries(modules).map(
      ([name, body]) => [`module.${name}`, isBodies(body) ? { ...body, providers: null } : body] as const,
    ),
  ];
  return places.flatMap(([where, body]) =>
    expressionsIn(body).flatMap((expression) =>
      pathsIn(expression.root).flatMap((path) => {
        const wrong = problem(path, iteratorsIn(body));
        return wrong === undefined ? [] : [`${where}: ${wrong}`];
      }),
    ),
  );
}

/** Returns the names of dynamic blocks, which are the iterators inside them. */
function iteratorsIn(body: Body): readonly string[] {
  if (Array.isArray(body)) return body.flatMap((item: Body) => iteratorsIn(item));
  if (!isBodies(body)) return [];
  const here = isBodies(body['dynamic']) ? Object.keys(body['dynamic']) : [];
  return [...here, ...Object.values(body).flatMap((value) => iteratorsIn(value))];
}

/** Returns a problem for the first step of a path that its resource does not have. */
function unknownStep(known: Block, path: readonly (string | number)[]): string | undefined {
  let block: Block | undefined = known;
  // A number is the index of a block or an item.
  for (const name of path.filter((step) => typeof step === 'string')) {
    if (!block) return undefined;
    const attribute: Attribute | undefined = block.attributes?.[name];
    const next: Block | undefined = block.block_types?.[name]?.block;
    if (!attribute && !next) return `unknown attribute ${name} in ${path.join('.')}`;
    block = next ?? objectIn(attribute);
  }
  return undefined;
}
