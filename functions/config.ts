import { createSecretKey, type KeyObject } from 'node:crypto';

import * as z from 'zod';

/**
 * The environment, parsed once when a function starts. Nothing else in `functions/` reads `process.env`
 * (Google's client libraries read their emulators' variables themselves; our own publisher is told of `PUBSUB_EMULATOR_HOST`).
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown by the readers below; the message names each variable that is wrong, and what it should be. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** How calls to Google Calendar are authorised, where a watch's `spec.auth` does not say otherwise. */
export const AUTH_MODES = ['service-account', 'delegation', 'oauth', 'emulator'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** A key that signs channel tokens: `id` tells keys apart during a rotation and is no secret. */
export interface TokenKey {
  readonly id: string;
  readonly secret: KeyObject;
}

const text = z.string({ error: 'is not set' });
const topic = text.regex(
  /^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/,
  'is not a topic name (3 to 255 characters, a letter first)',
);
const seconds = (fallback: number, least: number) =>
  z.coerce
    .number({ error: 'is not a number of seconds' })
    .min(least, `must be at least ${String(least)} (seconds)`)
    .max(31_536_000, 'must be at most a year (in seconds)')
    .default(fallback);

const url = text.refine((value) => URL.canParse(value) && /^https?:/.test(value), 'is not an http(s) URL');

const BASE64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2,3})?={0,2}$/;

const tokenKeys = text.transform((value, context): readonly TokenKey[] => {
  const keys: TokenKey[] = [];
  for (const pair of value.split(',').map((part) => part.trim())) {
    const [, id, base64 = ''] = /^([\w-]{1,32}):(.+)$/.exec(pair) ?? [];
    const secret = Buffer.from(base64, 'base64url');
    if (id === undefined || !BASE64.test(base64) || secret.length === 0) {
      // The pair itself is not repeated: it may hold a secret with a slip of the pen in it.
      context.addIssue('is not a comma-separated list of kid:base64 pairs');
      return z.NEVER;
    }
    if (keys.some((key) => key.id === id)) {
      context.addIssue(`names the key ${id} twice`);
      return z.NEVER;
    }
    keys.push({ id, secret: createSecretKey(secret) });
  }
  return keys;
});

const shared = {
  GOOGLE_CLOUD_PROJECT: text,
  NOTIFICATIONS_TOPIC: topic.default('calendar-notifications'),
  PUBSUB_EMULATOR_HOST: text.optional(),
};

const changesTopic = topic.default('calendar-changes');
const deadLettersTopic = topic.default('calendar-dead-letters');

const store = {
  FIRESTORE_DATABASE: text.default('(default)'),
  CALENDAR_AUTH: z
    .enum(AUTH_MODES, { error: `must be one of ${AUTH_MODES.join(', ')}` })
    .default('service-account'),
  CALENDAR_API_ROOT_URL: url.optional(),
  DELEGATION_SERVICE_ACCOUNT: text
    .regex(/^[^\s@]+@[^\s@]+$/, 'is not the address of a service account')
    .optional(),
  OAUTH_TOKEN_URL: url.default('https://oauth2.googleapis.com/token'),
  IAM_CREDENTIALS_ROOT_URL: url.default('https://iamcredentials.googleapis.com'),
  SECRET_MANAGER_ROOT_URL: url.default('https://secretmanager.googleapis.com'),
};

const receiveSchema = z.object({
  ...shared,
  CHANNEL_TOKEN_KEYS: tokenKeys,
});

const syncSchema = z.object({
  ...shared,
  ...store,
  CHANGES_TOPIC: changesTopic,
  DEAD_LETTERS_TOPIC: deadLettersTopic,
  MIN_SYNC_INTERVAL_SECONDS: seconds(2, 0),
  SYNC_DEADLINE_SECONDS: seconds(45, 0),
});

const rules = {
  CHANNEL_TTL_SECONDS: seconds(604_800, 1),
  RENEW_BEFORE_SECONDS: seconds(86_400, 0),
  MAX_STALENESS_SECONDS: seconds(21_600, 1),
  POLL_SECONDS: seconds(900, 1),
};

const renewSchema = z
  .object({
    ...shared,
    ...store,
    ...rules,
    CHANNEL_ADDRESS: url,
    CHANNEL_TOKEN_KEYS: tokenKeys,
  })
  .refine((config) => config.CALENDAR_AUTH === 'emulator' || config.CHANNEL_ADDRESS.startsWith('https:'), {
    path: ['CHANNEL_ADDRESS'],
    error: 'must be an https URL: Google Calendar calls no other',
  });

const commandSchema = z.object({
  ...shared,
  ...store,
  ...rules,
  CHANGES_TOPIC: changesTopic,
  DEAD_LETTERS_TOPIC: deadLettersTopic,
  DEAD_LETTERS_SUBSCRIPTION: topic.default('calendar-dead-letters-reader'),
  /** Where a deployment cannot be asked: see `calendar-mirror doctor`. */
  CALENDAR_AUTH: store.CALENDAR_AUTH.unwrap().optional(),
  CHANNEL_ADDRESS: url.optional(),
  CLOUD_API_ROOT_URL: url.optional(),
  /** Where `calendar-mirror login` sends users. */
  OAUTH_AUTHORIZE_URL: url.default('https://accounts.google.com/o/oauth2/v2/auth'),
  FIRESTORE_EMULATOR_HOST: text.optional(),
});

export type ReceiveConfig = z.infer<typeof receiveSchema>;
export type SyncConfig = z.infer<typeof syncSchema>;
export type RenewConfig = z.infer<typeof renewSchema>;
export type CommandConfig = z.infer<typeof commandSchema>;

function read<T>(schema: z.ZodType<T>, environment: Environment): T {
  // A variable set to nothing is one that is not set, as deployment tools cannot always tell the two apart.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new ConfigurationError(
    `Cannot start: ${problems.join('; ')}. See the configuration table in README.md.`,
  );
}

const functionSchemas = { receive: receiveSchema, sync: syncSchema, renew: renewSchema };

/** The variables that a function reads, by what becomes of it without them: for whoever deploys it. */
export function environmentNames(name: keyof typeof functionSchemas): {
  readonly required: readonly string[];
  readonly optional: readonly string[];
} {
  const shape: Readonly<Record<string, z.ZodType>> = functionSchemas[name].shape;
  const names = Object.keys(shape);
  const isRequired = (variable: string): boolean => shape[variable]?.safeParse(undefined).success === false;
  return { required: names.filter(isRequired), optional: names.filter((each) => !isRequired(each)) };
}

/** What `receive` needs. @throws {ConfigurationError} naming every variable that is missing or wrong. */
export const readReceiveConfig = (environment: Environment): ReceiveConfig =>
  read(receiveSchema, environment);

/** What `sync` needs. @throws {ConfigurationError} naming every variable that is missing or wrong. */
export const readSyncConfig = (environment: Environment): SyncConfig => read(syncSchema, environment);

/** What `renew` needs. @throws {ConfigurationError} naming every variable that is missing or wrong. */
export const readRenewConfig = (environment: Environment): RenewConfig => read(renewSchema, environment);

/** What the command line needs. @throws {ConfigurationError} naming every variable that is missing or wrong. */
export const readCommandConfig = (environment: Environment): CommandConfig =>
  read(commandSchema, environment);

/** The environment with `variables` in place of what was set, for Google's client libraries as well. */
export function overrideEnvironment(variables: Environment): Environment {
  return Object.assign(process.env, variables);
}

/**
 * Reads a configuration or ends the process with one line that says why: a function that cannot work
 * must not start, and the operator should not have to dig the reason out of a stack trace.
 */
export function configure<T>(reader: (environment: Environment) => T): T {
  try {
    return reader(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // Stryker disable next-line all: it ends the process, which only those see who started one (see start.test.ts)
    process.stderr.write(`${JSON.stringify({ severity: 'CRITICAL', message: error.message })}\n`);
    return process.exit(1);
  }
}
