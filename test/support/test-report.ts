/**
 * Reads the JSON report of a vitest run. As a program, given the report's file, it prints the numbers of passed and failed tests to
 * stdout, and each failure and each suite that was left out to stderr, so that a long log ends with what went wrong and what was not
 * tested.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import * as z from 'zod';

/** Lines of each failure that are printed. */
const MAX_LINES = 20;

const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/**
 * Returns what a report says: `counts`, as `<passed> <failed>`, and `failures`, a text of every failure and every suite that was left
 * out, with paths from the working directory. Throws for a report of another form.
 */
export function summaryOf(given: unknown): { readonly counts: string; readonly failures: string } {
  const report = reportSchema.parse(given);
  const failures: string[] = [];
  const fail = (title: string, text: string): void =>
    void failures.push(`\nFAILED ${title}\n${text.split('\n').slice(0, MAX_LINES).join('\n')}\n`);

  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((each) => each.status === 'failed');
    for (const { fullName, failureMessages } of failed)
      fail(`${file}: ${fullName}`, failureMessages?.join('\n') ?? '');
    if (status === 'failed' && failed.length === 0) fail(file, message);
    // The reason stands at the end of a suite's title.
    const skipped = assertionResults.filter((each) => each.status === 'skipped');
    const reason = /\(left out: .*?\)(?= |$)/.exec(skipped[0]?.fullName ?? '')?.[0];
    if (reason !== undefined) failures.push(`${file}: ${String(skipped.length)} tests ${reason}\n`);
  }
  // A file that fails to load, or a teardown that fails, is not counted as a failed test.
  const failed = report.success ? report.numFailedTests : Math.max(1, report.numFailedTests);
  return { counts: `${String(report.numPassedTests)} ${String(failed)}`, failures: failures.join('') };
}

if (import.meta.main) {
  const [path = ''] = process.argv.slice(2);
  const { counts, failures } = summaryOf(JSON.parse(readFileSync(path, 'utf8')));
  process.stderr.write(failures);
  process.stdout.write(`${counts}\n`);
}
