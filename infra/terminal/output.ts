import { styleText } from 'node:util';

import stringWidth from 'string-width';

export { printable } from '../../functions/runtime/text.ts';

type Style = Parameters<typeof styleText>[0];

/** Styles text if stdout is a terminal that supports it and NO_COLOR is not set. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Pads text at its end to a number of terminal columns. An emoji or a Chinese character takes two columns, a style none. */
export const padded = (text: string, width: number): string => text + padding(text, width);

const padding = (text: string, width: number): string => ' '.repeat(Math.max(0, width - stringWidth(text)));

/**
 * Formats rows as aligned columns. The first row is the heading. Columns whose index is in `right` are aligned to the right.
 */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, stringWidth(cell));
  }
  const lines = rows.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return right.includes(index) ? padding(cell, width) + cell : padded(cell, width);
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line, index) => (index === 0 ? styled('bold', line) : line)).join('\n');
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Bounds the length of text whose characters take no columns, such as combining marks. No real text has as many per column. */
const MAX_LENGTH_PER_COLUMN = 8;

/** Cuts text to a number of terminal columns, with `…` in place of the rest. Does not split a grapheme. */
export function cut(text: string, width: number): string {
  const maxLength = width * MAX_LENGTH_PER_COLUMN;
  if (text.length <= maxLength && stringWidth(text) <= width) return text;
  let kept = '';
  let columns = 1;
  for (const { segment } of graphemes.segment(text)) {
    columns += stringWidth(segment);
    if (columns > width || kept.length + segment.length > maxLength) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Writes a line of results to stdout. */
export function printResult(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line of progress or an error to stderr. */
export function logProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}
