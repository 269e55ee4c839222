/** The key of a meeting: the same for its copies, different for different meetings. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { agendaOf } from '../../../../functions/agenda/occurrences.ts';
import { meetingKey } from '../../../../functions/meetings/index.ts';

const iCalUID = '7kukuqrfedlm2f9t@google.com';
const originally = (originalStartTime: unknown) => meetingKey({ iCalUID, originalStartTime });

test.each([
  ['a series', undefined, iCalUID],
  [
    'an occurrence',
    { dateTime: '2030-01-07T10:00:00+01:00', timeZone: 'Europe/Zurich' },
    `${iCalUID}#20300107T090000Z`,
  ],
  [
    'an occurrence in another zone',
    { dateTime: '2030-01-07T09:00:00Z', timeZone: 'UTC' },
    `${iCalUID}#20300107T090000Z`,
  ],
  [
    'an occurrence in local time',
    { dateTime: '2030-01-07T10:00:00', timeZone: 'Europe/Zurich' },
    `${iCalUID}#20300107T090000Z`,
  ],
  [
    'an occurrence with milliseconds',
    { dateTime: '2030-01-07T09:00:00.000Z' },
    `${iCalUID}#20300107T090000Z`,
  ],
  ['an all-day occurrence', { date: '2030-01-07' }, `${iCalUID}#20300107`],
  ['an occurrence whose original start is invalid', { date: '2030-02-30' }, null],
  ['an occurrence without an original start', {}, null],
])('of %s', (_, originalStartTime, key) => {
  expect(originally(originalStartTime)).toBe(key);
});

test('of a single event is its iCalUID', () => {
  expect(meetingKey({ id: 'x', iCalUID })).toBe(iCalUID);
  expect(meetingKey({ id: 'x', iCalUID, originalStartTime: null })).toBe(iCalUID);
});

test('there is none without an iCalUID, as in a tombstone', () => {
  expect(meetingKey({ id: 'x', status: 'cancelled' })).toBeNull();
  expect(meetingKey({ id: 'x', iCalUID: '' })).toBeNull();
});

test('the second half of a split series has keys of its own', () => {
  const rest = { iCalUID: '7kukuqrfedlm2f9t_R20300114T090000@google.com' };
  const originalStartTime = { dateTime: '2030-01-14T09:00:00Z' };
  expect(meetingKey({ ...rest, originalStartTime })).toBe(`${rest.iCalUID}#20300114T090000Z`);
  expect(meetingKey({ ...rest, originalStartTime })).not.toBe(originally(originalStartTime));
});

test('keys differ if the iCalUIDs or the original starts do, and are ids of documents', () => {
  const uid = fc.string({
    unit: fc.constantFrom('a', '#', '/', '%', '2', '0', 'T', 'Z', '%23', '#20300107'),
    minLength: 1,
    maxLength: 5,
  });
  const start = fc.constantFrom(undefined, { date: '2030-01-07' }, { dateTime: '2030-01-07T00:00:00Z' });
  fc.assert(
    fc.property(uid, start, uid, start, (a, startOfA, b, startOfB) => {
      const keys = [
        meetingKey({ iCalUID: a, originalStartTime: startOfA }),
        meetingKey({ iCalUID: b, originalStartTime: startOfB }),
      ];
      expect(keys[0] === keys[1]).toBe(a === b && startOfA === startOfB);
      expect(keys.join('')).not.toContain('/');
    }),
    { numRuns: 5000, seed: 20_300_103 },
  );
});

const time = (hour: string) => ({ dateTime: `2030-01-${hour}:00:00Z`, timeZone: 'UTC' });

test('an occurrence keeps its key when it is moved, in an agenda', () => {
  const series = {
    id: 'abc',
    iCalUID,
    start: time('07T09'),
    end: time('07T10'),
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'],
  };
  const window = { from: Date.parse('2030-01-01T00:00:00Z'), to: Date.parse('2030-02-28T00:00:00Z') };
  const keysOf = (events: Parameters<typeof agendaOf>[0]) =>
    new Set(agendaOf(events, window, 'UTC').occurrences.map(({ event }) => meetingKey(event)));
  const before = keysOf([series]);
  const moved = {
    ...series,
    id: 'abc_20300114T090000Z',
    recurringEventId: 'abc',
    originalStartTime: { dateTime: '2030-01-14T04:00:00-05:00' },
    start: time('16T15'),
    end: time('16T16'),
    recurrence: undefined,
  };
  expect(before.size).toBe(3);
  expect(keysOf([series, moved])).toEqual(before);
});
