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
  ['maxResults', '0'],
  ['maxAttendees', '-1'],
  ['maxResults', '2147483648'],
  ['singleEvents', 'on'],
  ['singleEvents', ''],
  ['singleEvents', 'constructor'],
  ['orderBy', 'name'],
  ['eventTypes', 'party'],
])('%s=%s is rejected', (name, value) => {
  expect(() => read('calendar.events.list', `${name}=${value}`)).toThrow(`Invalid value for ${name}.`);
});

test.each([
  ['true', ['true', 'True', 'TRUE', 't', 'yes', 'y', '1']],
  ['false', ['false', 'False', 'FALSE', 'f', 'no', 'n', '0']],
])('a boolean is %s in several spellings', (value, spellings) => {
  for (const spelling of spellings)
    expect(read('calendar.events.list', `singleEvents=${spelling}`)).toBe(`singleEvents=${value}`);
});

test.each(['timeMin', 'timeMax', 'updatedMin'])(
  '%s is a time with an offset, for lists and watches alike',
  (name) => {
    for (const method of ['calendar.events.list', 'calendar.events.watch']) {
      expect(() => read(method, `${name}=2026-01-01T00:00:00`)).toThrow('Bad Request');
      expect(read(method, `${name}=2026-01-01T00:00:00Z`)).not.toBe('');
    }
  },
);

test.each([
  ['conferenceDataVersion', '2'],
  ['eventLabelVersion', '-1'],
  ['conferenceDataVersion', ''],
])('the version %s=%s is rejected', (name, value) => {
  expect(() => read('calendar.events.insert', `${name}=${value}`)).toThrow(`Invalid value for ${name}.`);
});
