import { expect, test } from 'vitest';
import { differencesOf } from '../../../../infra/console/model/diff.ts';

test('only the leaves that differ are listed, by their path', () => {
  const before = { summary: 'Lunch', start: { dateTime: 'T1', timeZone: 'UTC' }, sequence: 1, old: true };
  const after = { summary: 'Lunch', start: { dateTime: 'T2', timeZone: 'UTC' }, sequence: 2, new: null };
  expect(differencesOf(before, after)).toEqual([
    { path: 'start.dateTime', before: 'T1', after: 'T2' },
    { path: 'sequence', before: '1', after: '2' },
    { path: 'new', before: undefined, after: 'null' },
    { path: 'old', before: 'true', after: undefined },
  ]);
});

test('a guest who is removed does not shift the others', () => {
  const ana = { email: 'ana@example.com', responseStatus: 'accepted' };
  const ben = { email: 'ben@example.com', responseStatus: 'needsAction' };
  expect(differencesOf({ attendees: [ana, ben] }, { attendees: [ben] })).toEqual([
    { path: 'attendees[ana@example.com].email', before: 'ana@example.com', after: undefined },
    { path: 'attendees[ana@example.com].responseStatus', before: 'accepted', after: undefined },
  ]);
});

test('elements without a name are compared by their place', () => {
  expect(differencesOf({ recurrence: ['A', 'B'] }, { recurrence: ['A', 'C'] })).toEqual([
    { path: 'recurrence[1]', before: 'B', after: 'C' },
  ]);
});

test('a created item has no before, a deleted one no after', () => {
  expect(differencesOf(null, { id: 'x' })).toEqual([{ path: 'id', before: undefined, after: 'x' }]);
  expect(differencesOf({ id: 'x' }, null)).toEqual([{ path: 'id', before: 'x', after: undefined }]);
});
