import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { Failure, WrongUse } from './failure.ts';

/**
 * Asks a person, on the terminal; `yes` answers for them.
 * @throws {WrongUse} where there is nobody to ask, {Failure} for any answer but yes.
 */
export async function confirm(
  question: string,
  yes: boolean,
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean } = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<void> {
  if (yes) return;
  if (input.isTTY !== true) throw new WrongUse('there is no terminal to ask on', 'add --yes if you mean it');
  const dialogue = createInterface({ input, output });
  try {
    // Ctrl-C and Ctrl-D are answers too.
    const left = once(dialogue, 'close').then(() => '');
    const answer = await Promise.race([dialogue.question(`${question} [y/N] `), left]);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('nothing was done', 'answer y to go on');
  } finally {
    dialogue.close();
  }
}
