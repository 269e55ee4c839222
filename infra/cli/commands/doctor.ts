import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { Option } from 'commander';
import * as z from 'zod';

import { AUTH_MODES } from '../../../functions/calendar/auth/modes.ts';
import { Failure, UsageError } from '../failure.ts';
import type { Open, Session } from '../session.ts';
import type { Finding, Verdict } from '../doctor/finding.ts';
import { printResult, printable, styled, table } from '../../terminal/output.ts';
import type { CommandSpec } from '../declare.ts';

/** `calendar-mirror doctor`: checks everything that a deployment needs, and prints the command that fixes each problem. */
export const doctorCommand: CommandSpec = {
  name: 'doctor',
  about: 'Check everything that a deployment needs, and print the command that fixes each problem.',
  examples: [
    'doctor',
    'doctor --user ada@example.com',
    'doctor --plan plan.json',
    `doctor --json | jq 'select(.verdict != "well")'`,
  ],
  declare: (command) =>
    command
      .option('--user <user>', 'also check access to the data of this user')
      .addOption(
        new Option(
          '--auth <mode>',
          'credentials for that check; by default CALENDAR_AUTH, or those of the deployed sync',
        ).choices(AUTH_MODES),
      )
      .option(
        '--plan <file>',
        'check only what Google would reject of a plan of Terraform, as terraform show -json prints it; - reads stdin',
      ),
  run,
};

const Options = z.object({
  user: z.string().optional(),
  auth: z.enum(AUTH_MODES).optional(),
  plan: z.string().optional(),
});

const MARKS: Readonly<Record<Verdict, string>> = { well: '✓', wrong: '✗', unknown: '?', absent: '–' };
const COLOURS = { well: 'green', wrong: 'red', unknown: 'yellow', absent: 'dim' } as const;

function show(findings: readonly Finding[]): void {
  const rows = findings.map(({ what, verdict, says }) => [
    styled(COLOURS[verdict], MARKS[verdict]),
    printable(what),
    printable(says),
  ]);
  printResult(table([['', 'check', 'result'], ...rows]));
  for (const { what, fix } of findings) {
    if (fix !== undefined) printResult(`\n${styled('bold', printable(what))}\n  ${printable(fix)}`);
  }
}

/** @param path - is stdin. */
async function readPlanFile(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`cannot read ${path}`, 'give the output of terraform show -json plan', { cause });
  }
}

async function examineAll(session: Session, options: z.infer<typeof Options>): Promise<readonly Finding[]> {
  const { examine } = await import('../doctor/examine.ts');
  return examine(session, options);
}

async function examineOf({ config }: Session, plan: string): Promise<readonly Finding[]> {
  const { examinePlan, readPlan } = await import('../doctor/plan.ts');
  const { createAmbient } = await import('../../../functions/calendar/auth/adc.ts');
  const planned = readPlan(plan, config.GOOGLE_CLOUD_PROJECT);
  return examinePlan(planned, config.CLOUD_API_ROOT_URL, createAmbient().token);
}

async function run(open: Open, _: readonly string[], given: unknown): Promise<void> {
  const options = Options.parse(given);
  if (options.user !== undefined && !/^(me|[^\s@]+@[^\s@]+)$/.test(options.user)) {
    throw new UsageError(
      `--user ${JSON.stringify(options.user)} must be an email address or "me"`,
      'give an address',
    );
  }
  if (options.plan !== undefined && (options.user !== undefined || options.auth !== undefined)) {
    throw new UsageError('--plan cannot be combined with --user and --auth', 'leave one of them out');
  }
  const plan = options.plan === undefined ? undefined : await readPlanFile(options.plan);
  const session = await open();
  const findings = plan === undefined ? await examineAll(session, options) : await examineOf(session, plan);
  if (session.json) for (const finding of findings) session.printJson(finding);
  else show(findings);
  const count = findings.filter(({ verdict }) => verdict === 'wrong').length;
  if (count > 0) {
    throw new Failure(
      `${String(count)} of ${String(findings.length)} checks failed`,
      plan === undefined
        ? 'fix what is listed above, then run calendar-mirror doctor again'
        : 'fix what is listed above, then plan again: this plan would be applied in part',
    );
  }
}
