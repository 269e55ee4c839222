/** The results of a run as a Markdown table, for `README.md` in this folder. */
import { isMet, type Figure, type Mark, type Result } from './figures.ts';

export type Results = Readonly<Record<string, Result>>;

/** Rounds to three significant digits, and keeps whole numbers. */
function round(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-9))));
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(digits, 6) });
}

const spread = ({ low, high, count }: Figure): string =>
  count === 1 ? 'once' : `${round(low)}–${round(high)} of ${count}`;

function boundOf({ most, least }: Mark): string {
  if (most !== undefined) return `≤ ${round(most)}`;
  return least === undefined ? '' : `≥ ${round(least)}`;
}

function verdictOf(mark: Mark): string {
  if (mark.most === undefined && mark.least === undefined) return '';
  if (isMet(mark)) return 'met';
  const { value, most = value, least = value } = mark;
  return mark.isGoal === true ? `missed by ${round(Math.max(value - most, least - value))}` : 'missed';
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Returns one table: the figures of each row with their quartiles, then its marks. */
export function markdown(results: Results): string {
  const rows = Object.entries(results).flatMap(([name, { figures, marks }]) => [
    ...figures.map((each) => [name, each.what, `${round(each.median)} ${each.unit}`, spread(each), '']),
    ...marks.map((mark) => [name, mark.what, `**${round(mark.value)}**`, boundOf(mark), verdictOf(mark)]),
  ]);
  return tableWith(['row', 'what', 'median', 'half of them / mark', ''], rows);
}

/** Returns the tables that rows have of their own. */
export const ownTables = (results: Results): readonly string[] =>
  Object.values(results).flatMap(({ table: [heading, ...rows] = [] }) =>
    heading === undefined ? [] : [tableWith(heading, rows)],
  );

const tableWith = (heading: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heading, heading.map(() => '---'), ...rows].map(line).join('\n');

/** Returns whether every mark is met, except goals. */
export const allMet = (results: Results): boolean =>
  Object.values(results).every(({ marks }) => marks.every((mark) => mark.isGoal === true || isMet(mark)));
