import { expect, test } from 'vitest';
import { selectFields } from '../../../infra/emulator/api/partial-response.ts';

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
  ['items,items/id', { items: list.items }],
  ['unknown', {}],
])('%s selects the named fields', (fields, selected) => {
  expect(selectFields(fields, list)).toEqual(selected);
});

test.each(['', ',', 'a,', 'a(', 'a(b', 'a)b', 'a//b', '(a)'])('%j is rejected', (fields) => {
  expect(() => selectFields(fields, list)).toThrow(`Invalid field selection ${fields}`);
});
