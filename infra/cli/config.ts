import * as z from 'zod';

import {
  access,
  checkMargin,
  checkTokenKey,
  outputTopics,
  read,
  shared,
  text,
  timing,
  url,
  type Environment,
} from '../../functions/config.ts';
import { isName, nameRule } from '../../functions/feed/names.ts';

/** The environment variables of the command line: those of the functions that it needs, and its own. */

export const commandSchema = z
  .object({
    ...shared,
    ...access,
    ...timing,
    ...outputTopics,
    DEAD_LETTERS_SUBSCRIPTION: text
      .refine(
        (value) => isName('subscriptions', value),
        `is not the name of a subscription (${nameRule('subscriptions')})`,
      )
      .default('calendar-dead-letters-reader'),
    // `doctor` asks the deployment for these where they are not set.
    CALENDAR_AUTH: access.CALENDAR_AUTH.unwrap().optional(),
    OAUTH_TOKEN_STORE: access.OAUTH_TOKEN_STORE.unwrap().optional(),
    CHANNEL_ADDRESS: url.optional(),
    CLOUD_API_ROOT_URL: url.optional(),
    OAUTH_AUTHORIZE_URL: url.default('https://accounts.google.com/o/oauth2/v2/auth'),
    FIRESTORE_EMULATOR_HOST: text.optional(),
  })
  .superRefine(checkMargin)
  .superRefine(checkTokenKey);

export type CommandConfig = z.infer<typeof commandSchema>;

/** Returns the configuration of the command line. @throws {ConfigurationError} naming every variable that is missing or invalid. */
export const readCommandConfig = (environment: Environment): CommandConfig =>
  read(commandSchema, environment);

/** Sets variables in the process's environment, which Google's client libraries read too, and returns it. */
export function overrideEnvironment(variables: Environment): Environment {
  return Object.assign(process.env, variables);
}
