import { describe, expect, test } from 'vitest';
import { choicesOf, filterOf, indexOfChange, isShown } from '../../../../infra/console/model/filter.ts';
import type { TimelineEntry } from '../../../../infra/console/model/timeline.ts';

const entry = (fields: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id: 'team/4',
  at: 0,
  watchId: 'team',
  sequence: 4,
  user: 'ana@example.com',
  resource: 'events',
  calendarId: 'team@group.calendar.google.com',
  itemId: 'e1',
  change: 'updated',
  kinds: ['moved', 'renamed'],
  sentence: '“Review” moved to Friday',
  hops: [],
  ...fields,
});

describe('a change is shown', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['without filters', {}, true],
    ['by words of its sentence, whatever their case', { q: 'REVIEW' }, true],
    ['by its id', { q: 'team/4' }, true],
    ['by a kind among several', { kind: 'renamed' }, true],
    ['by its change', { kind: 'updated' }, true],
    ['by user, calendar and resource together', { user: 'ana@example.com', resource: 'events' }, true],
    ['but not for another user', { user: 'ben@example.com' }, false],
    ['but not for another calendar', { calendar: 'x' }, false],
    ['but not for another kind', { kind: 'cancelled' }, false],
    ['but not for another watch', { watch: 'other' }, false],
    ['but not if one of the filters does not match', { q: 'review', resource: 'acl' }, false],
  ])('%s', (_name, query, expected) => {
    expect(isShown(entry(), filterOf(query))).toBe(expected);
  });
});

test('filters that are empty or unknown are none', () => {
  expect(filterOf({ user: '', view: 'timeline', q: 'x' })).toEqual({ q: 'x' });
});

test('the choices are the values that there are', () => {
  const entries = [entry(), entry({ calendarId: null, resource: 'settings', change: 'created', kinds: [] })];
  expect(choicesOf(entries, 'user')).toEqual(['ana@example.com']);
  expect(choicesOf(entries, 'calendar')).toEqual(['team@group.calendar.google.com']);
  expect(choicesOf(entries, 'resource')).toEqual(['events', 'settings']);
  expect(choicesOf(entries, 'kind')).toEqual(['created', 'moved', 'renamed', 'updated']);
});

test('the choices stay the same list until there is a new one, and are at most 300', () => {
  const first = choicesOf([entry()], 'user');
  expect(choicesOf([entry(), entry({ sequence: 5 })], 'user', first)).toBe(first);
  const many = Array.from({ length: 400 }, (_, index) => entry({ user: `user-${index}` }));
  const choices = choicesOf(many, 'user');
  expect(choices).toHaveLength(300);
  expect(choicesOf([...many, entry({ user: 'new' })], 'user', choices)).toBe(choices);
});

test.each([
  ['team/4', 1],
  [' 4 ', 1],
  ['9', -1],
  ['', -1],
  ['x/4', -1],
])('%j names the change at %d', (named, index) => {
  const entries = [entry({ id: 'other/3', sequence: 3 }), entry()];
  expect(indexOfChange(entries, named)).toBe(index);
});
