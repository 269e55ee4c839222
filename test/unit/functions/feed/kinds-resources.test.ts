/** What a change of a rule, a calendar-list entry or a setting means, and what was left out of an item. */
import { describe, expect, test } from 'vitest';
import { kindsOf, type WholeChange } from '../../../../functions/feed/kinds.ts';
import { EDITED, REVIEW, without } from '../../../support/sample-edits.ts';

type Fields = Readonly<Record<string, unknown>>;

const updated = (resource: WholeChange['resource'], before: Fields, after: Fields) =>
  kindsOf({ resource, change: 'updated', before, after });

describe('an item of another resource has the kinds of its edit', () => {
  const rule = {
    id: 'user:bo@example.com',
    etag: '"1"',
    role: 'reader',
    scope: { type: 'user', value: 'bo@example.com' },
  };
  const entry = {
    id: 'team',
    etag: '"1"',
    summary: 'Team',
    timeZone: 'Europe/Zurich',
    accessRole: 'reader',
    colorId: '3',
    hidden: true,
  };
  test.each<[string, WholeChange['resource'], Fields, Fields, readonly string[]]>([
    ['a role', 'acl', rule, { role: 'writer' }, ['role']],
    ['the etag of a rule', 'acl', rule, {}, ['role']],
    ['a role taken away', 'acl', rule, { role: 'none' }, ['revoked']],
    ['a role given again', 'acl', { ...rule, role: 'none' }, { role: 'reader' }, ['granted']],
    ['taken off the list', 'calendarList', entry, { deleted: true }, ['removed']],
    ['put on the list again', 'calendarList', { ...entry, deleted: true }, { deleted: undefined }, ['added']],
    ['a setting', 'settings', { id: 'locale', value: 'de' }, { value: 'en' }, ['value']],
    ['a name', 'calendarList', entry, { summary: 'Crew' }, ['renamed']],
    ['an own name', 'calendarList', entry, { summaryOverride: 'Us' }, ['renamed']],
    ['shown', 'calendarList', entry, { hidden: undefined }, ['shown']],
    ['hidden', 'calendarList', { ...entry, hidden: false }, { hidden: true }, ['hidden']],
    ['hidden in another form', 'calendarList', { ...entry, hidden: undefined }, { hidden: false }, ['other']],
    ['a time zone', 'calendarList', entry, { timeZone: 'UTC' }, ['timeZone']],
    ['a role in the list', 'calendarList', entry, { accessRole: 'writer' }, ['role']],
    [
      'colours',
      'calendarList',
      entry,
      { colorId: '7', backgroundColor: '#fff', foregroundColor: '#000' },
      ['appearance'],
    ],
    ['selected', 'calendarList', entry, { selected: true }, ['appearance']],
    [
      'default reminders',
      'calendarList',
      entry,
      { defaultReminders: [{ method: 'popup', minutes: 5 }] },
      ['notifications'],
    ],
    [
      'notifications',
      'calendarList',
      entry,
      { notificationSettings: { notifications: [] } },
      ['notifications'],
    ],
    ['a description', 'calendarList', entry, { description: 'of us' }, ['other']],
    ['the etag of an entry', 'calendarList', entry, {}, ['other']],
  ])('%s', (_, resource, before, edit, kinds) => {
    const after: Fields = JSON.parse(JSON.stringify({ ...before, etag: '"2"', ...edit }));
    expect(updated(resource, before, after)).toEqual(kinds);
  });

  test.each<[WholeChange['resource'], Fields, WholeChange['change'], readonly string[]]>([
    ['acl', rule, 'created', ['granted']],
    ['acl', rule, 'deleted', ['revoked']],
    ['calendarList', entry, 'created', ['added']],
    ['calendarList', entry, 'deleted', ['removed']],
    ['settings', { id: 'locale', value: 'de' }, 'created', ['value']],
    ['settings', { id: 'locale', value: 'de' }, 'deleted', ['value']],
    ['events', REVIEW, 'created', []],
    ['events', REVIEW, 'deleted', ['cancelled']],
    ['events', REVIEW, 'snapshot', []],
    ['acl', rule, 'snapshot', []],
  ])('%s %j %s', (resource, item, change, kinds) => {
    const states = change === 'deleted' ? { before: item, after: null } : { before: null, after: item };
    expect(kindsOf({ resource, change, ...states })).toEqual(kinds);
  });
});

describe('a field that was left out for its size', () => {
  test.each<[readonly string[], Fields, readonly string[]]>([
    [['description'], { summary: 'Retro', description: 'long' }, ['renamed']],
    [['description'], { description: 'long' }, ['other']],
    [['*'], { description: 'long', mood: 'calm' }, ['other']],
    [['attendees'], { location: 'Zurich' }, ['location']],
  ])('is not a change: %j', (omitted, edit, kinds) => {
    const before = omitted.includes('attendees') ? without('attendees', REVIEW) : REVIEW;
    const after = { ...REVIEW, ...EDITED, ...edit };
    expect(kindsOf({ resource: 'events', change: 'updated', before, after, omitted })).toEqual(kinds);
  });

  test.each<[WholeChange['resource'], string]>([
    ['acl', 'role'],
    ['calendarList', 'other'],
    ['settings', 'value'],
  ])('may be what changed of an item of %s that seems to be the same', (resource, kind) => {
    const item = { id: 'a' };
    const change = { resource, change: 'updated', before: item, after: item } as const;
    expect(kindsOf({ ...change, omitted: ['description'] })).toEqual([kind]);
  });
});
