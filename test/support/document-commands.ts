import { readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { createProgram } from '../../infra/cli/program.ts';
import manifest from '../../package.json' with { type: 'json' };
import { blocksOf, exists, spansOf, type Document } from './documents.ts';
import { commandsOf } from './shell.ts';

/** The commands of this project that documents tell their readers to type, and whether they exist. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OURS = /^(?:npm (?:run|test|start)\b|(?:npx )?calendar-mirror |terraform |node \S+\.ts|\.ci\/|-var=)/;

/** Returns the commands of a document that run something of this project: those of shell blocks, of sessions, and in the text. */
export function projectCommandsOf(document: Document): readonly string[] {
  const shells = blocksOf(document).flatMap(({ language, body }) => {
    if (language === 'sh') return commandsOf(body);
    const session = [...body.replaceAll('\\\n', '').matchAll(/^\$ (.*)$/gm)];
    return language === '' ? session.map(([, command = '']) => command) : [];
  });
  return [...shells, ...spansOf(document)]
    .flatMap((command) => command.split(/&&|\||;|\$\(/))
    .map((command) => command.trim().replace(/^#.*/, '').replace(/\)$/, ''))
    .filter((command) => OURS.test(command));
}

/** Returns what a command names that does not exist: a script, a command, an option, a file, a variable of Terraform. */
export function unknownIn(command: string): readonly string[] {
  const words = command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  const [first = '', second = '', ...rest] = words;
  if (first === 'npm') {
    const [script = '', args] = second === 'run' ? [rest[0], rest.slice(1)] : [second, rest];
    return unknownOfScript(script, args);
  }
  if (first === 'npx') return unknownOfCommand(createProgram(), words.slice(2));
  if (first === 'calendar-mirror') return unknownOfCommand(createProgram(), words.slice(1));
  if (first === 'node') return exists(second) ? [] : [second];
  if (first.startsWith('.ci/')) return exists(first) ? [] : [first];
  return unknownOfTerraform(command);
}

const scripts: Readonly<Record<string, string>> = manifest.scripts;

function unknownOfScript(name: string, args: readonly string[]): readonly string[] {
  const script = scripts[name];
  if (script === undefined) return [name];
  if (args.length > 0 && args[0] !== '--') return [`${name} without --: ${args.join(' ')}`];
  const [, command] = /^node infra\/cli\/index\.ts (\S+)$/.exec(script) ?? [];
  if (command !== undefined) return unknownOfCommand(createProgram(), [command, ...args.slice(1)]);
  const [, program] = /^node (\S+\.ts)/.exec(script) ?? [];
  const known = program === undefined ? isOptionOfVitest : isOptionOf(program);
  return args.slice(1).filter((word, index, all) => {
    // The value of an option.
    if (all[index - 1]?.startsWith('--') === true && !word.startsWith('--')) return false;
    return !known(word.split('=')[0] ?? '') && !exists(word);
  });
}

const isOptionOfVitest = (word: string): boolean => ['--testNamePattern'].includes(word);

/** Whether the sources beside a program know a word: an option in its help, or a name in quotes. */
function isOptionOf(program: string): (word: string) => boolean {
  const folder = `${ROOT}${posix.dirname(program)}/`;
  const source = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${folder}${name}`, 'utf8'))
    .join('\n');
  return (word) => (word.startsWith('--') ? source.includes(` ${word} `) : source.includes(`'${word}'`));
}

function unknownOfCommand(command: Command, words: readonly string[]): readonly string[] {
  const options = (from: Command | null): readonly string[] =>
    from === null ? [] : [...from.options.map(({ long }) => long ?? ''), '--help', ...options(from.parent)];
  const unknown: string[] = [];
  let at = command;
  for (const [index, word] of words.entries()) {
    if (word.startsWith('--')) {
      if (!options(at).includes(word.split('=')[0] ?? '')) unknown.push(word);
    } else if (at.commands.length > 0 && words[index - 1]?.startsWith('--') !== true) {
      const next = at.commands.find((each) => each.name() === word);
      if (next === undefined) return [...unknown, word];
      at = next;
    }
  }
  return unknown;
}

function unknownOfTerraform(command: string): readonly string[] {
  const [, folder = 'infra/terraform/example'] = /-chdir=(\S+)/.exec(command) ?? [];
  if (!exists(folder)) return [folder];
  const declared = readFileSync(`${ROOT}${folder}/variables.tf`, 'utf8');
  return [...command.matchAll(/-var='?(\w+)=/g)]
    .map(([, name = '']) => name)
    .filter((name) => !declared.includes(`variable "${name}"`));
}
