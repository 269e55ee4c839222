import * as z from 'zod';

import { functionSchemas } from '../../functions/config.ts';
import { commandSchema } from '../cli/config.ts';
import { listItem, table } from './markdown.ts';

/** Generates the page of all environment variables from the schemas that parse them. */

interface Variable {
  readonly isRequired: boolean;
  readonly default: string | undefined;
  readonly bounds: string;
  readonly meaning: string;
}

const YEAR = 31_536_000;

const propertySchema = z.object({
  description: z.string().optional(),
  default: z.union([z.string(), z.number()]).optional(),
  minimum: z.number().optional(),
  maximum: z.literal(YEAR).optional(),
});

function variablesOf(schema: z.ZodType): ReadonlyMap<string, Variable> {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return new Map(
    Object.entries(properties).map(([name, property]) => {
      const { description, default: fallback, minimum, maximum } = propertySchema.parse(property);
      return [
        name,
        {
          isRequired: required.includes(name),
          default: fallback === undefined ? undefined : String(fallback),
          bounds: maximum === undefined ? '' : `${String(minimum)} s to a year`,
          meaning: description ?? '',
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

/** The variables in each section of the page. A variable in no section is an error. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  'Project, database and topics': [
    'GOOGLE_CLOUD_PROJECT',
    'FIRESTORE_DATABASE',
    'NOTIFICATIONS_TOPIC',
    'CHANGES_TOPIC',
    'DEAD_LETTERS_TOPIC',
    'DEAD_LETTERS_SUBSCRIPTION',
  ],
  Channels: ['CHANNEL_ADDRESS', 'CHANNEL_TOKEN_KEYS'],
  Times: [
    'CHANNEL_TTL_SECONDS',
    'RENEW_BEFORE_SECONDS',
    'MAX_STALENESS_SECONDS',
    'POLL_SECONDS',
    'RECONCILE_SECONDS',
    'MIN_SYNC_INTERVAL_SECONDS',
    'SYNC_DEADLINE_SECONDS',
  ],
  'Access to Google Calendar': ['CALENDAR_AUTH', 'DELEGATION_SERVICE_ACCOUNT'],
  'Services: for emulators, tests and other clouds': [
    'CALENDAR_API_ROOT_URL',
    'OAUTH_TOKEN_URL',
    'OAUTH_AUTHORIZE_URL',
    'IAM_CREDENTIALS_ROOT_URL',
    'SECRET_MANAGER_ROOT_URL',
    'CLOUD_API_ROOT_URL',
    'FIRESTORE_EMULATOR_HOST',
    'PUBSUB_EMULATOR_HOST',
  ],
};

/** In no schema of a function, because Google's client library reads it. */
const READ_BY_LIBRARIES = new Set(['FIRESTORE_EMULATOR_HOST']);

interface Row extends Variable {
  readonly name: string;
  readonly readBy: string;
}

function rowOf(name: string): Row {
  const readers = Object.entries(FUNCTIONS).filter(([, variables]) => variables.has(name));
  const variable = readers[0]?.[1].get(name) ?? CLI.get(name);
  if (variable === undefined)
    throw new Error(`infra/build/configuration.ts lists ${name}, which no schema has`);
  const names = [...readers.map(([reader]) => reader), ...(CLI.has(name) ? ['CLI'] : [])];
  if (READ_BY_LIBRARIES.has(name)) names.unshift('sync', 'renew');
  return { ...variable, name, readBy: names.length === 4 ? 'all' : names.join(', ') };
}

function section([title, names]: readonly [string, readonly string[]]): string {
  const rows = names.map(rowOf);
  const hasBounds = rows.some(({ bounds }) => bounds !== '');
  const cells = rows.map(({ name, isRequired, default: fallback, bounds, readBy }) => {
    const value = fallback === undefined ? (isRequired ? 'required' : '–') : `\`${fallback}\``;
    return [`\`${name}\``, value, ...(hasBounds ? [bounds] : []), readBy];
  });
  const header = ['name', 'default', ...(hasBounds ? ['bounds'] : []), 'read by'];
  const meanings = rows.map(({ name, meaning }) => listItem(`\`${name}\` – ${meaning}`));
  return [`## ${title}`, table([header, ...cells]), meanings.join('\n')].join('\n\n');
}

const INTRODUCTION = `# Configuration

The functions and the command line (CLI) read environment variables. A missing or invalid variable stops the function when it starts, with a message
that names it. An empty variable counts as not set. Times are in seconds, with fractions; a year is ${String(YEAR)} s. Terraform sets the variables
from those of the [module](terraform/variables.tf).

This page is generated from [functions/config.ts](../functions/config.ts) and [infra/cli/config.ts](cli/config.ts): \`npm run docs\`.`;

const OTHERS = `## Read by Node

- \`NODE_OPTIONS\` – \`--max-old-space-size=320 --max-semi-space-size=4\` keeps sync below 256 MiB on an instance of 512 MiB.
- \`TZ\` – Time zone in which the CLI reads and prints times; that of the operating system if not set.`;

/** Returns the text of `infra/configuration.md`. */
export function configurationPage(): string {
  const listed = new Set(Object.values(SECTIONS).flat());
  const missing = [...Object.values(FUNCTIONS), CLI]
    .flatMap((variables) => [...variables.keys()])
    .filter((name) => !listed.has(name));
  if (missing.length > 0) throw new Error(`no section of infra/configuration.md lists ${missing.join(', ')}`);
  return `${[INTRODUCTION, ...Object.entries(SECTIONS).map(section), OTHERS].join('\n\n')}\n`;
}
