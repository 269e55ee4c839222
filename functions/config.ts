import { createSecretKey } from 'node:crypto';

import * as z from 'zod';

import { isName, nameRule } from './feed/names.ts';
import type { TokenKey } from './watches/channel-token.ts';
import { AUTH_MODES, TOKEN_STORES } from './calendar/auth/modes.ts';

/**
 * The environment variables of the functions, parsed once at start. Nothing else in `functions/` reads `process.env`; only Google's
 * client libraries read the variables of their emulators. `infra/build/variables.ts` says what each means, for `infra/configuration.md`.
 */

export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown by the readers below. The message names each variable that is missing or invalid, and what it should be. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export const text = z.string({ error: 'is not set' });

export const url = text.refine(
  (value) => URL.canParse(value) && /^https?:/.test(value),
  'is not an http(s) URL',
);

const topic = (name: string) =>
  text
    .refine((value) => isName('topics', value), `is not a topic name (${nameRule('topics')})`)
    .default(name);

const seconds = (fallback: number, least: 0 | 1) =>
  z.coerce
    .number({ error: 'is not a number of seconds' })
    .min(least, `must be at least ${String(least)} (seconds)`)
    .max(31_536_000, 'must be at most a year (in seconds)')
    .default(fallback);

/**
 * The output length of HMAC-SHA256, which is the shortest key that RFC 2104 advises:
 * https://www.rfc-editor.org/rfc/rfc2104#section-3
 */
const SHORTEST_SECRET_BYTES = 32;
const BASE64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2,3})?={0,2}$/;

const tokenKeys = text.transform((value, context): readonly TokenKey[] => {
  const keys: TokenKey[] = [];
  const reject = (problem: string) => {
    context.addIssue(problem);
    return z.NEVER;
  };
  for (const pair of value.split(',').map((part) => part.trim())) {
    const [, id, base64 = ''] = /^([\w-]{1,32}):(.+)$/.exec(pair) ?? [];
    const secret = Buffer.from(base64, 'base64url');
    if (id === undefined || !BASE64.test(base64) || secret.length === 0) {
      // The message does not repeat the pair: it may contain a mistyped secret.
      return reject('is not a comma-separated list of kid:base64 pairs');
    }
    if (secret.length < SHORTEST_SECRET_BYTES) {
      // The message gives the position and not the id: in a pair with its parts swapped, the id is the secret.
      return reject(
        `must have ${String(SHORTEST_SECRET_BYTES)} bytes or more in each secret, and key ${String(keys.length + 1)} has ` +
          `${String(secret.length)}: make one with "openssl rand -base64 32"`,
      );
    }
    if (keys.some((key) => key.id === id)) return reject(`names the key ${id} twice`);
    keys.push({ id, secret: createSecretKey(secret) });
  }
  return keys;
});

/** Read by every function. */
export const shared = {
  GOOGLE_CLOUD_PROJECT: text,
  NOTIFICATIONS_TOPIC: topic('calendar-notifications'),
  PUBSUB_ENDPOINT: url.default('https://pubsub.googleapis.com'),
  PUBSUB_EMULATOR_HOST: text.optional(),
};

/** The topics that sync alone publishes to. */
export const outputTopics = {
  CHANGES_TOPIC: topic('calendar-changes'),
  CLOCK_TOPIC: topic('calendar-clock'),
  DEAD_LETTERS_TOPIC: topic('calendar-dead-letters'),
};

const KEY_NAME = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

/** The database, and access to Google Calendar. */
export const access = {
  FIRESTORE_DATABASE: text.default('(default)'),
  CALENDAR_AUTH: z
    .enum(AUTH_MODES, { error: `must be one of ${AUTH_MODES.join(', ')}` })
    .default('service-account'),
  CALENDAR_API_ROOT_URL: url.optional(),
  DELEGATION_SERVICE_ACCOUNT: text
    .regex(/^[^\s@]+@[^\s@]+$/, 'is not the address of a service account')
    .optional(),
  OAUTH_TOKEN_STORE: z
    .enum(TOKEN_STORES, { error: `must be one of ${TOKEN_STORES.join(', ')}` })
    .default('secret-manager'),
  OAUTH_KMS_KEY: text
    .regex(KEY_NAME, 'is not of the form projects/…/locations/…/keyRings/…/cryptoKeys/…')
    .optional(),
  OAUTH_TOKEN_URL: url.default('https://oauth2.googleapis.com/token'),
  IAM_CREDENTIALS_ROOT_URL: url.default('https://iamcredentials.googleapis.com'),
  SECRET_MANAGER_ROOT_URL: url.default('https://secretmanager.googleapis.com'),
  KMS_ROOT_URL: url.default('https://cloudkms.googleapis.com'),
};

/** Rejects the store `firestore` without a key. */
export function checkTokenKey(config: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  if (config['OAUTH_TOKEN_STORE'] !== 'firestore' || config['OAUTH_KMS_KEY'] !== undefined) return;
  const message = 'is not set, and OAUTH_TOKEN_STORE=firestore needs it';
  context.addIssue({ code: 'custom', path: ['OAUTH_KMS_KEY'], message });
}

/** Sync starts the full syncs, and renew checks watches in time for them. */
const RECONCILE_SECONDS = seconds(2_592_000, 0);

const RENEW_BEFORE_SECONDS = 86_400;

/** Lifetimes and intervals that renew goes by. */
export const timing = {
  CHANNEL_TTL_SECONDS: seconds(604_800, 1),
  RENEW_BEFORE_SECONDS: seconds(RENEW_BEFORE_SECONDS, 0),
  MAX_STALENESS_SECONDS: seconds(21_600, 1),
  POLL_SECONDS: seconds(900, 1),
  RECONCILE_SECONDS,
};

/** Rejects a renewal margin that is not shorter than a channel's lifetime: every channel would be due as soon as it opens. */
export function checkMargin(
  config: { readonly CHANNEL_TTL_SECONDS: number; readonly RENEW_BEFORE_SECONDS: number },
  context: z.RefinementCtx,
): void {
  const { CHANNEL_TTL_SECONDS: ttl, RENEW_BEFORE_SECONDS: margin } = config;
  if (margin < ttl) return;
  // Names the variable that was set, if only one of them was.
  const [path, message] =
    margin === RENEW_BEFORE_SECONDS
      ? ['CHANNEL_TTL_SECONDS', `must be more than RENEW_BEFORE_SECONDS, which is ${String(margin)}`]
      : ['RENEW_BEFORE_SECONDS', `must be less than CHANNEL_TTL_SECONDS, which is ${String(ttl)}`];
  context.addIssue({ code: 'custom', path: [path], message });
}

const receiveSchema = z.object({
  ...shared,
  CHANNEL_TOKEN_KEYS: tokenKeys,
});

const syncSchema = z
  .object({
    ...shared,
    ...access,
    ...outputTopics,
    MIN_SYNC_INTERVAL_SECONDS: seconds(2, 0),
    SYNC_DEADLINE_SECONDS: seconds(45, 0),
    RECONCILE_SECONDS,
  })
  .superRefine(checkTokenKey);

const renewSchema = z
  .object({
    ...shared,
    ...access,
    ...timing,
    CHANNEL_ADDRESS: url,
    CHANNEL_TOKEN_KEYS: tokenKeys,
  })
  .refine((config) => config.CALENDAR_AUTH === 'emulator' || config.CHANNEL_ADDRESS.startsWith('https:'), {
    path: ['CHANNEL_ADDRESS'],
    error: 'must be an https URL: Google Calendar calls no other',
  })
  .superRefine(checkMargin)
  .superRefine(checkTokenKey);

export const functionSchemas = { receive: receiveSchema, sync: syncSchema, renew: renewSchema };

export type SyncConfig = z.infer<typeof syncSchema>;
export type RenewConfig = z.infer<typeof renewSchema>;

/** Parses an environment. @throws {ConfigurationError} naming every variable that is missing or invalid. */
export function read<T>(schema: z.ZodType<T>, environment: Environment): T {
  // An empty variable counts as not set: deployment tools cannot always tell the two apart.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new ConfigurationError(`Cannot start: ${problems.join('; ')}. See infra/configuration.md.`);
}

/** Returns the configuration of `receive`. @throws {ConfigurationError} */
export const readReceiveConfig = (environment: Environment) => read(receiveSchema, environment);

/** Returns the configuration of `sync`. @throws {ConfigurationError} */
export const readSyncConfig = (environment: Environment): SyncConfig => read(syncSchema, environment);

/** Returns the configuration of `renew`. @throws {ConfigurationError} */
export const readRenewConfig = (environment: Environment): RenewConfig => read(renewSchema, environment);

/**
 * Reads a configuration, or ends the process with one line that says why: a misconfigured function must not start, and the
 * operator should not have to find the reason in a stack trace.
 */
export function configure<T>(reader: (environment: Environment) => T): T {
  try {
    return reader(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // Stryker disable next-line all: it ends the process, which only start.test.ts observes
    process.stderr.write(`${JSON.stringify({ severity: 'CRITICAL', message: error.message })}\n`);
    return process.exit(1);
  }
}
