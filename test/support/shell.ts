import { readFileSync } from 'node:fs';

/** The commands in documents, as a shell would run them one by one. */

/** Returns the `sh` blocks of a document, or of one section of it. */
export function shellIn(path: string, heading?: string): string {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const [, level = ''] = /^(#+) /.exec(heading ?? '') ?? [];
  const [, rest = ''] = heading === undefined ? ['', text] : text.split(`\n${heading}\n`);
  const [section = ''] = level === '' ? [rest] : rest.split(new RegExp(`\n${level} `));
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block).join('');
}

/** Returns the commands of a text, with continued lines joined and loops unrolled. */
export function commandsOf(shell: string): readonly string[] {
  const lines = shell
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim());
  const commands: string[] = [];
  let loop:
    | { readonly name: string; readonly values: readonly string[]; readonly body: string[] }
    | undefined;
  for (const line of lines) {
    const [, name, values = ''] = /^for (\w+) in (.*); do$/.exec(line) ?? [];
    if (name !== undefined) loop = { name, values: values.split(' '), body: [] };
    else if (line === 'done' && loop) {
      const { name: each, values: all, body } = loop;
      for (const value of all) commands.push(...body.map((command) => command.replaceAll(`$${each}`, value)));
      loop = undefined;
    } else if (line !== '') (loop?.body ?? commands).push(line);
  }
  return commands;
}

/** Returns the variables that a command uses, without those in `'…'`, and those that it sets. */
const used = (command: string): readonly string[] =>
  [...command.replaceAll(/'[^']*'/g, '').matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
const set = (command: string): readonly string[] =>
  [...command.matchAll(/^(?:export )?([A-Z_a-z]\w*)=/g)].map(([, name = '']) => name);

/** Returns the variables that a command uses before any has set them. */
export function unsetIn(commands: readonly string[]): readonly string[] {
  const known = new Set<string>();
  return commands.flatMap((command) => {
    const missing = used(command).filter((name) => !known.has(name));
    for (const name of set(command)) known.add(name);
    return missing.map((name) => `${name} in: ${command}`);
  });
}
