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

/**
 * Splits one command into words. Operators (`|`, `&&`, `>`) are words of their own.
 * @param outputOf returns what a command substitution prints.
 */
function wordsOf(
  command: string,
  variables: Variables,
  outputOf: (command: string) => string,
): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < command.length;) {
    const rest = command.slice(at);
    const [character = ''] = rest;
    const [single, quoted = ''] = /^'([^']*)'/.exec(rest) ?? [];
    const [name, braced, plain = ''] = NAME.exec(rest) ?? [];
    const variable = braced ?? plain;
    const inner = substitution(rest);
    if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
      at += 1;
    } else if (!isQuoted && single !== undefined) {
      word = (word ?? '') + quoted;
      at += single.length;
    } else if (inner !== undefined) {
      word = (word ?? '') + outputOf(inner);
      at += inner.length + 3;
    } else if (name !== undefined) {
      const value = variables.get(variable);
      if (value === undefined) throw new Error(`${variable} is not set: ${command}`);
      word = (word ?? '') + value;
      at += name.length;
    } else if (character === '\\') {
      word = (word ?? '') + (rest[1] ?? '');
      at += 2;
    } else if (!isQuoted && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else {
      word = (word ?? '') + character;
      at += 1;
    }
  }
  if (isQuoted) throw new Error(`unbalanced quotes: ${command}`);
  return word === undefined ? words : [...words, word];
}

const ASSIGNED = /^(?:export )?([A-Za-z_]\w*)=/;

/** Returns the commands of a script as words, without assignments. Pipelines and lists are split into their commands. */
export function runScript(
  commands: readonly string[],
  outputOf: (command: readonly string[]) => string,
): readonly (readonly string[])[] {
  const variables: Variables = new Map();
  const print = (command: string): string => outputOf(wordsOf(command, variables, print));
  return commands.flatMap((command) => {
    const simple = command.split(/\s(?:\||&&)\s/);
    return simple.flatMap((each) => {
      const [prefix, name] = ASSIGNED.exec(each) ?? [];
      if (prefix === undefined || name === undefined) return [wordsOf(each, variables, print)];
      variables.set(name, wordsOf(each.slice(prefix.length), variables, print).join(' '));
      return [];
    });
  });
}
