import { parseArgs, type ParseArgsConfig } from 'node:util';
import { messageOf } from '../protocol/message.ts';

/** Arguments that are not valid. The message says which, and what is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads arguments.
 * @throws UsageError for an unknown option, or one without its value
 */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
}
