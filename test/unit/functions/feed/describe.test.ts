/** Changes in detail: what was, and what is. */
import { describe, expect, test } from 'vitest';
import type { Change } from '../../../../functions/feed/change.ts';
import { describeChange } from '../../../../functions/feed/describe.ts';
import type { Detail } from '../../../../functions/feed/detail.ts';
import { kindsOf } from '../../../../functions/feed/kinds.ts';
import {
  ADA,
  ALL_DAY,
  at,
  BO,
  day,
  EDITED,
  guest,
  OCCURRENCE,
  REVIEW,
  ROOM,
  WEEKLY,
} from '../../../support/sample-edits.ts';
import { sampleChange } from '../../../support/sample-change.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Returns a change with its kinds. */
function changeOf(before: Fields | null, after: Fields | null, more: Partial<Change> = {}): Change {
  const change = { ...sampleChange(before, after), ...more };
  return { ...change, kinds: more.kinds ?? [...kindsOf(change)] };
}

const edit = (before: Fields, change: Fields): Change =>
  changeOf(before, JSON.parse(JSON.stringify({ ...before, ...EDITED, ...change })));

const HOUR = 3_600_000;
const meet = (uri: string) => ({
  conferenceData: { entryPoints: [{ entryPointType: 'phone' }, { entryPointType: 'video', uri }] },
});

describe('an edit of an event is described', () => {
  test.each<[string, Fields, Fields, readonly Detail[]]>([
    [
      'moved',
      REVIEW,
      { start: at(8, '10:00'), end: at(8, '12:00') },
      [
        { kind: 'moved', from: at(7, '10:00'), to: at(8, '10:00') },
        { kind: 'resized', from: HOUR, to: 2 * HOUR },
      ],
    ],
    [
      'an all-day event lengthened',
      ALL_DAY,
      { end: day(10) },
      [{ kind: 'resized', from: 24 * HOUR, to: 72 * HOUR }],
    ],
    ['renamed', REVIEW, { summary: 'Retro' }, [{ kind: 'renamed', from: 'Review', to: 'Retro' }]],
    ['a location', REVIEW, { location: 'Zurich' }, [{ kind: 'location', from: null, to: 'Zurich' }]],
    [
      'a conference',
      { ...REVIEW, ...meet('https://meet.google.com/a') },
      meet('https://meet.google.com/b'),
      [{ kind: 'conference', from: 'https://meet.google.com/a', to: 'https://meet.google.com/b' }],
    ],
    [
      'answers',
      REVIEW,
      { attendees: [ADA, { ...BO, responseStatus: 'accepted' }, { ...ROOM, responseStatus: 'declined' }] },
      [
        { kind: 'responded', who: 'bo@example.com', from: 'needsAction', to: 'accepted' },
        { kind: 'responded', who: 'c_1880@resource.calendar.google.com', from: 'accepted', to: 'declined' },
      ],
    ],
    [
      'invitations',
      REVIEW,
      { attendees: [ADA, guest('cy@example.com'), guest('di@example.com')] },
      [
        { kind: 'invited', who: 'cy@example.com' },
        { kind: 'invited', who: 'di@example.com' },
        { kind: 'uninvited', who: 'bo@example.com' },
        { kind: 'uninvited', who: 'c_1880@resource.calendar.google.com' },
      ],
    ],
    [
      'an organizer',
      REVIEW,
      { organizer: { email: 'bo@example.com' } },
      [{ kind: 'organizer', from: 'ada@example.com', to: 'bo@example.com' }],
    ],
    [
      'a recurrence',
      WEEKLY,
      { recurrence: undefined },
      [{ kind: 'recurrence', from: ['RRULE:FREQ=WEEKLY;BYDAY=MO'], to: [] }],
    ],
    ['a status', REVIEW, { status: 'tentative' }, [{ kind: 'status', from: 'confirmed', to: 'tentative' }]],
    [
      'visibility',
      REVIEW,
      { visibility: 'private', transparency: 'transparent' },
      [
        { kind: 'visibility', field: 'visibility', from: null, to: 'private' },
        { kind: 'visibility', field: 'transparency', from: null, to: 'transparent' },
      ],
    ],
    [
      'a field of tomorrow',
      REVIEW,
      { mood: ['calm'] },
      [{ kind: 'other', field: 'mood', from: null, to: ['calm'] }],
    ],
    ['cancelled', REVIEW, { status: 'cancelled', summary: undefined }, [{ kind: 'cancelled' }]],
    ['nothing', REVIEW, {}, [{ kind: 'touched' }]],
  ])('%s', (_, before, change, details) => {
    expect(describeChange(edit(before, change))).toEqual(details);
  });
});

describe('a change of another resource is described', () => {
  const rule = {
    id: 'user:bo@example.com',
    role: 'reader',
    scope: { type: 'user', value: 'bo@example.com' },
  };
  const entry = { id: 'team', summary: 'Team', accessRole: 'reader' };
  test.each<[string, Partial<Change>, Fields | null, Fields | null, readonly Detail[]]>([
    [
      'a rule granted',
      { resource: 'acl', change: 'created' },
      null,
      rule,
      [{ kind: 'granted', who: 'bo@example.com', role: 'reader' }],
    ],
    [
      'a rule revoked',
      { resource: 'acl', change: 'deleted' },
      rule,
      null,
      [{ kind: 'revoked', who: 'bo@example.com', role: 'reader' }],
    ],
    [
      'a rule for all',
      { resource: 'acl', change: 'created', itemId: 'default' },
      null,
      { id: 'default', role: 'reader', scope: { type: 'default' } },
      [{ kind: 'granted', who: 'default', role: 'reader' }],
    ],
    [
      'a role',
      { resource: 'acl' },
      rule,
      { ...rule, role: 'owner' },
      [{ kind: 'role', who: 'bo@example.com', from: 'reader', to: 'owner' }],
    ],
    [
      'a role in a list',
      { resource: 'calendarList' },
      entry,
      { ...entry, accessRole: 'owner' },
      [{ kind: 'role', who: null, from: 'reader', to: 'owner' }],
    ],
    [
      'an own name',
      { resource: 'calendarList' },
      entry,
      { ...entry, summaryOverride: 'Us' },
      [{ kind: 'renamed', from: 'Team', to: 'Us' }],
    ],
    ['hidden', { resource: 'calendarList' }, entry, { ...entry, hidden: true }, [{ kind: 'hidden' }]],
    [
      'a colour',
      { resource: 'calendarList' },
      entry,
      { ...entry, colorId: '7' },
      [{ kind: 'appearance', field: 'colorId', from: null, to: '7' }],
    ],
    [
      'a setting',
      { resource: 'settings' },
      { id: 'locale', value: 'de' },
      { id: 'locale', value: 'en' },
      [{ kind: 'value', from: 'de', to: 'en' }],
    ],
    ['a snapshot', { change: 'snapshot' }, null, REVIEW, []],
  ])('%s', (_, more, before, after, details) => {
    expect(describeChange(changeOf(before, after, more))).toEqual(details);
  });
});

describe('what a message does not have is null', () => {
  test('in a new exception, but for the time that it was moved from', () => {
    const after = { ...OCCURRENCE, start: at(15, '10:00'), end: at(15, '11:00'), summary: 'Retro' };
    const kinds = ['moved', 'renamed', 'responded', 'visibility'];
    expect(describeChange(changeOf(null, after, { change: 'created', kinds }))).toEqual([
      { kind: 'moved', from: at(14, '10:00'), to: at(15, '10:00') },
      { kind: 'renamed', from: null, to: 'Retro' },
      { kind: 'responded', who: null, from: null, to: null },
      { kind: 'visibility', field: null, from: null, to: null },
    ]);
  });

  test('in an update that left out what was before', () => {
    const kinds = ['moved', 'description', 'invited'];
    expect(describeChange(changeOf(null, REVIEW, { kinds, omitted: ['before'] }))).toEqual([
      { kind: 'moved', from: null, to: at(7, '10:00') },
      { kind: 'description', from: null, to: null },
      { kind: 'invited', who: null },
    ]);
  });
});

test('a message of an earlier version, without kinds, is described by its items', () => {
  const change = changeOf(REVIEW, { ...REVIEW, summary: 'Retro' }, { kinds: [] });
  expect(describeChange(change)).toEqual([{ kind: 'renamed', from: 'Review', to: 'Retro' }]);
});

test('a kind of a later version is passed over', () => {
  const change = changeOf(REVIEW, { ...REVIEW, summary: 'Retro' }, { kinds: ['renamed', 'archived'] });
  expect(describeChange(change).map(({ kind }) => kind)).toEqual(['renamed']);
});
