import { expect, test } from 'vitest';
import { ROWS } from './rows.ts';
import { unmeasured, SLOW } from './smoke.ts';

const slow: readonly string[] = SLOW.messages;

test.each(ROWS.filter(({ name }) => slow.includes(name)))(
  'the row $name measures a value for each of its marks',
  async (row) => expect(await unmeasured(row)).toEqual([]),
);
