import { expect, test } from 'vitest';
import { createSelectors } from '../../../infra/emulator/api/partial-response.ts';
import { loadDefinition } from '../../../infra/emulator/definition/definition.ts';

const selector = createSelectors(await loadDefinition());
const LIST = 'calendar.events.list';

const list = {
  kind: 'calendar#events',
  items: [
    { id: '1', start: { date: '2026-01-01', timeZone: 'UTC' }, end: { date: '2026-01-02' } },
    { id: '2', start: { dateTime: '2026-01-01T00:00:00Z' } },
  ],
};

test.each([
  ['kind', { kind: 'calendar#events' }],
  ['items/id', { items: [{ id: '1' }, { id: '2' }] }],
  ['kind,items(id)', { kind: 'calendar#events', items: [{ id: '1' }, { id: '2' }] }],
  [
    'items(id,start/date)',
    {
      items: [
        { id: '1', start: { date: '2026-01-01' } },
        { id: '2', start: {} },
      ],
    },
  ],
  [
    'items/start(date),items/id',
    {
      items: [
        { id: '1', start: { date: '2026-01-01' } },
        { id: '2', start: {} },
      ],
    },
  ],
  [
    'items/*/date',
    {
      items: [
        { id: '1', start: { date: '2026-01-01' }, end: { date: '2026-01-02' } },
        { id: '2', start: {} },
      ],
    },
  ],
  ['*', list],
  ['', {}],
  [' ', {}],
  ['items,items/id', { items: list.items }],
  ['items/attendees/email,nextPageToken', { items: [{}, {}] }],
])('%s selects the named fields', (fields, selected) => {
  expect(selector(LIST, fields)(list)).toEqual(selected);
});

const refused = (method: string, fields: string): unknown => {
  try {
    selector(method, fields);
    return undefined;
  } catch (error) {
    return error;
  }
};

test.each([',', 'kind,', 'items(', 'items(id', 'kind)etag', 'items//id', '(kind)'])(
  'the malformed selector %j is rejected',
  (fields) => {
    expect(refused(LIST, fields)).toMatchObject({
      status: 400,
      detail: {
        reason: 'invalidParameter',
        message: `Invalid field selection ${fields}`,
        location: 'fields',
      },
    });
  },
);

test.each([
  ['paths', `${'items/'.repeat(200_000)}id`],
  ['parentheses', `${'items('.repeat(200_000)}id${')'.repeat(200_000)}`],
])('a selector that is nested too deeply with %s is rejected', (_form, fields) => {
  expect(refused(LIST, fields)).toMatchObject({ status: 400, detail: { reason: 'invalidParameter' } });
});

test.each([
  ['of the response', LIST, 'kind,nextpagetoken', 'nextpagetoken'],
  ['of the request only', LIST, 'maxResults', 'maxResults'],
  ['of an item, given for the list', LIST, 'summary2,items', 'summary2'],
  ['of a list’s items', LIST, 'items(id,colour)', 'colour'],
  ['of an object', LIST, 'items/start/hour', 'hour'],
  ['below text', LIST, 'items/summary/length', 'length'],
  ['below every field', LIST, 'items/*/hour', 'hour'],
  ['below every field of text', LIST, 'items/summary/*', '*'],
  ['of a reference', 'calendar.events.get', 'conferenceData(entryPoints(uri,url))', 'url'],
  ['of another method', 'calendar.calendarList.get', 'attendees', 'attendees'],
  ['of an object’s prototype', LIST, 'constructor', 'constructor'],
])('an unknown field %s is rejected by its name', (_, method, fields, name) => {
  expect(refused(method, fields)).toMatchObject({
    status: 400,
    detail: { reason: 'invalidParameter', message: `Invalid field selection ${name}` },
  });
});

test.each([
  ['any key of a map', 'calendar.events.get', 'extendedProperties(private/a,shared/*)'],
  [
    'any field where the definition leaves the value open',
    'calendar.events.get',
    'workingLocationProperties/homeOffice/x',
  ],
  ['a field that only some of all have', 'calendar.events.get', '*/timeZone'],
  [
    'working hours, of the current revision',
    'calendar.calendars.get',
    'workingHours/availableTimes/dayOfWeek',
  ],
  ['anything from a method without a response', 'calendar.events.delete', 'anything'],
])('a selector can name %s', (_, method, fields) => {
  expect(refused(method, fields)).toBeUndefined();
});

test('a selector is compiled once per method', () => {
  expect(selector(LIST, 'items/id')).toBe(selector(LIST, 'items/id'));
  expect(selector('calendar.acl.list', 'items/id')).not.toBe(selector(LIST, 'items/id'));
});
