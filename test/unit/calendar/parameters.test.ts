import { expect, test } from 'vitest';
import { readParameters } from '../../../infra/local/calendar/parameters.ts';

const read = (method: string, query: string) => readParameters(method, new URLSearchParams(query)).toString();

test.each([
  ['its own', 'calendar.events.list', 'maxResults=5&q=a b', 'maxResults=5&q=a+b'],
  [
    'repeated ones',
    'calendar.events.list',
    'eventTypes=default&eventTypes=focusTime',
    'eventTypes=default&eventTypes=focusTime',
  ],
  ['none of another method', 'calendar.events.insert', 'timeZone=UTC&maxAttendees=1', 'maxAttendees=1'],
  ['none that all methods have', 'calendar.events.list', 'alt=json&fields=id&q=x', 'q=x'],
  ['none where the method has none', 'calendar.colors.get', 'q=x', ''],
  ['none that only JavaScript knows', 'calendar.events.list', 'constructor=1&toString=2', ''],
])('a method is handed %s', (_name, method, query, expected) => {
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
])('%s=%s is refused', (name, value) => {
  expect(() => read('calendar.events.list', `${name}=${value}`)).toThrow(`Invalid value for ${name}.`);
});
