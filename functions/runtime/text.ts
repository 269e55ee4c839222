/** Text of unknown origin as part of a line. */

/** Control characters, and marks that change the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]+/gu;

/** Replaces characters that a terminal would interpret, or that end a line, by a space. */
export const printable = (text: string): string => text.replaceAll(UNPRINTABLE, ' ');

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Bounds the length of text with many combining marks. No real text has as many per character. */
const MAX_LENGTH_PER_CHARACTER = 8;

/** Shortens text to a number of characters as people count them, with `…` in place of the rest. */
export function shorten(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const maxLength = characters * MAX_LENGTH_PER_CHARACTER;
  let [kept, count] = ['', 0];
  // What is longer than the bound is cut in any case, so the rest need not be segmented.
  for (const { segment } of graphemes.segment(text.slice(0, maxLength + 1))) {
    count += 1;
    if (count >= characters || kept.length + segment.length > maxLength)
      return kept.length + segment.length === text.length ? text : `${kept}…`;
    kept += segment;
  }
  return kept;
}
