/** Filters of subscriptions ("Filter messages from a subscription": at most 256 bytes). */
import { expect, test } from 'vitest';
import { filterOf } from '../../../functions/feed/subscription.ts';

test('a filter asks for one of the values of each attribute', () => {
  expect(filterOf({ resource: ['events', 'acl'], user: ['a@b.c'], change: [] })).toBe(
    '(attributes.resource = "events" OR attributes.resource = "acl") AND (attributes.user = "a@b.c")',
  );
});

test('nothing wanted in particular is no filter', () => {
  expect(filterOf({ resource: [], user: [] })).toBe('');
});

test('what has no room in a filter is left out of it', () => {
  const filter = filterOf({ user: ['x'.repeat(300)], change: ['deleted'] });
  expect(filter).toBe('(attributes.change = "deleted")');
});

test('a value cannot end its own quotes', () => {
  expect(filterOf({ user: ['a" OR "b'] })).toBe(String.raw`(attributes.user = "a\" OR \"b")`);
});
