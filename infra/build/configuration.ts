import * as z from 'zod';

import { functionSchemas } from '../../functions/config.ts';
import { commandSchema } from '../cli/config.ts';
import { listItem, table } from './markdown.ts';
import { VARIABLES } from './variables.ts';

/** Generates the page of all environment variables from the schemas that parse them. */

interface Variable {
  readonly isRequired: boolean;
  readonly default: string | undefined;
  readonly bounds: string;
}

const YEAR = 31_536_000;

const propertySchema = z.object({
  default: z.union([z.string(), z.number()]).optional(),
  minimum: z.number().optional(),
  maximum: z.literal(YEAR).optional(),
});

function variablesOf(schema: z.ZodType): ReadonlyMap<string, Variable> {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return new Map(
    Object.entries(properties).map(([name, property]) => {
      const { default: fallback, minimum, maximum } = propertySchema.parse(property);
      return [
        name,
        {
          isRequired: required.includes(name),
          default: fallback === undefined ? undefined : String(fallback),
          bounds: maximum === undefined ? '' : `${String(minimum)} s to a year`,
        },
      ];
    }),
  );
}

const FUNCTIONS = {
  receive: variablesOf(functionSchemas.receive),
  sync: variablesOf(functionSchemas.sync),
  renew: variablesOf(functionSchemas.renew),
};
const CLI = variablesOf(commandSchema);

/** Returns the names of the variables that a function reads. */
export function environmentNames(name: keyof typeof FUNCTIONS): {
  readonly required: readonly string[];
  readonly optional: readonly string[];
} {
  const variables = [...FUNCTIONS[name]];
  const names = (isRequired: boolean): readonly string[] =>
    variables.filter(([, variable]) => variable.isRequired === isRequired).map(([each]) => each);
  return { required: names(true), optional: names(false) };
}

/** In no schema of a function, because Google's client library reads it. */
const READ_BY_LIBRARIES = new Set(['FIRESTORE_EMULATOR_HOST']);

interface Row extends Variable {
  readonly name: string;
  readonly readBy: string;
}

function rowOf(name: string): Row {
  const readers = Object.entries(FUNCTIONS).filter(([, variables]) => variables.has(name));
  const variable = readers[0]?.[1].get(name) ?? CLI.get(name);
  if (variable === undefined) throw new Error(`infra/build/variables.ts lists ${name}, which no schema has`);
  const names = [...readers.map(([reader]) => reader), ...(CLI.has(name) ? ['CLI'] : [])];
  if (READ_BY_LIBRARIES.has(name)) names.unshift('sync', 'renew');
  return { ...variable, name, readBy: names.length === 4 ? 'all' : names.join(', ') };
}

function section([title, meanings]: readonly [string, Readonly<Record<string, string>>]): string {
  const rows = Object.keys(meanings).map(rowOf);
  const hasBounds = rows.some(({ bounds }) => bounds !== '');
  const cells = rows.map(({ name, isRequired, default: fallback, bounds, readBy }) => {
    const value = fallback === undefined ? (isRequired ? 'required' : '–') : `\`${fallback}\``;
    return [`\`${name}\``, value, ...(hasBounds ? [bounds] : []), readBy];
  });
  const header = ['name', 'default', ...(hasBounds ? ['bounds'] : []), 'read by'];
  const items = Object.entries(meanings).map(([name, meaning]) => listItem(`\`${name}\` – ${meaning}`));
  return [`## ${title}`, table([header, ...cells]), items.join('\n')].join('\n\n');
}

const INTRODUCTION = `# Configuration

The functions and the command line (CLI) read environment variables. A missing or invalid variable stops the function when it starts, with a message
that names it. An empty variable counts as not set. Times are in seconds, with fractions; a year is ${String(YEAR)} s. Terraform sets the variables
from those of the [module](terraform/variables.tf).

This page is generated from [functions/config.ts](../functions/config.ts), [infra/cli/config.ts](cli/config.ts) and their meanings in
[infra/build/variables.ts](build/variables.ts): \`npm run docs\`.`;

const OTHERS = `## Read by Node

- \`NODE_OPTIONS\` – \`--max-old-space-size=320 --max-semi-space-size=4\` keeps sync, with eight requests at once, below 400 MiB on an instance of 512 MiB.
- \`TZ\` – Time zone in which the CLI reads and prints times; that of the operating system if not set.`;

/** Returns the text of `infra/configuration.md`. */
export function configurationPage(): string {
  const listed = new Set(Object.values(VARIABLES).flatMap((meanings) => Object.keys(meanings)));
  const missing = [...Object.values(FUNCTIONS), CLI]
    .flatMap((variables) => [...variables.keys()])
    .filter((name) => !listed.has(name));
  if (missing.length > 0)
    throw new Error(`infra/build/variables.ts does not say what ${missing.join(', ')} means`);
  return `${[INTRODUCTION, ...Object.entries(VARIABLES).map(section), OTHERS].join('\n\n')}\n`;
}
