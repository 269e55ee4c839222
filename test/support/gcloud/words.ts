/** Splits shell commands into words, as bash does, with the variables that earlier commands set. */

type Variables = Map<string, string>;

const NAME = /^\$(?:\{([A-Za-z_]\w*)(?::\?)?\}|([A-Za-z_]\w*))/;

/** Returns the text between the parentheses of `$(…)` at the start of `text`. */
function substitution(text: string): string | undefined {
  if (!text.startsWith('$(')) return undefined;
  let depth = 0;
  for (const { 0: character, index } of text.matchAll(/[()]/g)) {
    depth += character === '(' ? 1 : -1;
    if (depth === 0) return text.slice(2, index);
  }
  throw new Error(`unbalanced parentheses: ${text}`);
}

/** Returns the value of a variable that no command has set. */
type Unset = (name: string, command: string) => string;

const notSet: Unset = (name, command) => {
  throw new Error(`${name} is not set: ${command}`);
};

/** Splits a line into simple commands and each of these into words. */
function simpleCommands(
  line: string,
  variables: Variables,
  outputOf: (command: string) => string,
  unset: Unset,
): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let isQuoted = false;
  const add = (text: string): void => {
    word = (word ?? '') + text;
  };
  const end = (): void => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length;) {
    const rest = line.slice(at);
    const [character = ''] = rest;
    const [single, quoted = ''] = /^'([^']*)'/.exec(rest) ?? [];
    const [operator] = /^(?:\|\|?|&&|;)/.exec(rest) ?? [];
    const [name, braced, plain = ''] = NAME.exec(rest) ?? [];
    const inner = substitution(rest);
    let length = 1;
    if (character === '"') {
      isQuoted = !isQuoted;
      add('');
    } else if (!isQuoted && single !== undefined) {
      add(quoted);
      length = single.length;
    } else if (inner !== undefined) {
      add(outputOf(inner));
      length = inner.length + 3;
    } else if (name !== undefined) {
      const variable = braced ?? plain;
      add(variables.get(variable) ?? unset(variable, line));
      length = name.length;
    } else if (character === '\\') {
      add(rest[1] ?? '');
      length = 2;
    } else if (!isQuoted && operator !== undefined) {
      end();
      commands.push([]);
      length = operator.length;
    } else if (!isQuoted && /\s/.test(character)) {
      end();
    } else {
      add(character);
    }
    at += length;
  }
  if (isQuoted) throw new Error(`unbalanced quotes: ${line}`);
  end();
  return commands.filter((command) => command.length > 0);
}

const ASSIGNED = /^([A-Za-z_]\w*)=(.*)$/s;

/**
 * Returns the commands of a script as words, without assignments. Pipelines and lists are split into their commands.
 * @param outputOf returns what a command substitution prints.
 * @throws Error for a variable that is not set, unless `unset` gives it a value.
 */
export function runScript(
  lines: readonly string[],
  outputOf: (command: readonly string[]) => string,
  unset: Unset = notSet,
): readonly (readonly string[])[] {
  const variables: Variables = new Map();
  const split = (line: string): readonly (readonly string[])[] =>
    simpleCommands(line, variables, print, unset);
  const print = (line: string): string => split(line).map(outputOf).at(-1) ?? '';
  return lines.flatMap((line) =>
    split(line).flatMap((words) => {
      const [first = '', ...others] = words[0] === 'export' ? words.slice(1) : words;
      const [, name, value = ''] = ASSIGNED.exec(first) ?? [];
      if (name === undefined) return [words];
      variables.set(name, value);
      return others.length === 0 ? [] : [others];
    }),
  );
}
