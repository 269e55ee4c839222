import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Text in a style, where the terminal behind stdout shows any and NO_COLOR is not set. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/**
 * Rows as lines in columns of even width. Columns whose index is in `right` are aligned to the right; the first
 * row is the heading.
 */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  const lines = rows.map((row) =>
    row
      .map((cell, index) => {
        const filling = ' '.repeat((widths[index] ?? 0) - widthOf(cell));
        return right.includes(index) ? filling + cell : cell + filling;
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line, index) => (index === 0 ? styled('bold', line) : line)).join('\n');
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Writes a line to stdout: a result. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line to stderr: progress, or an error. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Not what a terminal would act on: control characters, and marks that turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]+/gu;

/** Text from outside as part of a line: what a terminal would act on is a space. */
export const printable = (text: string): string => text.replaceAll(UNPRINTABLE, ' ');
