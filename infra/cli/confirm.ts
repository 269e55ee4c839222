import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { Failure, UsageError } from './failure.ts';

/**
 * Asks for confirmation on the terminal, unless `yes` is set.
 * @throws {UsageError} without a terminal, {Failure} for any answer but yes
 */
export async function confirm(
  question: string,
  yes: boolean,
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean } = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<void> {
  if (yes) return;
  if (input.isTTY !== true)
    throw new UsageError('cannot ask for confirmation without a terminal', 'add --yes to confirm');
  const dialogue = createInterface({ input, output });
  try {
    // Ctrl-C and Ctrl-D count as no.
    const closed = once(dialogue, 'close').then(() => '');
    const answer = await Promise.race([dialogue.question(`${question} [y/N] `), closed]);
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new Failure('not confirmed, nothing was changed', 'answer y to confirm');
  } finally {
    dialogue.close();
  }
}
