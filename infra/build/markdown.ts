/** Renders Markdown that the formatter does not change. */

const MAX_LINE_LENGTH = 150;

/** Renders a table with padded columns, the header first. */
export function table(rows: readonly (readonly string[])[]): string {
  const [header = [], ...body] = rows;
  const widths = header.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** Renders a list item, wrapped between words. */
export function listItem(text: string): string {
  const lines = ['-'];
  for (const word of text.split(' ')) {
    const extended = `${lines.at(-1) ?? ''} ${word}`;
    if (extended.length <= MAX_LINE_LENGTH) lines[lines.length - 1] = extended;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}
