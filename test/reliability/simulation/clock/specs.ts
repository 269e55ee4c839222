import { pick, type Random } from '../random.ts';

/** Which watches of the simulation have a clock, and which one. */

type Clock = readonly string[] | { readonly moments: readonly string[]; readonly allDay: boolean };

const CLOCKS: readonly Clock[] = [
  ['-PT10M', 'start', 'end'],
  ['start'],
  { moments: ['-PT10M', 'start'], allDay: true },
  ['-PT1H', 'PT5M', 'end'],
  ['-P1D', '-PT15M', 'start'],
  { moments: ['-PT12H', 'start', 'end'], allDay: true },
  ['-PT2M', '-PT30S', 'PT90S'],
];

/** One watch in three, if it is of events. */
const EVERY = 3;
/** Of those, one in four mirrors single occurrences. */
const SINGLE_EVERY = 4;

/** Returns the fields that the spec of watch `number`, one of events, has for its clock. */
export function clockFields(number: number): Readonly<Record<string, unknown>> {
  if (number % EVERY !== 1) return {};
  const which = Math.floor(number / EVERY);
  return {
    clock: CLOCKS[which % CLOCKS.length],
    ...(which % SINGLE_EVERY === 1 ? { singleEvents: true } : {}),
  };
}

/** Returns a clock for an edit of a spec. */
export const anyClock = (random: Random): Clock => pick(random, CLOCKS);
