/** The language of subscription filters: https://cloud.google.com/pubsub/docs/subscription-message-filter */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FilterError, parseFilter } from '../../support/pubsub-filter.ts';

const NAMES = {
  none: {},
  com: { name: 'com' },
  org: { name: 'org' },
  upper: { name: 'COM' },
  empty: { name: '' },
  tagged: { 'iana.org/language_tag': 'en' },
  both: { name: 'com', 'iana.org/language_tag': 'en' },
  hyphen: { 'a-b_1': 'x' },
};

const selected = (filter: string): readonly string[] => {
  const matches = parseFilter(filter);
  return Object.entries(NAMES)
    .filter(([, attributes]) => matches(attributes))
    .map(([name]) => name);
};

describe('a filter selects messages', () => {
  test.each([
    ['', Object.keys(NAMES)],
    ['attributes:name', ['com', 'org', 'upper', 'empty', 'both']],
    ['attributes: name ', ['com', 'org', 'upper', 'empty', 'both']],
    ['NOT attributes:name', ['none', 'tagged', 'hyphen']],
    ['-attributes:name', ['none', 'tagged', 'hyphen']],
    ['attributes.name = "com"', ['com', 'both']],
    ['attributes.name="com"', ['com', 'both']],
    ['attributes."name" = "com"', ['com', 'both']],
    ['attributes.Name = "com"', []],
    ['attributes.name = ""', ['empty']],
    ['attributes.name != "com"', ['none', 'org', 'upper', 'empty', 'tagged', 'hyphen']],
    ['NOT attributes.name != "com"', ['com', 'both']],
    ['hasPrefix(attributes.name, "co")', ['com', 'both']],
    ['hasPrefix( attributes."name" ,"")', ['com', 'org', 'upper', 'empty', 'both']],
    ['NOT hasPrefix(attributes.name, "c")', ['none', 'org', 'upper', 'empty', 'tagged', 'hyphen']],
    ['attributes."iana.org/language_tag" = "en"', ['tagged', 'both']],
    ['attributes.a-b_1 = "x"', ['hyphen']],
    ['attributes.name = "com" AND -attributes:"iana.org/language_tag"', ['com']],
    ['attributes:"iana.org/language_tag" AND NOT attributes.name = "com"', ['tagged']],
    ['attributes:"iana.org/language_tag" AND (attributes.name = "net" OR attributes.name = "com")', ['both']],
    ['(attributes.name = "net" OR attributes.name = "org") AND attributes:name', ['org']],
    [
      'attributes:name OR attributes:a-b_1 OR attributes:other',
      ['com', 'org', 'upper', 'empty', 'both', 'hyphen'],
    ],
    ['NOT (attributes:name OR attributes:a-b_1)', ['none', 'tagged']],
    [
      '-(attributes:name AND attributes:"iana.org/language_tag")',
      ['none', 'com', 'org', 'upper', 'empty', 'tagged', 'hyphen'],
    ],
    ['((attributes.name = "org"))', ['org']],
    ['NOT attributes:name AND attributes:a-b_1', ['hyphen']],
  ])('%s', (filter, names) => {
    expect(selected(filter)).toEqual(names);
  });

  test('no inherited property is an attribute', () => {
    expect(parseFilter('attributes:constructor OR attributes:toString')({})).toBe(false);
  });

  test.each([
    [String.raw`attributes.name = "a\"b\\c"`, 'a"b\\c'],
    [String.raw`attributes.name = "\u307F\u3093"`, 'みん'],
    [String.raw`attributes.name = "\x3F\077"`, '??'],
    [String.raw`attributes.name = "\b\f\n\r\t"`, '\b\f\n\r\t'],
    ['attributes.name = "ü 🙂 (AND) -"', 'ü 🙂 (AND) -'],
  ])('%s has the value of its escape sequences', (filter, name) => {
    expect(parseFilter(filter)({ name })).toBe(true);
    expect(parseFilter(filter)({ name: `${name}.` })).toBe(false);
  });

  test('any value and key as a JSON string', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 8 });
    fc.assert(
      fc.property(text, text, (key, value) => {
        const matches = parseFilter(`attributes.${JSON.stringify(key)} = ${JSON.stringify(value)}`);
        expect(matches({ [key]: value })).toBe(true);
        expect(matches({ [key]: `${value}x` })).toBe(false);
      }),
    );
  });
});

test.each([
  ['a value on the left', '"com" = attributes.name'],
  ['two keys', 'attributes.name = attributes.website'],
  ['AND and OR without parentheses', 'attributes:a AND attributes:b OR attributes:c'],
  ['OR and AND without parentheses', 'attributes:a OR attributes:b AND attributes:c'],
  [
    'AND and OR within one pair of parentheses',
    'attributes:z OR (attributes:a AND attributes:b OR attributes:c)',
  ],
  ['incomplete expressions', 'attributes.name = "com" AND ("net" OR "org")'],
  ['values in parentheses', 'attributes.name = ("net" OR "org")'],
  ['operators in lower case', 'attributes:a and attributes:b'],
  ['a negation in lower case', 'not attributes:a'],
  ['two negations', 'NOT NOT attributes:a'],
  ['a negation without white space', 'NOT(attributes:a)'],
  ['an operator without white space', '(attributes:a)AND (attributes:b)'],
  ['an operator before a parenthesis without white space', 'attributes:a AND(attributes:b)'],
  ['terms without an operator', 'attributes:a attributes:b'],
  ['an operator at the end', 'attributes:a AND'],
  ['an operator at the start', 'OR attributes:a'],
  ['an operator as a key', 'attributes:AND'],
  ['no key', 'attributes: = "x"'],
  ['a key with a slash', 'attributes:iana.org/language_tag'],
  ['a key with a dot', 'attributes.a.b = "x"'],
  ['an escape outside of a string', String.raw`attributes:\u307F`],
  ['a value that is not a string', 'attributes.sequence = 7'],
  ['a string in single quotes', "attributes.name = 'com'"],
  ['a comparison of size', 'attributes.sequence > "7"'],
  ['another function', 'hasSuffix(attributes.name, "m")'],
  ['a prefix of a key', 'hasPrefix(attributes:name, "m")'],
  ['a prefix that is not a string', 'hasPrefix(attributes.name, m)'],
  ['another identifier', 'data.name = "com"'],
  ['the identifier in another case', 'Attributes:name'],
  ['a string without an end', 'attributes.name = "com'],
  ['a raw line break in a string', 'attributes.name = "a\nb"'],
  ['an unknown escape sequence', String.raw`attributes.name = "\q"`],
  ['half a character', String.raw`attributes.name = "\uD83D"`],
  ['a parenthesis without its end', '(attributes:a'],
  ['a parenthesis without its start', 'attributes:a)'],
  ['nothing in parentheses', '()'],
  ['white space only', ' '],
  ['over 256 bytes', `attributes.name = "${'ü'.repeat(120)}"`],
])('a filter with %s is rejected', (_, filter) => {
  expect(() => parseFilter(filter)).toThrow(FilterError);
});

test('a filter of 256 bytes is accepted', () => {
  const filter = `attributes.name = "${'x'.repeat(256 - 20)}"`;
  expect(Buffer.byteLength(filter)).toBe(256);
  expect(parseFilter(filter)({})).toBe(false);
});

test('the error names the filter, the place and what is expected', () => {
  expect(() => parseFilter('attributes:a OR attributes.b')).toThrow(
    'expected = or !=, but found the end at 28: attributes:a OR attributes.b',
  );
});
