import { Help, InvalidArgumentError, type Command, type Option } from 'commander';
import * as z from 'zod';

import { UsageError } from './failure.ts';
import type { Run } from './session.ts';
import { logProgress } from '../terminal/output.ts';

/** Declarations of commands and their options, with the same form of help and errors. */

/** Options of the program, valid before and after the command. */
const GLOBAL_OPTIONS = ['project', 'database', 'json', 'verbose'] as const;
type GlobalOption = (typeof GLOBAL_OPTIONS)[number];

/** One command of `calendar-mirror`. Its module is loaded at each start, so `run` imports Google's clients when it runs. */
export interface CommandSpec {
  /** Name and arguments, as in the help. */
  readonly name: string;
  /** Another name, such as the one that a similar program has. */
  readonly alias?: string;
  /** Whether its group runs it by default. */
  readonly isDefault?: boolean;
  readonly about: string;
  /** Text before the examples in its help. */
  readonly notes?: string;
  /** Without the program's own name. */
  readonly examples: readonly string[];
  /** The options of the program that it accepts; all of them by default. */
  readonly globals?: readonly GlobalOption[];
  /** Adds its options. */
  readonly declare?: (command: Command) => Command;
  readonly run: Run;
}

/** A command that has commands of its own. */
export interface CommandGroup {
  readonly name: string;
  readonly about: string;
  readonly commands: readonly CommandSpec[];
}

const Globals = z.object({
  project: z.string().optional(),
  database: z.string().optional(),
  json: z.boolean().default(false),
});

/** Returns the action of a command. Closes the connections when the command has ended. */
const actionOf = ({ run, globals = GLOBAL_OPTIONS }: CommandSpec) =>
  async function act(this: Command): Promise<void> {
    const options: Record<string, unknown> = this.optsWithGlobals();
    const invalid = GLOBAL_OPTIONS.find((name) => options[name] !== undefined && !globals.includes(name));
    if (invalid !== undefined)
      throw new UsageError(`--${invalid} is not valid with ${this.name()}`, 'leave it out');
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

/** Names under which other programs have a command, and ours. */
const MEANT: Readonly<Record<string, string>> = { agenda: 'events' };

/** Prints an error of the parser as one line that names the help. */
const printUsageError =
  (help: string) =>
  (text: string): void => {
    const [, name = ''] = /unknown command '(\w+)'/.exec(text) ?? [];
    const meant = Object.hasOwn(MEANT, name) ? ` (Did you mean ${MEANT[name] ?? ''}?)` : '';
    const problem = `${text.trim()}${meant}`.replace(/^error: /, '').replaceAll(/\s+/g, ' ');
    logProgress(`${problem}${/[.?)]$/.test(problem) ? '' : '.'} See ${help} --help`);
  };

/** Applies the settings of all commands. Subcommands inherit them. */
export function configure(command: Command, help: string): Command {
  return command
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ outputError: printUsageError(help) })
    .configureHelp({ showGlobalOptions: true });
}

/** Returns the function that lists the options of the program in the help of a command that accepts some of them. */
const globalOptionsOf =
  (globals: readonly GlobalOption[]) =>
  (command: Command): Option[] => {
    const help = Object.assign(new Help(), { showGlobalOptions: true });
    const hidden = GLOBAL_OPTIONS.filter((name) => !globals.includes(name)).map((name) => `--${name}`);
    return help.visibleGlobalOptions(command).filter(({ long }) => !hidden.some((name) => name === long));
  };

/** Adds a command to the program, or to a group of it. */
function addCommand(parent: Command, spec: CommandSpec): void {
  const { name, alias, isDefault = false, about, notes, examples, declare, globals = GLOBAL_OPTIONS } = spec;
  const command = parent.command(name, { isDefault }).description(about);
  const path = [parent.parent?.name(), parent.name(), command.name()].filter((part) => part !== undefined);
  const lines = examples.map((example) => `  $ npx calendar-mirror ${example}`);
  configure(command, path.join(' '))
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: globalOptionsOf(globals) })
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `${notes === undefined ? '' : `\n${notes}\n`}\nExamples:\n${lines.join('\n')}`)
    .action(actionOf(spec));
  if (alias !== undefined) command.alias(alias);
  declare?.(command);
}

/** Adds commands to the program. */
export function addCommands(program: Command, specs: readonly (CommandSpec | CommandGroup)[]): void {
  for (const spec of specs) {
    if ('run' in spec) {
      addCommand(program, spec);
      continue;
    }
    const group = configure(program.command(spec.name), `${program.name()} ${spec.name}`)
      .helpOption('-h, --help', 'print this help')
      .description(spec.about);
    for (const each of spec.commands) addCommand(group, each);
  }
}

/** Collects the values of a repeatable option. */
export const repeated = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

/** Returns a parser of comma-separated values, each one of `choices`. The option is repeatable. @throws {InvalidArgumentError} */
export const oneOf =
  (choices: readonly string[]) =>
  (value: string, before: readonly string[] = []): readonly string[] => {
    const given = value.split(',').map((part) => part.trim());
    const invalid = given.find((part) => !choices.includes(part));
    if (invalid !== undefined) throw new InvalidArgumentError(`Choose from ${choices.join(', ')}.`);
    return [...before, ...given];
  };

/** Parses a whole number of 1 or more. @throws {InvalidArgumentError} */
export function number(value: string): number {
  const parsed = Number(value);
  if (!/^\d{1,9}$/.test(value) || parsed < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return parsed;
}

/** Adds the options of a command that waits for the functions. */
export function waitOptions(command: Command): Command {
  return command
    .option('--no-wait', 'do not wait for the result')
    .option('--timeout <seconds>', 'fail after this long without progress', number, 120);
}
