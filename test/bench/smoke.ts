import type { Row } from './figures.ts';
import { markdown } from './report.ts';

/** The rows that take longest, each group in a file of its own, so that no file takes long. */
export const SLOW = { burst: ['burst'], messages: ['lag', 'replay'], memory: ['memory'] } as const;

/**
 * Runs a row at its smallest size, where figures mean nothing; returns what it should have measured
 * and did not.
 */
export async function unmeasured({ name, measure }: Row): Promise<readonly string[]> {
  const { figures, marks, table = [] } = await measure('tiny', () => {});
  const values = [...figures.map(({ what, median }) => ({ what, value: median })), ...marks];
  const lines = markdown({ [name]: { figures, marks } }).split('\n').length;
  return [
    ...(figures.length === 0 ? ['any figure'] : []),
    ...values.filter(({ value }) => !(value > 0)).map(({ what }) => what),
    ...(table.every((cells) => cells.length === table[0]?.length) ? [] : ['a table of its own']),
    ...(lines === 2 + values.length ? [] : ['a line of the table for each figure and mark']),
  ];
}
