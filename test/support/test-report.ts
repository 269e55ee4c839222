/**
 * Reads the JSON report of a vitest run, given as a file. Prints the numbers of passed and failed tests to stdout, and each failure and
 * each suite that was left out to stderr, so that a long log ends with what went wrong and what was not tested.
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

const [path = ''] = process.argv.slice(2);
const report = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
const print = (title: string, text: string): void =>
  void process.stderr.write(`\nFAILED ${title}\n${text.split('\n').slice(0, MAX_LINES).join('\n')}\n`);

for (const { name, status, message, assertionResults } of report.testResults) {
  const file = relative(process.cwd(), name);
  const failures = assertionResults.filter((each) => each.status === 'failed');
  for (const { fullName, failureMessages } of failures)
    print(`${file}: ${fullName}`, failureMessages?.join('\n') ?? '');
  if (status === 'failed' && failures.length === 0) print(file, message);
  // The reason stands at the end of a suite's title.
  const skipped = assertionResults.filter((each) => each.status === 'skipped');
  const reason = /\(left out: .*?\)(?= |$)/.exec(skipped[0]?.fullName ?? '')?.[0];
  if (reason !== undefined) process.stderr.write(`${file}: ${String(skipped.length)} tests ${reason}\n`);
}
// A file that fails to load, or a teardown that fails, is not counted as a failed test.
const failed = report.success ? report.numFailedTests : Math.max(1, report.numFailedTests);
process.stdout.write(`${String(report.numPassedTests)} ${String(failed)}\n`);
