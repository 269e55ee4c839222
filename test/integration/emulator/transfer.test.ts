/** calendars.transferOwnership: who may, what is refused, and what becomes of rules, lists, tokens and channels. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clientOf, refusal } from '../../support/emulator/client.ts';
import { ADA, BOB, type Emulated, startEmulated } from '../../support/emulator/emulated.ts';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';

const ROOT = 'root@example.com';
const FOREIGN = 'eve@example.org';

let running: Emulated;
let root: calendar_v3.Calendar;
let team: string;

beforeEach(async () => {
  const users = [
    { email: ADA },
    { email: BOB },
    { email: ROOT, admin: true },
    { email: FOREIGN, admin: true },
  ];
  running = await startEmulated({ initial: { users } });
  root = clientOf(running.emulator.url, ROOT);
  const { data } = await running.ada.calendars.insert({ requestBody: { summary: 'Team' } });
  team = data.id ?? '';
});
afterEach(() => running.stop());

interface Transfer {
  readonly calendarId?: string;
  readonly newDataOwner?: string;
  readonly useAdminAccess?: boolean;
}

const transfer = (client: calendar_v3.Calendar, parameters: Transfer = {}) =>
  client.calendars.transferOwnership({
    calendarId: team,
    newDataOwner: BOB,
    useAdminAccess: true,
    ...parameters,
  });

const demote = (client: calendar_v3.Calendar, ruleId: string) =>
  client.acl.patch({ calendarId: team, ruleId, requestBody: { role: 'reader' } });

const rolesOf = async (client: calendar_v3.Calendar) => {
  const { items = [] } = (await client.acl.list({ calendarId: team })).data;
  return Object.fromEntries(items.map(({ id, role }) => [id, role]));
};

describe('a transfer', () => {
  test('answers 204, makes the new owner the data owner, and leaves the one before an owner', async () => {
    expect(await transfer(root)).toMatchObject({ status: 204 });
    expect((await running.bob.calendars.get({ calendarId: team })).data.dataOwner).toBe(BOB);
    expect((await running.ada.calendarList.get({ calendarId: team })).data.dataOwner).toBe(BOB);
    expect(await rolesOf(running.bob)).toEqual({ [`user:${ADA}`]: 'owner', [`user:${BOB}`]: 'owner' });
  });

  test('is from then on the protection of the new owner’s rule, and of no other', async () => {
    await transfer(root);
    expect(await refusal(demote(running.bob, `user:${BOB}`))).toMatchObject({
      reason: 'cannotChangeOwnerAcl',
    });
    expect((await demote(running.bob, `user:${ADA}`)).data.role).toBe('reader');
  });

  test('puts the calendar on the new owner’s list, where their incremental list has it', async () => {
    const before = await running.bob.calendarList.list();
    await transfer(root);
    const { data } = await running.bob.calendarList.list({ syncToken: before.data.nextSyncToken ?? '' });
    expect(data.items).toMatchObject([{ id: team, accessRole: 'owner', dataOwner: BOB, selected: true }]);
  });

  test('keeps what the new owner has on the list already', async () => {
    await running.ada.acl.insert({
      calendarId: team,
      requestBody: { role: 'reader', scope: { type: 'user', value: BOB } },
    });
    await running.bob.calendarList.insert({
      requestBody: { id: team, colorId: '7', summaryOverride: 'Ours' },
    });
    await transfer(root);
    expect((await running.bob.calendarList.get({ calendarId: team })).data).toMatchObject({
      colorId: '7',
      summaryOverride: 'Ours',
      accessRole: 'owner',
    });
  });

  test('expires the sync tokens of the user whose role it changes, and of no other', async () => {
    await running.ada.acl.insert({
      calendarId: team,
      requestBody: { role: 'reader', scope: { type: 'user', value: BOB } },
    });
    const [adas, bobs] = await Promise.all(
      [running.ada, running.bob].map(async (client) => (await client.events.list({ calendarId: team })).data),
    );
    await transfer(root);
    const again = running.bob.events.list({ calendarId: team, syncToken: bobs?.nextSyncToken ?? '' });
    expect(await refusal(again)).toMatchObject({ status: 410, reason: 'fullSyncRequired' });
    const { data } = await running.ada.events.list({
      calendarId: team,
      syncToken: adas?.nextSyncToken ?? '',
    });
    expect(data.items).toEqual([]);
  });

  test('notifies channels of the rules and of the new owner’s list, as the same changes by hand do', async () => {
    await running.ada.acl.watch({ calendarId: team, requestBody: running.channel({ id: 'rules' }) });
    await running.ada.calendarList.watch({ requestBody: running.channel({ id: 'adas-list' }) });
    await running.bob.calendarList.watch({ requestBody: running.channel({ id: 'bobs-list' }) });
    await transfer(root);
    await running.emulator.settle();
    const [request] = running.emulator.journal.requests({ method: 'calendar.calendars.transferOwnership' });
    const sent = running.emulator.journal.notifications({ state: 'exists' });
    expect(sent.map(({ channelId }) => channelId).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'bobs-list',
      'rules',
    ]);
    expect(new Set(sent.map(({ cause }) => cause))).toEqual(new Set([request?.id]));
  });

  test('to the data owner changes nothing', async () => {
    await running.ada.acl.watch({ calendarId: team, requestBody: running.channel() });
    expect(await transfer(root, { newDataOwner: ADA.toUpperCase() })).toMatchObject({ status: 204 });
    await running.emulator.settle();
    expect(running.emulator.journal.notifications({ state: 'exists' })).toEqual([]);
  });

  test('lets only the new data owner delete the calendar', async () => {
    await transfer(root);
    expect(await refusal(running.ada.calendars.delete({ calendarId: team }))).toMatchObject({
      status: 403,
      reason: 'forbidden',
    });
    expect(await running.bob.calendars.delete({ calendarId: team })).toMatchObject({ status: 204 });
  });
});

describe('a transfer is rejected', () => {
  test.each([
    ['without a new owner', { newDataOwner: '' }, 400, 'required'],
    ['without admin access', { useAdminAccess: false }, 400, 'invalid'],
    ['of a primary calendar', { calendarId: ADA }, 400, 'invalid'],
    ['of the caller’s primary calendar', { calendarId: 'primary' }, 400, 'invalid'],
    ['of an unknown calendar', { calendarId: 'unknown@group.calendar.google.com' }, 404, 'notFound'],
    ['to a user of another organization', { newDataOwner: FOREIGN }, 400, 'invalid'],
    ['to an address without an account', { newDataOwner: 'carl@example.com' }, 400, 'invalid'],
    ['to what is not an address', { newDataOwner: 'example.com' }, 400, 'invalid'],
  ])('%s', async (_, parameters: Transfer, status, reason) => {
    expect(await refusal(transfer(root, parameters))).toMatchObject({ status, reason });
    expect((await running.ada.calendars.get({ calendarId: team })).data.dataOwner).toBe(ADA);
  });

  test('without the parameter useAdminAccess', async () => {
    const url = `${running.emulator.url}/calendar/v3/calendars/${team}/transferOwnership?newDataOwner=${BOB}`;
    const answer = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${ROOT}` } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { errors: [{ reason: 'required', location: 'useAdminAccess' }] },
    });
  });

  test('for a user without the privilege, even the data owner', async () => {
    expect(await refusal(transfer(running.ada))).toMatchObject({ status: 403, reason: 'forbidden' });
  });

  test('for an administrator of another organization', async () => {
    const eve = clientOf(running.emulator.url, FOREIGN);
    expect(await refusal(transfer(eve))).toMatchObject({ status: 404, reason: 'notFound' });
  });

  test('once the calendar is deleted', async () => {
    await running.ada.calendars.delete({ calendarId: team });
    expect(await refusal(transfer(root))).toMatchObject({ status: 404, reason: 'notFound' });
  });
});
