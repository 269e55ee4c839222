/** Output for a terminal: aligned columns for any script. */
import { styleText } from 'node:util';
import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { cut, padded, table } from '../../../../infra/terminal/output.ts';

/** Titles of events, in graphemes of one, two and no columns. */
const titles = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 90 }),
    fc.array(fc.constantFrom('会議', 'レビュー', '회의', '🎂', '👩‍👩‍👧‍👦', '🇨🇭', 'é', 'e\u0301', 'Review', ' '), {
      maxLength: 40,
    }),
  )
  .map((parts) => (typeof parts === 'string' ? parts : parts.join('')));

describe('a table', () => {
  test('is aligned if titles are Chinese, Korean or emoji', () => {
    const rows = [
      ['title', 'calendar'],
      ['会議', 'a'],
      ['🎂 party', 'b'],
      ['회의 one', 'c'],
    ];
    const lines = table(rows).split('\n').slice(1);
    expect(lines).toEqual(['会議      a', '🎂 party  b', '회의 one  c']);
  });

  test('is aligned to the left and to the right, whatever its cells contain', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(titles, titles), { minLength: 1 }), (rows) => {
        const lines = table([['', '', ''], ...rows.map(([a, b]) => [a, b, '|'])], [1]).split('\n');
        const widths = new Set(lines.slice(1).map((line) => stringWidth(line)));
        expect(widths.size).toBe(1);
      }),
    );
  });

  test('does not count the escape sequences of a style', () => {
    const red = styleText('red', 'ab', { validateStream: false });
    expect(stringWidth(padded(red, 5))).toBe(5);
  });
});

describe('cut text', () => {
  test('fits, and is a prefix of the original', () => {
    fc.assert(
      fc.property(titles, fc.integer({ min: 1, max: 60 }), (text, width) => {
        const short = cut(text, width);
        expect(stringWidth(short)).toBeLessThanOrEqual(width);
        expect(text.startsWith(short.replace(/…$/, '')) || short === text).toBe(true);
      }),
    );
  });

  test('does not split graphemes', () => {
    expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…');
    expect(cut('会議の部屋', 6)).toBe('会議…');
    expect(cut('会議の', 6)).toBe('会議の');
  });

  test('is short even with thousands of combining marks', () => {
    expect(cut(`a${'\u0301'.repeat(5_000)}`, 60).length).toBeLessThanOrEqual(481);
  });
});
