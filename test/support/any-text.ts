import * as fc from 'fast-check';

const SURROGATES = { first: 0xd800, last: 0xdfff };

/**
 * Any character of Unicode but a surrogate, half of the time one of ASCII. The same as fast-check's unit `binary`, whose tables
 * take seconds to build.
 */
const anyCharacter = fc
  .oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0x10_ffff }))
  .filter((code) => code < SURROGATES.first || code > SURROGATES.last)
  .map((code) => String.fromCodePoint(code));

/** Text of any characters, control characters and unassigned ones included. */
export const anyText = (constraints: fc.StringSharedConstraints = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: anyCharacter });
