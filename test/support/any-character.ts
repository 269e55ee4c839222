import * as fc from 'fast-check';

const HALVES = [0xd800, 0xdfff] as const;

/** Any whole character, as with fast-check's unit `binary`, but without the second that this one takes to set up. */
export const anyCharacter = fc
  .nat({ max: 0x10ffff })
  .filter((code) => code < HALVES[0] || code > HALVES[1])
  .map((code) => String.fromCodePoint(code));
