import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isDeleted,
  isInCalendar,
  listQuery,
  quotaUser,
  RESOURCES,
  watchQuery,
} from '../../../../functions/calendar/resources.ts';

const ALL = { singleEvents: false, eventTypes: [] };
const SOME = { singleEvents: true, eventTypes: ['default', 'birthday'] } as const;

describe('the query of a list', () => {
  test.each([
    ['events', ALL, { maxResults: 500 }],
    ['events', SOME, { maxResults: 500, singleEvents: true, eventTypes: ['default', 'birthday'] }],
    ['calendarList', ALL, { maxResults: 250, showHidden: true }],
    ['acl', ALL, { maxResults: 250 }],
    ['settings', ALL, { maxResults: 250 }],
  ] as const)('of %s with %j asks for what is mirrored', (resource, parameters, query) => {
    expect(listQuery(resource, parameters)).toEqual(query);
  });
});

describe('the query of a watch call', () => {
  test.each([
    ['events', ALL, {}],
    ['events', SOME, { eventTypes: ['default', 'birthday'] }],
    ['acl', SOME, {}],
  ] as const)('of %s with %j names what is listed', (resource, parameters, query) => {
    expect(watchQuery(resource, parameters)).toEqual(query);
  });
});

test('events and ACL rules belong to a calendar, the rest do not', () => {
  expect(RESOURCES.filter(isInCalendar)).toEqual(['events', 'acl']);
});

test.each([
  [{ status: 'cancelled' }, ['events']],
  [{ role: 'none' }, ['acl']],
  [{ deleted: true }, ['calendarList']],
  [{ status: 'confirmed', role: 'reader', deleted: false }, []],
])('%j marks an item as deleted for %j', (fields, resources) => {
  expect(RESOURCES.filter((resource) => isDeleted(resource, { id: 'a', ...fields }))).toEqual(resources);
});

test('the quotaUser is a stable hash of 40 characters, not the address', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (user) => {
      expect(quotaUser(user)).toMatch(/^[0-9a-f]{40}$/);
      expect(quotaUser(user)).toBe(quotaUser(user));
      expect(quotaUser(user)).not.toBe(quotaUser(`${user}.example`));
    }),
  );
});
