/** What README.md tells people to type, and what it says they will see. */
import { readFileSync } from 'node:fs';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** A command as it is shown, and the output shown below it. */
export interface Shown {
  readonly command: string;
  readonly output: readonly string[];
}

/** The commands of a section (by its heading), in the order in which they are shown. */
export function commandsIn(heading: string): readonly Shown[] {
  const [, rest = ''] = README.split(`\n${heading}\n`);
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

/** What is another one each time: each kind by a name of its own, as it must be one of its kind all the same. */
const VARYING = [
  [/\bdemo-[0-9a-f]{8}\b/g, '<project>'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<moment>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d\b/g, '<day>'],
  [/\b\d\d:\d\d:\d\d\b/g, '<time>'],
  [/\bin \d+ (s|min|h|d)\b/g, '<from now>'],
  [/\b\d+ (s|min|h|d) ago\b/g, '<from now>'],
  [/\b\d+ (s|min|h|d)\b/g, '<span>'],
  // Columns are as wide as what stands in them.
  [/ {2,}/g, '  '],
] as const;

/** A line of output without what is another one each time. */
const unvarying = (line: string): string =>
  VARYING.reduce((text, [pattern, name]) => text.replaceAll(pattern, name), line).trimEnd();

/** What a line that stands for any number of lines is. */
const ELLIPSIS = '…';

/** Whether that was printed which is shown, line by line, where `…` stands for what is left out. */
export function showsWhat(printed: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first === ELLIPSIS)
    return printed.some((_, from) => showsWhat(printed.slice(from), rest)) || rest.length === 0;
  const [line, ...others] = printed;
  return line !== undefined && unvarying(line) === unvarying(first) && showsWhat(others, rest);
}
