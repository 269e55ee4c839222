/** Reads what a program in another language reports about its checks: the Test Anything Protocol (https://testanything.org). */

interface TapResult {
  readonly name: string;
  readonly ok: boolean;
  /** The comments that follow the line, such as what was expected. */
  readonly message: string;
}

export interface TapReport {
  readonly results: readonly TapResult[];
  /** The number of single assertions, which the program counts itself: `# assertions 120`. */
  readonly assertions: number;
  /** Whether the number of results is that of the plan (`1..12`). */
  readonly complete: boolean;
}

/** Returns the checks in a program's output. Other lines are ignored. */
export function readTap(output: string): TapReport {
  const results: { name: string; ok: boolean; message: string }[] = [];
  let assertions = 0;
  let planned: number | undefined;
  for (const line of output.split(/\r?\n/)) {
    const result = /^(not )?ok\b(?: \d+)?(?: - )?(.*)$/.exec(line);
    const plan = /^1\.\.(\d+)$/.exec(line);
    const count = /^# assertions (\d+)$/.exec(line);
    const comment = /^\s*# ?(.*)$/.exec(line);
    if (result) results.push({ name: (result[2] ?? '').trim(), ok: result[1] === undefined, message: '' });
    else if (plan) planned = Number(plan[1]);
    else if (count) assertions = Number(count[1]);
    else if (comment) {
      const last = results.at(-1);
      if (last) last.message += `${comment[1] ?? ''}\n`;
    }
  }
  return { results, assertions, complete: planned === results.length && planned > 0 };
}
