/** Filters of subscriptions: https://cloud.google.com/pubsub/docs/subscription-message-filter */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { filterOf } from '../../../../infra/cli/subscription.ts';
import { parseFilter } from '../../../support/pubsub-filter.ts';

test('a filter selects one of the values of each attribute', () => {
  expect(filterOf({ resource: ['events', 'acl'], user: ['a@b.c'], change: [] })).toBe(
    '(attributes.resource = "events" OR attributes.resource = "acl") AND (attributes.user = "a@b.c")',
  );
});

test('without values the filter is empty', () => {
  expect(filterOf({ resource: [], user: [] })).toBe('');
});

test('clauses beyond the maximum length are left out', () => {
  const filter = filterOf({ user: ['x'.repeat(300)], change: ['deleted'] });
  expect(filter).toBe('(attributes.change = "deleted")');
});

test('quotes in values are escaped', () => {
  expect(filterOf({ user: ['a" OR "b'] })).toBe(String.raw`(attributes.user = "a\" OR \"b")`);
});

test('a filter selects messages that have one of several attributes', () => {
  expect(filterOf({ user: ['a@b.c'] }, ['kind_moved', 'kind_cancelled'])).toBe(
    '(attributes.user = "a@b.c") AND (attributes:kind_moved OR attributes:kind_cancelled)',
  );
});

test('any filter is valid and selects the messages wanted, and more only where a clause is left out', () => {
  const value = fc.oneof(
    fc.constantFrom('a', 'b', 'c'),
    fc.string({ unit: 'grapheme', maxLength: 100 }),
    fc.constantFrom('"', '\\', '\n', '\u0000'),
  );
  const wanted = fc.dictionary(
    fc.constantFrom('resource', 'user', 'change'),
    fc.array(value, { maxLength: 4 }),
    {
      noNullPrototype: true,
    },
  );
  const message = fc.dictionary(fc.constantFrom('resource', 'user', 'change'), value, {
    noNullPrototype: true,
  });
  let leftOut = 0;
  fc.assert(
    fc.property(wanted, message, (names, attributes) => {
      const filter = filterOf(names);
      const isSelected = parseFilter(filter)(attributes);
      const clauses = Object.entries(names).filter(([, values]) => values.length > 0);
      const isWanted = clauses.every(([name, values]) => values.some((each) => each === attributes[name]));
      const isWhole = clauses.every(([name]) => filter.includes(`attributes.${name} `));
      leftOut += isWhole ? 0 : 1;
      expect(isSelected).toBe(isWhole ? isWanted : isSelected || isWanted);
    }),
    { numRuns: 500, seed: 20_300_105 },
  );
  expect(leftOut).toBeGreaterThan(10);
});
