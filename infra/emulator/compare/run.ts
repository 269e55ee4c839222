/** The command `google-calendar-emulator compare`: plays one script on two servers, and says where they differ. */
import { writeFileSync } from 'node:fs';
import { UsageError } from '../command/arguments.ts';
import { messageOf } from '../protocol/message.ts';
import { type Difference, differencesOf } from './difference.ts';
import { type Playing, type Server, play } from './play.ts';
import { DEFAULT_TOKEN, HELP, type Options, readOptions } from './options.ts';
import { STEPS } from './script/index.ts';
import type { Step } from './step.ts';

/**
 * Runs the command and returns its exit code. Prints the differences to stdout, and errors to stderr.
 * @param args the arguments after `compare`
 * @param retryMs how long to wait before a call is sent again because of a quota
 */
export async function runCompare(args: readonly string[], retryMs?: number): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === 'help') {
      process.stdout.write(HELP);
      return 0;
    }
    return await compare(options, retryMs);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    if (error instanceof UsageError)
      process.stderr.write('Run google-calendar-emulator compare --help for usage\n');
    return 2;
  }
}

async function compare({ left: given, right, report }: Options, retryMs?: number): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const started = given === undefined ? await startEmulator() : undefined;
  try {
    const left = given ?? { url: started?.url ?? '', token: DEFAULT_TOKEN };
    const playing = { signal: interruption.signal, retryMs, note };
    const [leftSide, rightSide] = await both(play(left, STEPS, playing), play(right, STEPS, playing));
    const differences = compareAll(STEPS, leftSide, rightSide);
    process.stdout.write(render(left, right, differences));
    warn(left, leftSide);
    warn(right, rightSide);
    if (report !== undefined) {
      const content = { left: left.url, right: right.url, calls: STEPS.length, differences };
      writeFileSync(report, `${JSON.stringify(content, null, 2)}\n`);
    }
    return differences.length === 0 ? 0 : 1;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await started?.close();
  }
}

/** Waits for both, also if one fails: each deletes what it has made. Throws the errors of both. */
async function both(left: Promise<Playing>, right: Promise<Playing>): Promise<[Playing, Playing]> {
  const results = await Promise.allSettled([left, right]);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (reasons.length > 0) throw new AggregateError(reasons, reasons.map(messageOf).join('\n'));
  return Promise.all([left, right]);
}

const note = (line: string): boolean => process.stderr.write(`${line}\n`);

function warn({ url }: Server, { remaining }: Playing): void {
  for (const id of remaining) note(`not deleted on ${url}: the calendar ${id}`);
}

async function startEmulator() {
  const { startCalendarEmulator } = await import('../server.ts');
  return startCalendarEmulator();
}

const compareAll = (steps: readonly Step[], left: Playing, right: Playing): Difference[] =>
  steps.flatMap(({ name }) => {
    const [l, r] = [left.steps.get(name), right.steps.get(name)];
    return l && r ? differencesOf(name, l, r) : [];
  });

const show = (value: unknown): string =>
  value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

const lineOf = ({ kind, of = '', left, right }: Difference): string =>
  `${[kind, of].filter(Boolean).join(' ')}: left ${show(left)}, right ${show(right)}`;

/** Returns a part with what differs in the same way in several calls: most likely one cause. Items count as what they are of. */
function repeatedIn(differences: readonly Difference[]): string[] {
  const same = Object.entries(
    Object.groupBy(differences, (each) =>
      lineOf({ ...each, of: each.of?.replace(/^items\[\]\./, '') ?? '' }),
    ),
  ).map(([line, found = []]) => ({ line, calls: new Set(found.map(({ step }) => step)).size }));
  const lines = same
    .filter(({ calls }) => calls > 1)
    .toSorted((a, b) => b.calls - a.calls)
    .map(({ line, calls }) => `  ${line} (${calls} calls)\n`);
  return lines.length === 0 ? [] : [`In several calls:\n${lines.join('')}`];
}

function render(left: Server, right: Server, differences: readonly Difference[]): string {
  const steps = Object.entries(Object.groupBy(differences, ({ step }) => step));
  const parts = steps.map(([step, found = []]) => {
    const lines = found.map((difference) => `  ${lineOf(difference)}\n`);
    return `${step} (${found[0]?.call})\n${lines.join('')}`;
  });
  const count =
    differences.length === 0 ? 'no differences' : `${differences.length} differences in ${steps.length}`;
  return [
    `left  ${left.url}\nright ${right.url}\n`,
    ...parts,
    ...repeatedIn(differences),
    `${count}${differences.length === 0 ? ' in' : ' of'} ${STEPS.length} calls\n`,
  ].join('\n');
}
