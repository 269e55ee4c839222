/** Names of topics and subscriptions. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullName, isName, urlPath } from '../../../../functions/feed/names.ts';

describe('the full name', () => {
  test.each([
    ['x-topic', 'projects/mine/topics/x-topic'],
    ['projects/other/topics/x-topic', 'projects/other/topics/x-topic'],
    ['projects/example.com:other/topics/x-topic', 'projects/example.com:other/topics/x-topic'],
    ['projects/123456789012/topics/x~%+.topic', 'projects/123456789012/topics/x~%+.topic'],
  ])('of %s is %s', (given, full) => {
    expect(fullName('topics', 'mine', given)).toBe(full);
    expect(fullName('topics', 'elsewhere', full)).toBe(full);
  });
});

test.each([
  '',
  'ab',
  'googtopic',
  '1st-topic',
  'a/b/c',
  'projects/other/topics/',
  'projects/other/topics/goog-x',
  'projects//topics/x-topic',
  'projects/../topics/x-topic',
  'projects/other/subscriptions/x-topic',
  '/projects/other/topics/x-topic',
  'projects/other/topics/x-topic:publish?',
  'a'.repeat(256),
])('%j is not the name of a topic', (given) => {
  expect(isName('topics', given)).toBe(false);
  expect(() => fullName('topics', 'mine', given)).toThrow('is not a valid name for topics');
});

test('the URL of any topic names that topic and nothing else', () => {
  const names = fc.oneof(
    fc.stringMatching(/^[A-Za-z][\w.~+%-]{2,30}$/),
    fc.stringMatching(/^projects\/[a-z][\w.:-]{0,20}\/topics\/[A-Za-z][\w.~+%-]{2,30}$/),
  );
  fc.assert(
    fc.property(names, (name) => {
      fc.pre(isName('topics', name));
      const full = fullName('topics', 'mine', name);
      const { pathname, search } = new URL(`https://pubsub.example.com/v1/${urlPath(full)}:publish`);
      expect(pathname.split('/').map(decodeURIComponent).join('/')).toBe(`/v1/${full}:publish`);
      expect(search).toBe('');
    }),
  );
});
