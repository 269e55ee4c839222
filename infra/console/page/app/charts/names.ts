import type { Chart } from '../../../model/chart.ts';

const HOURS = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Returns what the values with this index belong to: a time of day, or a name. */
export const nameAt = ({ x }: Chart, index: number): string =>
  x.kind === 'times' ? HOURS.format(x.at[index]) : (x.names[index] ?? '');
