import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clientOf, refusal } from '../../support/emulator/client.ts';
import { ADA, BOB, type Emulated, startEmulated } from '../../support/emulator/emulated.ts';
import { listAll } from '../../support/emulator/pages.ts';

let running: Emulated;
let team: string;

beforeEach(async () => {
  running = await startEmulated();
  await running.bob.settings.list();
  const { data } = await running.ada.calendars.insert({ requestBody: { summary: 'Team' } });
  team = data.id ?? '';
});
afterEach(() => running.stop());

const timed = {
  start: { dateTime: '2030-01-01T09:00:00Z' },
  end: { dateTime: '2030-01-01T10:00:00Z' },
};
const share = async (role: string, scope: object = { type: 'user', value: BOB }) =>
  (await running.ada.acl.insert({ calendarId: team, requestBody: { role, scope } })).data;
const add = (requestBody: object = {}) =>
  running.ada.events.insert({ calendarId: team, requestBody: { ...timed, summary: 'Plan', ...requestBody } });
const requiredAccessLevel = { status: 403, reason: 'requiredAccessLevel' };

describe('a calendar', () => {
  test('that is not shared does not exist for others', async () => {
    expect(await refusal(listAll(running.bob, team))).toMatchObject({ status: 404, reason: 'notFound' });
    expect(await refusal(running.bob.calendars.get({ calendarId: team }))).toMatchObject({ status: 404 });
    const entry = running.bob.calendarList.insert({ requestBody: { id: team } });
    expect(await refusal(entry)).toMatchObject({ status: 404 });
  });

  test.each([
    ['with everyone', { type: 'default' }],
    ['with a domain', { type: 'domain', value: 'example.com' }],
    ['with a user', { type: 'user', value: BOB }],
  ])('can be shared %s', async (_, scope) => {
    await share('reader', scope);
    await add();
    expect((await listAll(running.bob, team)).items).toMatchObject([{ summary: 'Plan' }]);
  });

  test('can be written by writers only, who also read its rules', async () => {
    await share('reader');
    const write = () => running.bob.events.insert({ calendarId: team, requestBody: timed });
    expect(await refusal(write())).toMatchObject(requiredAccessLevel);
    expect(await refusal(running.bob.acl.list({ calendarId: team }))).toMatchObject(requiredAccessLevel);
    await share('writer');
    expect((await write()).data.creator?.email).toBe(BOB);
    expect((await running.bob.acl.list({ calendarId: team })).data.items).toHaveLength(2);
  });

  test('shows only times to free/busy readers, and private events to writers only', async () => {
    await add({ id: 'secret', visibility: 'private' });
    await add({ id: 'plain', transparency: 'transparent' });
    await share('freeBusyReader');
    const { items } = await listAll(running.bob, team);
    expect(items.map((item) => [item.id, item.summary, item.visibility])).toEqual([
      ['secret', undefined, 'private'],
      ['plain', undefined, 'private'],
    ]);
    const summaries = async () => (await listAll(running.bob, team)).items.map(({ summary }) => summary);
    await share('reader');
    expect(await summaries()).toEqual([undefined, 'Plan']);
    await share('writerWithoutPrivateAccess');
    expect(await summaries()).toEqual([undefined, 'Plan']);
    const patch = { calendarId: team, eventId: 'secret', requestBody: { summary: 'Known' } };
    expect(await refusal(running.bob.events.patch(patch))).toMatchObject({
      status: 403,
      reason: 'forbidden',
    });
    await share('writer');
    expect(await summaries()).toEqual(['Plan', 'Plan']);
  });

  test('is removed from the list of a user who loses access, also in incremental lists', async () => {
    const rule = await share('reader');
    await running.bob.calendarList.insert({ requestBody: { id: team } });
    const { data: full } = await running.bob.calendarList.list();
    expect(full.items?.map(({ id, accessRole }) => [id, accessRole])).toEqual([
      [BOB, 'owner'],
      [team, 'reader'],
    ]);
    await running.ada.acl.delete({ calendarId: team, ruleId: rule.id ?? '' });
    const { data } = await running.bob.calendarList.list({ syncToken: full.nextSyncToken ?? '' });
    expect(data.items).toMatchObject([{ id: team, deleted: true }]);
    expect(await refusal(listAll(running.bob, team))).toMatchObject({ status: 404 });
  });
});

describe('rules', () => {
  test('that were deleted have the role none', async () => {
    const rule = await share('reader');
    const { data: full } = await running.ada.acl.list({ calendarId: team });
    await running.ada.acl.delete({ calendarId: team, ruleId: rule.id ?? '' });
    const gone = [{ id: `user:${BOB}`, role: 'none' }];
    const next = { calendarId: team, syncToken: full.nextSyncToken ?? '' };
    expect((await running.ada.acl.list(next)).data.items).toMatchObject(gone);
    expect((await running.ada.acl.list({ calendarId: team })).data.items).toHaveLength(1);
    const all = await running.ada.acl.list({ calendarId: team, showDeleted: true });
    expect(all.data.items).toMatchObject([{ role: 'owner' }, ...gone]);
    expect(await refusal(running.ada.acl.list({ ...next, showDeleted: false }))).toMatchObject({
      status: 400,
    });
    const get = running.ada.acl.get({ calendarId: team, ruleId: rule.id ?? '' });
    expect(await refusal(get)).toMatchObject({ status: 404 });
  });

  test('can be changed by patch and update, but not to another scope', async () => {
    const { id } = await share('reader');
    const which = { calendarId: team, ruleId: id ?? '' };
    expect((await running.ada.acl.patch({ ...which, requestBody: { role: 'writer' } })).data.role).toBe(
      'writer',
    );
    expect((await running.ada.acl.update({ ...which, requestBody: { role: 'reader' } })).data.role).toBe(
      'reader',
    );
    const moved = running.ada.acl.patch({ ...which, requestBody: { scope: { type: 'default' } } });
    expect(await refusal(moved)).toMatchObject({ status: 400 });
  });

  test.each([
    ['no role', { scope: { type: 'default' } }, 400],
    ['no scope', { role: 'reader' }, 400],
    ['a scope without a type', { role: 'reader', scope: { value: BOB } }, 400],
    ['an empty scope', { role: 'reader', scope: {} }, 400],
    ['a user without an address', { role: 'reader', scope: { type: 'user' } }, 400],
    ['a domain that is an address', { role: 'reader', scope: { type: 'domain', value: BOB } }, 400],
    ['a domain with a space', { role: 'reader', scope: { type: 'domain', value: 'a b' } }, 400],
    ['an unknown role', { role: 'king', scope: { type: 'default' } }, 400],
    ['less than ownership for the data owner', { role: 'reader', scope: { type: 'user', value: ADA } }, 403],
  ])('with %s are rejected', async (_, requestBody, status) => {
    expect(await refusal(running.ada.acl.insert({ calendarId: team, requestBody }))).toMatchObject({
      status,
    });
  });
});

const invite = async (fields: object = {}) =>
  (
    await running.ada.events.insert({
      calendarId: 'primary',
      requestBody: {
        id: 'meet0',
        summary: 'Meet',
        attendees: [{ email: ADA }, { email: BOB }],
        ...timed,
        ...fields,
      },
    })
  ).data;
const bobs = async () => (await running.bob.events.get({ calendarId: 'primary', eventId: 'meet0' })).data;
const patchAs = (client: Emulated['bob'], requestBody: object) =>
  client.events.patch({ calendarId: 'primary', eventId: 'meet0', requestBody });

describe('an invitation', () => {
  test('puts a copy on each attendee’s calendar, which follows the original', async () => {
    await invite();
    const copy = await bobs();
    expect(copy.organizer).toEqual({ email: ADA });
    expect(copy.attendees).toMatchObject([
      { email: ADA, organizer: true },
      { email: BOB, self: true, responseStatus: 'needsAction' },
    ]);
    await patchAs(running.ada, { summary: 'Meet later' });
    expect((await bobs()).summary).toBe('Meet later');
  });

  test('has responses that all attendees see', async () => {
    await invite();
    await patchAs(running.bob, {
      attendeesOmitted: true,
      attendees: [{ email: BOB, responseStatus: 'accepted' }],
    });
    const { data } = await running.ada.events.get({ calendarId: 'primary', eventId: 'meet0' });
    expect(data.attendees).toMatchObject([{ email: ADA }, { email: BOB, responseStatus: 'accepted' }]);
  });

  test('can be changed for all by its organizer only, and by attendees for themselves', async () => {
    await invite();
    expect(await refusal(patchAs(running.bob, { summary: 'Mine' }))).toMatchObject({
      status: 403,
      reason: 'forbiddenForNonOrganizer',
    });
    await patchAs(running.bob, { colorId: '3' });
    expect((await bobs()).colorId).toBe('3');
    await patchAs(running.ada, { summary: 'Meet later' });
    expect(await bobs()).toMatchObject({ summary: 'Meet later', colorId: '3' });
  });

  test('can be changed by attendees if the organizer allows it', async () => {
    await invite({ guestsCanModify: true });
    await patchAs(running.bob, { summary: 'Ours' });
    const { data } = await running.ada.events.get({ calendarId: 'primary', eventId: 'meet0' });
    expect(data.summary).toBe('Ours');
  });

  test('that is withdrawn leaves only the id to the attendee', async () => {
    await invite();
    await running.ada.events.delete({ calendarId: 'primary', eventId: 'meet0' });
    expect(await bobs()).toEqual({
      kind: 'calendar#event',
      etag: expect.any(String),
      id: 'meet0',
      status: 'cancelled',
    });
  });

  test('that an attendee deletes is declined, and does not return with the next edit', async () => {
    await invite();
    await running.bob.events.delete({ calendarId: 'primary', eventId: 'meet0' });
    const { data } = await running.ada.events.get({ calendarId: 'primary', eventId: 'meet0' });
    expect(data.attendees).toMatchObject([{}, { email: BOB, responseStatus: 'declined' }]);
    await patchAs(running.ada, { summary: 'Meet later' });
    expect(await bobs()).toMatchObject({ status: 'cancelled', summary: 'Meet' });
  });

  test('hides the other attendees if the organizer wants that', async () => {
    await invite({ guestsCanSeeOtherGuests: false });
    expect(await bobs()).toMatchObject({ attendees: [{ email: BOB, self: true }], attendeesOmitted: true });
  });
});

test('reminders belong to each user', async () => {
  await share('writer');
  await add({ id: 'plan0' });
  const which = { calendarId: team, eventId: 'plan0' };
  await running.bob.events.patch({ ...which, requestBody: { reminders: { useDefault: false } } });
  expect((await running.bob.events.get(which)).data.reminders).toEqual({ useDefault: false });
  expect((await running.ada.events.get(which)).data.reminders).toEqual({ useDefault: true });
});

test('a rule for a domain grants nothing to an account of another domain', async () => {
  await share('reader', { type: 'domain', value: 'example.com' });
  const eve = clientOf(running.emulator.url, 'eve@example.org');
  expect(await refusal(listAll(eve, team))).toMatchObject({ status: 404 });
});
