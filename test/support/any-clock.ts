import * as fc from 'fast-check';
import type { Clock } from '../../functions/watches/clock.ts';
import { specOf, SPEC } from './sample-watch.ts';

/** Clocks for tests. */

/** Returns the clock of a spec. @throws Error if it is invalid. */
export function clockOf(clock: unknown): Clock {
  const { clock: parsed } = specOf({ ...SPEC, clock });
  if (parsed === undefined) throw new Error('the spec has no clock');
  return parsed;
}

const MOMENTS = ['start', 'end', '-PT10M', '-PT45S', 'PT5M', '-PT1H', '-P1D', 'P1D', '-P7D', 'P31D'] as const;

export const anyClock = fc
  .record({ moments: fc.uniqueArray(fc.constantFrom(...MOMENTS), { minLength: 1 }), allDay: fc.boolean() })
  .map(clockOf);
