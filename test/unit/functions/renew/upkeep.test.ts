/** How often renew does its upkeep. */
import { expect, test } from 'vitest';
import { isUpkeepDue } from '../../../../functions/renew/upkeep.ts';

test('one run in sixty does the upkeep', () => {
  const randoms = Array.from({ length: 6000 }, (_, index) => (index + 0.5) / 6000);
  expect(randoms.filter(isUpkeepDue)).toHaveLength(100);
});
