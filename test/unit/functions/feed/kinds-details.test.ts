/** What a change of an event means where attendees and times are not as usual. */
import { describe, expect, test } from 'vitest';
import { kindsOf } from '../../../../functions/feed/kinds.ts';
import {
  ADA,
  ALL_DAY,
  at,
  BO,
  EDITED,
  guest,
  OCCURRENCE,
  REVIEW,
  ROOM,
  without,
} from '../../../support/sample-edits.ts';

type Fields = Readonly<Record<string, unknown>>;

const kindsOfEdit = (before: Fields, edit: Fields) =>
  kindsOf({
    resource: 'events',
    change: 'updated',
    before,
    after: JSON.parse(JSON.stringify({ ...before, ...EDITED, ...edit })),
  });
const withGuests = (...attendees: readonly unknown[]): Fields => ({ ...REVIEW, attendees });
/** An edit that has a kind of its own. */
const RENAMED = { summary: 'Retro' };

describe('of attendees', () => {
  test.each<[string, Fields, readonly unknown[], readonly string[]]>([
    ['one made optional', REVIEW, [ADA, { ...BO, optional: true }, ROOM], ['other']],
    [
      'one made optional, and another invited',
      REVIEW,
      [ADA, { ...BO, optional: true }, ROOM, guest('cy@example.com')],
      ['invited', 'other'],
    ],
    [
      'one invited as optional',
      REVIEW,
      [ADA, BO, ROOM, guest('cy@example.com', 'needsAction', { optional: true })],
      ['invited'],
    ],
    ['a comment alone', REVIEW, [ADA, { ...BO, comment: 'late' }, ROOM], ['responded']],
    ['more guests alone', REVIEW, [ADA, { ...BO, additionalGuests: 2 }, ROOM], ['responded']],
    ['another order', REVIEW, [BO, ADA, ROOM], ['other']],
    [
      'an address in other letters',
      REVIEW,
      [ADA, { ...BO, email: 'Bo@Example.com', responseStatus: 'accepted' }, ROOM],
      ['responded', 'other'],
    ],
    [
      'known by an id',
      withGuests({ id: '1' }, { id: '2' }),
      [{ id: '1', responseStatus: 'declined' }, { id: '3' }],
      ['responded', 'invited', 'uninvited'],
    ],
    ['an id that is not text', withGuests({ id: 1 }), [{ id: 2 }], ['other']],
    ['known by nothing', withGuests({ displayName: 'Bo' }), [{ displayName: 'Cy' }], ['other']],
    [
      'known by nothing, and unchanged',
      withGuests({ displayName: 'Bo' }),
      [{ displayName: 'Bo' }, ADA],
      ['invited'],
    ],
    [
      'another organizer among them',
      REVIEW,
      [without('organizer', ADA), { ...BO, organizer: true }, ROOM],
      ['other'],
    ],
    ['not attendees', withGuests('Bo', null, ['x']), ['Cy', null, ['x']], ['other']],
  ])('%s', (_, before, attendees, kinds) => {
    expect(kindsOfEdit(before, { attendees })).toEqual(kinds);
    const also = kindsOfEdit(before, { ...RENAMED, attendees });
    expect(new Set(also)).toEqual(new Set([...kinds, 'renamed']));
  });

  test('that are not a list', () => {
    expect(kindsOfEdit(REVIEW, { ...RENAMED, attendees: 'none' })).toEqual(['renamed', 'uninvited']);
    expect(kindsOfEdit({ ...REVIEW, attendees: 'a' }, { ...RENAMED, attendees: 'b' })).toEqual([
      'renamed',
      'other',
    ]);
  });

  test('on a list in part, of whom others are shown than before', () => {
    const before = { ...withGuests(BO), attendeesOmitted: true };
    expect(kindsOfEdit(before, { ...RENAMED, attendees: [ADA] })).toEqual(['renamed', 'other']);
  });

  test('whose organizer changes, with the flag of one and something else of another', () => {
    const organizer = { email: 'bo@example.com' };
    const attendees = [without('organizer', ADA), { ...BO, organizer: true }, ROOM];
    expect(kindsOfEdit(REVIEW, { organizer, attendees })).toEqual(['organizer']);
    const moved = [...attendees.slice(0, 2), { ...ROOM, optional: true }];
    expect(kindsOfEdit(REVIEW, { organizer, attendees: moved })).toEqual(['organizer', 'other']);
  });
});

const zoned = (date: string) => ({ date, timeZone: 'Europe/Zurich' });

describe('of times', () => {
  test.each<[string, Fields, Fields, readonly string[]]>([
    // Clocks change on 31 March.
    [
      'an all-day event moved to a day of 23 hours',
      { ...ALL_DAY, start: zoned('2030-03-30'), end: zoned('2030-03-31') },
      {
        start: zoned('2030-03-31'),
        end: zoned('2030-04-01'),
      },
      ['moved'],
    ],
    ['an end taken away', REVIEW, { end: undefined }, ['resized']],
    ['an end given', without('end', REVIEW), { end: at(7, '11:00') }, ['resized']],
    ['an end without a start', without('start', REVIEW), { end: at(7, '12:00') }, ['resized']],
    [
      'an end that is not a time',
      { ...REVIEW, end: { dateTime: 'soon' } },
      { end: { dateTime: 'later' } },
      ['resized'],
    ],
    ['both taken away', REVIEW, { start: undefined, end: undefined }, ['moved', 'resized']],
    ['moved without an end', without('end', REVIEW), { start: at(8, '10:00') }, ['moved']],
    [
      'another time zone',
      REVIEW,
      { ...RENAMED, start: at(7, '10:00', '+01:00', { timeZone: 'Europe/Berlin' }) },
      ['renamed', 'other'],
    ],
  ])('%s', (_, before, edit, kinds) => {
    expect(kindsOfEdit(before, edit)).toEqual(kinds);
  });

  test('of a restored occurrence that had kept its details', () => {
    const moved = { ...OCCURRENCE, start: at(15, '10:00'), end: at(15, '11:00'), status: 'cancelled' };
    expect(kindsOfEdit(moved, { status: 'confirmed' })).toEqual(['restored']);
    expect(
      kindsOfEdit(without('end', moved), {
        status: 'confirmed',
        start: at(16, '10:00'),
        end: at(16, '11:00'),
      }),
    ).toEqual(['moved', 'restored']);
  });

  test('of an exception without a start', () => {
    const change = { resource: 'events', change: 'created', before: null } as const;
    expect(kindsOf({ ...change, after: without('start', OCCURRENCE) })).toEqual([]);
    expect(kindsOf({ ...change, after: without('start', OCCURRENCE), replaced: OCCURRENCE })).toEqual([
      'moved',
    ]);
  });
});
