/** What each role on a calendar allows, see https://developers.google.com/workspace/calendar/api/v3/reference/acl. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ADA, BOB, TEAM, people } from '../../support/emulator/people.ts';

let { call, insert, share, update, read } = people();
beforeEach(() => {
  ({ call, insert, share, update, read } = people());
});

const params = { calendarId: TEAM };
const rule = { role: 'reader', scope: { type: 'default' } };
const roles = ['none', 'freeBusyReader', 'reader', 'writerWithoutPrivateAccess', 'writer', 'owner'];
const rank = (role: string) => roles.indexOf(role);

describe.each<[role: string, method: string, given: object]>([
  ['freeBusyReader', 'events.list', {}],
  ['freeBusyReader', 'calendars.get', {}],
  ['writerWithoutPrivateAccess', 'events.quickAdd', { query: { text: 'Lunch' } }],
  ['writer', 'acl.list', {}],
  ['writer', 'acl.get', { params: { ...params, ruleId: `user:${BOB}` } }],
  ['owner', 'acl.insert', { body: rule }],
  ['owner', 'acl.patch', { params: { ...params, ruleId: `user:${BOB}` }, body: { role: 'owner' } }],
  ['owner', 'acl.delete', { params: { ...params, ruleId: `user:${BOB}` } }],
  ['owner', 'calendars.patch', { body: { summary: 'Ours' } }],
])('%s is enough for %s', (role, method, given) => {
  test.each(roles)('as %s', async (own) => {
    await share(own);
    const { status } = await call(BOB, method, { params, ...given });
    const answer = status < 300 ? 'allowed' : status;
    expect(answer).toBe(own === 'none' ? 404 : rank(own) < rank(role) ? 403 : 'allowed');
  });
});

/** Returns what Bob finds on the team's calendar. */
const found = async (query: object): Promise<unknown> =>
  (await call(BOB, 'events.list', { params, query: { ...query } })).body['items'];

describe('a private event', () => {
  const private0 = {
    id: 'secret',
    summary: 'Surprise',
    visibility: 'private',
    extendedProperties: { private: { a: '1' }, shared: { b: '2' } },
  };
  test.each([[{ q: 'surprise' }], [{ privateExtendedProperty: 'a=1' }], [{ sharedExtendedProperty: 'b=2' }]])(
    'is found by what it contains only if that is visible: %j',
    async (query) => {
      await insert(ADA, private0, { on: TEAM });
      await share('reader');
      expect(await found(query)).toEqual([]);
      await share('writer');
      expect(await found(query)).toMatchObject([{ id: 'secret' }]);
    },
  );

  test('is found by its type and iCalUID as it is listed', async () => {
    await insert(ADA, private0, { on: TEAM });
    await share('reader');
    expect(await found({ eventTypes: 'default' })).toMatchObject([{ id: 'secret' }]);
    expect(await found({ iCalUID: 'secret@google.com' })).toMatchObject([{ id: 'secret' }]);
  });
});

test('the source of an event is seen and changed by its creator only', async () => {
  const source = { url: 'https://example.com/', title: 'Example' };
  await insert(ADA, { id: 'plan0', source }, { on: TEAM });
  await share('writer');
  const seen = await read(BOB, 'plan0', TEAM);
  expect(seen).not.toHaveProperty('source');
  await update(BOB, 'plan0', { ...seen, summary: 'Plan' }, { on: TEAM });
  await update(BOB, 'plan0', { ...seen, source: { url: 'https://example.org/' } }, { on: TEAM });
  expect(await read(ADA, 'plan0', TEAM)).toMatchObject({ source });
});
