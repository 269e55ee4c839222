/** The terminal sessions in documents: commands and their output. */
import { readDocument } from './documents.ts';

/** A command in a document, and the output below it. */
export interface Shown {
  readonly command: string;
  readonly output: readonly string[];
}

/** Returns the commands of a document's section (by its heading), in order. */
export function commandsIn(path: string, heading: string): readonly Shown[] {
  const [, rest = ''] = readDocument(path).text.split(`\n${heading}\n`);
  const [section = ''] = rest.split(/\n#+ /);
  const blocks = [...section.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.flatMap(commandsOf);
}

function commandsOf(block: string): readonly Shown[] {
  const [, ...shown] = block.replaceAll('\\\n', '').split(/^\$ /m);
  return shown.map((each) => {
    const [command = '', ...output] = each.trimEnd().split('\n');
    return { command, output };
  });
}

/** Values that differ each time, replaced by a name for their kind, as the kind must match. */
const VARYING = [
  [/\bdemo-[0-9a-f]{8}\b/g, '<project>'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d\b/g, '<day>'],
  [/\b\d\d:\d\d:\d\d\b/g, '<time>'],
  [/\bin \d+ (s|min|h|d)\b/g, '<from now>'],
  [/\b\d+ (s|min|h|d) ago\b/g, '<from now>'],
  [/\b\d+ (s|min|h|d)\b/g, '<span>'],
  // Columns are as wide as their contents.
  [/ {2,}/g, '  '],
] as const;

/** Returns a line of output without values that differ each time. */
const unvarying = (line: string): string =>
  VARYING.reduce((text, [pattern, name]) => text.replaceAll(pattern, name), line).trimEnd();

/** The line that stands for any number of lines. */
const ELLIPSIS = '…';

/** Returns whether the output matches what is shown, line by line; `…` stands for any lines. */
export function showsWhat(printed: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first === ELLIPSIS)
    return printed.some((_, from) => showsWhat(printed.slice(from), rest)) || rest.length === 0;
  const [line, ...others] = printed;
  return line !== undefined && unvarying(line) === unvarying(first) && showsWhat(others, rest);
}
