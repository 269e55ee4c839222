/** Every row of the benchmark. */
import { measureColdStart } from './cold-start.ts';
import type { Row } from './figures.ts';
import { measureMemory } from './memory.ts';

export const ROWS: readonly Row[] = [
  {
    name: 'cold-start',
    about: 'process start to first answer, and what is resident then',
    measure: measureColdStart,
  },
  { name: 'memory', about: 'what sync has resident over a large calendar', measure: measureMemory },
];
