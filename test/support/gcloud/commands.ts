import { globSync, readFileSync } from 'node:fs';
import { allDocuments, blocksOf, spansOf, type Document } from '../documents.ts';
import { commandsOf } from '../shell.ts';
import { commandsInCode, VALUE } from './messages.ts';
import { runScript } from './words.ts';

/** The gcloud commands that documents, messages, Terraform and Cloud Build tell people or machines to run. */

export interface Shown {
  readonly path: string;
  readonly command: string;
}

const ROOT = new URL('../../../', import.meta.url);

/** In place of `VALUE` where the linter checks the form of a value. */
const NAME = 'name';
const URI = 'https://example.com/';

/** Quotes a word, of a flag only its value: the linter takes `'…'` after a flag for its value. */
const quoted = (word: string): string => {
  const [, flag = '', value = word] = /^(--[\w-]+=)(.*)$/s.exec(word) ?? [];
  return `${flag}${quotedValue(value)}`;
};

const quotedValue = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;

/** Returns a command with its flags at the end, as gcloud's linter reads them. */
const formatted = (words: readonly string[]): string =>
  [
    ...words.filter((word) => !word.startsWith('--')).map((word) => (word === VALUE ? NAME : word)),
    ...words
      .filter((word) => word.startsWith('--'))
      .map((flag) => flag.replace(`uri=${VALUE}`, `uri=${URI}`)),
  ]
    .map(quoted)
    .join(' ');

/** Returns the gcloud commands of a script, those in `$(…)` included. A variable that is not set has a value all the same. */
function commandsInShell(script: readonly string[]): readonly string[] {
  const inner: (readonly string[])[] = [];
  const outer = runScript(
    script,
    (words) => {
      inner.push(words);
      return VALUE;
    },
    () => VALUE,
  );
  return [...outer, ...inner].filter(([program]) => program === 'gcloud').map(formatted);
}

/** A name of a command in a text. The linter accepts it without its arguments if `--help` is given. */
const isName = (command: string): boolean => /^gcloud(?: [a-z][a-z-]*)+$/.test(command);

const named = (command: string): string => (isName(command) ? `${command} --help` : command);

/** Returns the gcloud commands of a document: those of shell blocks, of sessions, and in the text. */
export function commandsInDocument(document: Document): readonly string[] {
  const scripts = blocksOf(document).flatMap(({ language, body }) => {
    if (language === 'sh') return commandsOf(body);
    const session = [...body.replaceAll('\\\n', '').matchAll(/^\$ (.*)$/gm)];
    return language === '' ? session.map(([, command = '']) => command) : [];
  });
  const spans = spansOf(document).filter((span) => span.startsWith('gcloud '));
  return [...commandsInShell(scripts), ...spans.flatMap((span) => commandsInShell([named(span)]))];
}

/** Returns the gcloud commands of a file that is neither a document nor code: Terraform, and Cloud Build's YAML. */
const commandsInLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .flatMap((line) => /\bgcloud (?!where |is )(?:[^|"]|"[^"\n]*")*/.exec(line)?.[0] ?? [])
    .flatMap((command) => commandsInShell([named(command.replaceAll(/\$\{[^}]*\}/g, VALUE).trim())]));

const below = (pattern: string): readonly string[] => globSync(pattern, { cwd: ROOT }).toSorted();
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const of = (path: string, commands: readonly string[]): readonly Shown[] =>
  commands.map((command) => ({ path, command }));

/** Returns every gcloud command of the repository that is to be run, with the file that names it. */
export function allGcloudCommands(): readonly Shown[] {
  const code = below('{functions,infra}/**/*.ts').filter((path) => read(path).includes('gcloud '));
  const lines = [...below('infra/terraform/**/*.tf'), 'cloudbuild.yaml', '.ci/run'];
  return [
    ...allDocuments().flatMap((document) => of(document.path, commandsInDocument(document))),
    ...code.flatMap((path) =>
      of(
        path,
        commandsInCode(new URL(path, ROOT)).flatMap((command) => commandsInShell([named(command)])),
      ),
    ),
    ...lines.flatMap((path) => of(path, commandsInLines(read(path)))),
  ];
}
