import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../../support/emulator/client.ts';
import { ADA, BOB, type Emulated, startEmulated } from '../../support/emulator/emulated.ts';
import { listAll } from '../../support/emulator/pages.ts';

let running: Emulated;

beforeEach(async () => {
  running = await startEmulated();
});
afterEach(() => running.stop());

const create = async (summary = 'Work') =>
  (await running.ada.calendars.insert({ requestBody: { summary } })).data.id ?? '';
const entries = async (parameters: object = {}) => (await running.ada.calendarList.list(parameters)).data;

describe('calendars', () => {
  test('exist for every account: a primary one with its address as id', async () => {
    const { data } = await running.ada.calendars.get({ calendarId: 'primary' });
    expect(data).toMatchObject({ kind: 'calendar#calendar', id: ADA, summary: ADA, timeZone: 'UTC' });
    expect(data).not.toHaveProperty('dataOwner');
  });

  test('can be patched and updated', async () => {
    const calendarId = await create();
    await running.ada.calendars.patch({
      calendarId,
      requestBody: { location: 'Bern', timeZone: 'Europe/Zurich' },
    });
    const { data } = await running.ada.calendars.update({ calendarId, requestBody: { summary: 'New' } });
    expect(data).toMatchObject({ summary: 'New', timeZone: 'Europe/Zurich', dataOwner: ADA });
    expect(data).not.toHaveProperty('location');
  });

  test.each([
    ['no title', {}],
    ['an unknown time zone', { summary: 'Work', timeZone: 'Mars/Base' }],
  ])('with %s are rejected', async (_, requestBody) => {
    expect(await refusal(running.ada.calendars.insert({ requestBody }))).toMatchObject({ status: 400 });
  });

  test('can be deleted, which removes them from lists; the primary one cannot', async () => {
    const calendarId = await create();
    const { nextSyncToken } = await entries();
    await running.ada.calendars.delete({ calendarId });
    expect((await entries({ syncToken: nextSyncToken })).items).toMatchObject([
      { id: calendarId, deleted: true },
    ]);
    expect(await refusal(listAll(running.ada, calendarId))).toMatchObject({ status: 404 });
    expect(await refusal(running.ada.calendars.delete({ calendarId: 'primary' }))).toMatchObject({
      status: 400,
    });
  });

  test('can be cleared if they are primary', async () => {
    const requestBody = { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };
    await running.ada.events.insert({ calendarId: 'primary', requestBody });
    await running.ada.calendars.clear({ calendarId: 'primary' });
    expect((await listAll(running.ada, 'primary')).items).toEqual([]);
    const calendarId = await create();
    expect(await refusal(running.ada.calendars.clear({ calendarId }))).toMatchObject({ status: 400 });
  });
});

describe('the calendar list', () => {
  test('has the user’s own calendars from the start', async () => {
    const work = await create();
    expect((await entries()).items).toMatchObject([
      { id: ADA, primary: true, accessRole: 'owner', selected: true },
      { id: work, accessRole: 'owner', summary: 'Work', dataOwner: ADA },
    ]);
  });

  test('shows hidden entries on request, and in every incremental list', async () => {
    const calendarId = await create();
    const { nextSyncToken } = await entries();
    await running.ada.calendarList.patch({ calendarId, requestBody: { hidden: true } });
    expect((await entries()).items).toHaveLength(1);
    expect((await entries({ showHidden: true })).items).toHaveLength(2);
    expect((await entries({ syncToken: nextSyncToken })).items).toMatchObject([
      { id: calendarId, hidden: true },
    ]);
  });

  test.each([[{ showHidden: false }], [{ showDeleted: false }], [{ minAccessRole: 'owner' }]])(
    'rejects %j with a sync token',
    async (parameters) => {
      const { nextSyncToken } = await entries();
      const list = entries({ syncToken: nextSyncToken, ...parameters });
      expect(await refusal(list)).toMatchObject({ status: 400 });
    },
  );

  test('does not report changes of the calendar itself in incremental lists', async () => {
    const calendarId = await create();
    const { nextSyncToken } = await entries();
    await running.ada.calendars.patch({ calendarId, requestBody: { summary: 'Play' } });
    expect((await entries({ syncToken: nextSyncToken })).items).toEqual([]);
    expect((await entries()).items?.at(-1)?.summary).toBe('Play');
  });

  test('can lose and regain entries, except the user’s own calendars', async () => {
    const calendarId = await create();
    const scope = { type: 'user', value: BOB };
    await running.ada.acl.insert({ calendarId, requestBody: { role: 'owner', scope } });
    const { calendarList } = running.bob;
    await calendarList.insert({ requestBody: { id: calendarId } });
    await calendarList.delete({ calendarId });
    expect(await refusal(calendarList.get({ calendarId }))).toMatchObject({ status: 404 });
    expect((await calendarList.list({ showDeleted: true })).data.items).toMatchObject([
      { id: BOB },
      { id: calendarId, deleted: true },
    ]);
    await calendarList.insert({ requestBody: { id: calendarId, summaryOverride: 'Mine' } });
    expect((await calendarList.get({ calendarId })).data.summaryOverride).toBe('Mine');
    for (const own of [calendarId, 'primary', ADA]) {
      // oxlint-disable-next-line no-await-in-loop -- one call after the other
      expect(await refusal(running.ada.calendarList.delete({ calendarId: own }))).toMatchObject({
        status: 403,
        reason: 'forbidden',
      });
    }
  });

  test('accepts colours by number, or by value with colorRgbFormat', async () => {
    const calendarId = await create();
    const patch = async (requestBody: object, colorRgbFormat = false) =>
      (await running.ada.calendarList.patch({ calendarId, requestBody, colorRgbFormat })).data;
    expect(await patch({ colorId: '2' })).toMatchObject({ colorId: '2', backgroundColor: '#d06b64' });
    expect(await patch({ backgroundColor: '#f83a23' }, true)).toMatchObject({
      colorId: '3',
      backgroundColor: '#f83a23',
    });
    for (const colorId of ['25', 'constructor'])
      expect(await refusal(patch({ colorId }))).toMatchObject({ status: 400 });
  });
});

describe('settings', () => {
  test('can be listed and read, and appear in incremental lists when changed', async () => {
    const { data: full } = await running.ada.settings.list();
    expect(full.items?.find(({ id }) => id === 'timezone')?.value).toBe('UTC');
    running.emulator.store.setSetting(ADA, 'locale', 'de');
    running.emulator.store.setSetting(ADA, 'weekStart', '0');
    const { data } = await running.ada.settings.list({ syncToken: full.nextSyncToken ?? '' });
    expect(data.items).toMatchObject([{ kind: 'calendar#setting', id: 'locale', value: 'de' }]);
    expect((await running.ada.settings.get({ setting: 'locale' })).data.value).toBe('de');
    expect(await refusal(running.ada.settings.get({ setting: 'nothing' }))).toMatchObject({ status: 404 });
  });
});

test('colors are numbered', async () => {
  const { data } = await running.ada.colors.get();
  expect(Object.keys(data.calendar ?? {})).toHaveLength(24);
  expect(data.event?.['11']?.background).toBe('#dc2127');
});

const query = async (requestBody: object) => (await running.ada.freebusy.query({ requestBody })).data;
const day = { timeMin: '2030-01-01T00:00:00Z', timeMax: '2030-01-02T00:00:00Z' };
const event = (start: string, end: string, fields: object = {}) =>
  running.ada.events.insert({
    calendarId: 'primary',
    requestBody: {
      start: { dateTime: `2030-01-01T${start}:00Z` },
      end: { dateTime: `2030-01-01T${end}:00Z` },
      ...fields,
    },
  });

describe('free/busy', () => {
  test('merges adjacent spans, and omits events that are not busy', async () => {
    await event('09:00', '10:00');
    await event('10:00', '11:00');
    await event('12:00', '13:00', { transparency: 'transparent' });
    await event('14:00', '15:00', { attendees: [{ email: ADA, responseStatus: 'declined' }] });
    const { calendars } = await query({ ...day, items: [{ id: 'primary' }, { id: 'unknown@example.com' }] });
    expect(calendars).toEqual({
      primary: { busy: [{ start: '2030-01-01T09:00:00Z', end: '2030-01-01T11:00:00Z' }] },
      'unknown@example.com': { busy: [], errors: [{ domain: 'global', reason: 'notFound' }] },
    });
  });

  test('rejects an empty window, one of more than three months, and too many calendars', async () => {
    const empty = query({ timeMin: day.timeMax, timeMax: day.timeMin, items: [] });
    expect(await refusal(empty)).toMatchObject({ reason: 'timeRangeEmpty' });
    const months = { timeMin: '2030-01-01T00:00:00Z', items: [] };
    await query({ ...months, timeMax: '2030-04-03T00:00:00Z' });
    const tooLong = await refusal(query({ ...months, timeMax: '2030-04-03T00:00:01Z' }));
    expect(tooLong).toMatchObject({ status: 400, reason: 'timeRangeTooLong' });
    const { calendars } = await query({ ...day, calendarExpansionMax: 0, items: [{ id: 'primary' }] });
    expect(calendars?.['primary']?.errors).toMatchObject([{ reason: 'tooManyCalendarsRequested' }]);
  });
});
