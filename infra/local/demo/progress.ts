import { padded, printResult, styled } from '../../terminal/output.ts';

/**
 * Runs one step and prints its outcome and duration. On a terminal the line shows progress while the step runs.
 * @throws what the step throws, after printing the failure
 */
export async function step(
  title: string,
  run: (progress: (text: string) => void) => Promise<string>,
): Promise<void> {
  const startedAt = Date.now();
  const progress = (text: string): void => {
    if (process.stdout.isTTY) process.stdout.write(`\r\u001B[K  … ${title}  ${styled('dim', text)}`);
  };
  const printOutcome = (mark: string, text: string): void => {
    if (process.stdout.isTTY) process.stdout.write('\r\u001B[K');
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
    printResult(`  ${mark} ${padded(title, 34)} ${text}  ${styled('dim', `${seconds} s`)}`);
  };
  progress('');
  try {
    const outcome = await run(progress);
    printOutcome(styled('green', '✓'), outcome);
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    printOutcome(styled('red', '✗'), reason);
    throw error;
  }
}
