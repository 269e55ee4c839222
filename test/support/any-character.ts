import * as fc from 'fast-check';

const HALVES = [0xd800, 0xdfff] as const;

/** Any character: as fast-check's unit `binary`, which takes a second to set up. */
export const anyCharacter = fc
  .nat({ max: 0x10ffff })
  .filter((code) => code < HALVES[0] || code > HALVES[1])
  .map((code) => String.fromCodePoint(code));
