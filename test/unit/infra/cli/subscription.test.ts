/** Filters of subscriptions: https://cloud.google.com/pubsub/docs/subscription-message-filter */
import { expect, test } from 'vitest';
import { filterOf } from '../../../../infra/cli/subscription.ts';

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
