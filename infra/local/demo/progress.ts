import { print, styled } from '../../../functions/cli/terminal.ts';

/**
 * Runs one step and tells how it went, with how long it took. On a terminal the line lives while the step works.
 * @throws what the step throws, after telling that it failed
 */
export async function step(
  title: string,
  run: (progress: (text: string) => void) => Promise<string>,
): Promise<void> {
  const startedAt = Date.now();
  const progress = (text: string): void => {
    if (process.stdout.isTTY) process.stdout.write(`\r\u001B[K  … ${title}  ${styled('dim', text)}`);
  };
  const end = (mark: string, text: string): void => {
    if (process.stdout.isTTY) process.stdout.write('\r\u001B[K');
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
    print(`  ${mark} ${title.padEnd(34)} ${text}  ${styled('dim', `${seconds} s`)}`);
  };
  progress('');
  try {
    const outcome = await run(progress);
    end(styled('green', '✓'), outcome);
  } catch (error) {
    end(styled('red', '✗'), error instanceof Error ? error.message : String(error));
    throw error;
  }
}
