import { InvalidArgumentError, type Command } from 'commander';
import * as z from 'zod';

import type { Run } from './session.ts';
import { tell } from './terminal.ts';

/** How commands and what they take are declared: the same help, errors and options everywhere. */

interface Declaration {
  /** Name and arguments, as in the help. */
  readonly name: string;
  readonly isDefault?: boolean;
  readonly about: string;
  readonly load: () => Promise<Run>;
  /** Without the program's own name. */
  readonly examples: readonly string[];
}

const Globals = z.object({
  project: z.string().optional(),
  database: z.string().optional(),
  json: z.boolean().default(false),
});

/** The action of a command; connections are closed when it is over. */
const doing = (load: Declaration['load']) =>
  async function act(this: Command): Promise<void> {
    const options: unknown = this.optsWithGlobals();
    const run = await load();
    let close: (() => Promise<void>) | undefined;
    const open = async () => {
      const { openSession } = await import('./session.ts');
      const session = await openSession(Globals.parse(options));
      close = session.close;
      return session;
    };
    try {
      await run(open, this.args, options);
    } finally {
      await close?.();
    }
  };

/** An error about the command line itself: one line, with the way to help. */
const complain =
  (help: string) =>
  (text: string): void => {
    const problem = text
      .trim()
      .replace(/^error: /, '')
      .replaceAll(/\s+/g, ' ');
    tell(`${problem}${/[.?)]$/.test(problem) ? '' : '.'} See ${help} --help`);
  };

/** What all commands have in common, set before they get any of their own: sub-commands inherit it. */
export function settle(command: Command, help: string): Command {
  return command
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ outputError: complain(help) })
    .configureHelp({ showGlobalOptions: true });
}

/** Adds a command to the program, or to a group of it. */
export function declare(parent: Command, { name, isDefault, about, load, examples }: Declaration): Command {
  const command = parent.command(name, { isDefault: isDefault ?? false }).description(about);
  const path = [parent.parent?.name(), parent.name(), command.name()].filter((part) => part !== undefined);
  const lines = examples.map((example) => `  $ npx calendar-mirror ${example}`);
  return settle(command, path.join(' '))
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
    .action(doing(load));
}

/** A value that may be given several times. */
export const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Some of these values, with commas between them; may be given several times. @throws {InvalidArgumentError} */
export const oneOf =
  (choices: readonly string[]) =>
  (value: string, before: readonly string[] = []): readonly string[] => {
    const given = value.split(',').map((part) => part.trim());
    const wrong = given.find((part) => !choices.includes(part));
    if (wrong !== undefined) throw new InvalidArgumentError(`Choose from ${choices.join(', ')}.`);
    return [...before, ...given];
  };

/** A number of something, 1 or more. @throws {InvalidArgumentError} */
export function number(value: string): number {
  const parsed = Number(value);
  if (!/^\d{1,9}$/.test(value) || parsed < 1) throw new InvalidArgumentError('It is not a number from 1.');
  return parsed;
}

/** The options of a command that waits for what the functions do. */
export function waitOptions(command: Command): Command {
  return command
    .option('--no-wait', 'do not wait until it is done')
    .option('--timeout <seconds>', 'give up when nothing has moved for this long', number, 120);
}
