import { expect, test } from 'vitest';
import { compareWeek, type Mirrored } from '../../../../infra/console/source/compare.ts';
import { verdictOf, wordsOf, type Event } from '../../../../infra/console/model/week.ts';

const lunch: Event = {
  id: 'lunch',
  summary: 'Lunch',
  start: { dateTime: '2030-01-07T12:00:00+01:00', timeZone: 'Europe/Berlin' },
  attendees: [{ email: 'ana@example.com', responseStatus: 'accepted' }],
};
const mirrored = (event: Event, more: Partial<Mirrored> = {}): Mirrored => ({
  event,
  computed: false,
  omitted: [],
  ...more,
});

test('a week that both sides have alike is equal', () => {
  const comparison = compareWeek([lunch], [mirrored({ ...lunch })]);
  expect(comparison).toEqual({ total: 1, equal: 1, differences: [] });
  expect(verdictOf(comparison)).toBe('equal: 1 of 1 event');
  expect(verdictOf(compareWeek([], []))).toBe('equal: no events on either side');
});

test('an event that differs is named with its leaves, Google’s value first', () => {
  const old = { ...lunch, attendees: [{ email: 'ana@example.com', responseStatus: 'declined' }] };
  const comparison = compareWeek([lunch], [mirrored(old)]);
  expect(comparison.differences).toEqual([
    {
      id: 'lunch',
      kind: 'differs',
      fields: [{ path: 'attendees[ana@example.com].responseStatus', before: 'accepted', after: 'declined' }],
    },
  ]);
  const [difference] = comparison.differences;
  expect(difference && wordsOf(difference)).toBe('differs in attendees[ana@example.com].responseStatus');
});

test('events on one side only are named', () => {
  const dinner = { ...lunch, id: 'dinner' };
  const comparison = compareWeek([lunch], [mirrored(dinner)]);
  expect(comparison.differences.map(({ id, kind }) => [id, kind])).toEqual([
    ['lunch', 'onlyInGoogle'],
    ['dinner', 'onlyInMirror'],
  ]);
  expect(verdictOf(comparison)).toBe('0 of 2 events equal: 1 only in Google, 1 only in the mirror');
  expect(comparison.differences.map(wordsOf)).toEqual([
    'only in Google: not mirrored',
    'only in the mirror: Google does not list it',
  ]);
});

test('a list that is empty on one side is a difference', () => {
  const { differences } = compareWeek([{ ...lunch, attachments: [] }], [mirrored(lunch)]);
  expect(differences[0]?.fields).toEqual([{ path: 'attachments', before: '[]', after: undefined }]);
});

test('fields that were too large for the document do not count', () => {
  const { description: _, ...short } = { ...lunch, description: 'long' };
  const whole = { ...lunch, description: 'long' };
  expect(compareWeek([whole], [mirrored(short, { omitted: ['description'] })]).differences).toEqual([]);
  expect(compareWeek([whole], [mirrored(short)]).differences).toHaveLength(1);
});

test('a computed occurrence may write its times with another offset, and has the link of its series', () => {
  const computed = {
    ...lunch,
    start: { dateTime: '2030-01-07T11:00:00Z', timeZone: 'Europe/Berlin' },
    htmlLink: 'series',
  };
  const listed = { ...lunch, htmlLink: 'occurrence' };
  expect(compareWeek([listed], [mirrored(computed, { computed: true })]).differences).toEqual([]);
  // What is stored must be exactly what Google returned.
  const [stored] = compareWeek([listed], [mirrored(computed)]).differences;
  expect(stored?.fields.map(({ path }) => path)).toEqual(['start.dateTime', 'htmlLink']);
  const later = { ...computed, start: { dateTime: '2030-01-07T11:30:00Z', timeZone: 'Europe/Berlin' } };
  const [moved] = compareWeek([listed], [mirrored(later, { computed: true })]).differences;
  expect(moved?.fields.map(({ path }) => path)).toEqual(['start.dateTime']);
});
