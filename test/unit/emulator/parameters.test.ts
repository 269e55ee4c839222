import { expect, test } from 'vitest';
import { readParameters } from '../../../infra/emulator/api/parameters.ts';

const read = (method: string, query: string) => readParameters(method, new URLSearchParams(query)).toString();

test.each([
  ['its own parameters', 'calendar.events.list', 'maxResults=5&q=a b', 'maxResults=5&q=a+b'],
  [
    'repeated parameters',
    'calendar.events.list',
    'eventTypes=default&eventTypes=focusTime',
    'eventTypes=default&eventTypes=focusTime',
  ],
  ['none of another method’s', 'calendar.events.insert', 'timeZone=UTC&maxAttendees=1', 'maxAttendees=1'],
  ['none of those that all methods share', 'calendar.events.list', 'alt=json&fields=id&q=x', 'q=x'],
  ['none if it has none', 'calendar.colors.get', 'q=x', ''],
  [
    'none that are only properties of JavaScript objects',
    'calendar.events.list',
    'constructor=1&toString=2',
    '',
  ],
])('a method receives %s', (_name, method, query, expected) => {
  expect(read(method, query)).toBe(expected);
});

test.each([
  ['maxResults', 'many'],
  ['maxResults', '1.5'],
  ['maxResults', ''],
  ['singleEvents', 'yes'],
  ['singleEvents', 'True'],
  ['orderBy', 'name'],
  ['eventTypes', 'party'],
])('%s=%s is rejected', (name, value) => {
  expect(() => read('calendar.events.list', `${name}=${value}`)).toThrow(`Invalid value for ${name}.`);
});
