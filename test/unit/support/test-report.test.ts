import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { summaryOf } from '../../support/test-report.ts';

const SCRIPT = new URL('../../support/test-report.ts', import.meta.url).pathname;

const passed = { fullName: 'sums', status: 'passed', failureMessages: [] };
const failed = {
  fullName: 'divides',
  status: 'failed',
  failureMessages: ['AssertionError: 1 is not 2\n at…'],
};
const file = (name: string, status: string, tests: readonly unknown[], message = '') => ({
  name: join(process.cwd(), name),
  status,
  message,
  assertionResults: tests,
});

test('a run without failures is counted, and prints nothing else', () => {
  const testResults = [file('a.test.ts', 'passed', [passed])];
  const report = { success: true, numPassedTests: 1, numFailedTests: 0, testResults };
  expect(summaryOf(report)).toEqual({ counts: '1 0', failures: '' });
});

test('a failed test is printed with its file, name and message', () => {
  const testResults = [file('a.test.ts', 'failed', [passed, failed])];
  const { counts, failures } = summaryOf({
    success: false,
    numPassedTests: 1,
    numFailedTests: 1,
    testResults,
  });
  expect(counts).toBe('1 1');
  expect(failures).toBe('\nFAILED a.test.ts: divides\nAssertionError: 1 is not 2\n at…\n');
});

test('a file that does not load counts as a failure', () => {
  const testResults = [file('a.test.ts', 'passed', [passed]), file('b.test.ts', 'failed', [], 'SyntaxError')];
  const { counts, failures } = summaryOf({
    success: false,
    numPassedTests: 1,
    numFailedTests: 0,
    testResults,
  });
  expect(counts).toBe('1 1');
  expect(failures).toContain('FAILED b.test.ts\nSyntaxError');
});

test('a suite that was left out is named with the reason', () => {
  const skipped = {
    fullName: 'terraform (left out: terraform init fails, Could not retrieve the list (of versions)) plan',
    status: 'skipped',
    failureMessages: [],
  };
  const testResults = [
    file('a.test.ts', 'passed', [skipped, skipped]),
    file('b.test.ts', 'passed', [passed]),
  ];
  const { counts, failures } = summaryOf({
    success: true,
    numPassedTests: 1,
    numFailedTests: 0,
    testResults,
  });
  expect(counts).toBe('1 0');
  expect(failures).toBe(
    'a.test.ts: 2 tests (left out: terraform init fails, Could not retrieve the list (of versions))\n',
  );
});

test('a report of another form is an error', () => {
  expect(() => summaryOf({ tests: 3 })).toThrow('testResults');
});

test('the program prints the counts to stdout, and the failures to stderr', () => {
  const folder = mkdtempSync(join(tmpdir(), 'test-report-'));
  try {
    const path = join(folder, 'report.json');
    const testResults = [file('a.test.ts', 'failed', [failed])];
    writeFileSync(
      path,
      JSON.stringify({ success: false, numPassedTests: 0, numFailedTests: 1, testResults }),
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, path], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '0 1\n' });
    expect(stderr).toContain('FAILED a.test.ts: divides');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
