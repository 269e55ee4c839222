import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ADA, BOB, type Emulated, startEmulated } from '../../support/emulator/emulated.ts';
import { listAll } from '../../support/emulator/pages.ts';

let running: Emulated;

beforeEach(async () => {
  running = await startEmulated();
});
afterEach(() => running.stop());

// The client library does not have working hours yet.
async function send(method: string, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { Authorization: `Bearer ${ADA}` };
  const url = `${running.emulator.url}/calendar/v3/calendars${path}`;
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  return z.looseObject({}).parse(await answer.json());
}
const patch = (workingHours: unknown) => send('PATCH', '/primary', { workingHours });
const move = () => running.ada.calendars.patch({ calendarId: ADA, requestBody: { timeZone: 'Asia/Tokyo' } });
const ids = async (query: object) => (await listAll(running.ada, ADA, query)).items.map(({ id }) => id);

describe('working hours', () => {
  const monday = { dayOfWeek: 'monday', periodStart: 540, periodEnd: 1020 };
  const hours = { workingHoursEnabled: true, availableTimes: [monday] };

  test('are replaced as a whole, and stay if omitted', async () => {
    expect(await patch(hours)).toMatchObject({ workingHours: hours });
    expect(await send('PUT', '/primary', { summary: 'Ada' })).toMatchObject({ workingHours: hours });
    expect(await patch(null)).toMatchObject({ workingHours: hours });
    expect(await patch({})).toMatchObject({ workingHours: hours });
    const off = { workingHoursEnabled: false };
    expect((await patch(off))['workingHours']).toEqual(off);
    const { data } = await running.ada.calendars.get({ calendarId: 'primary' });
    expect(data).toMatchObject({ workingHours: off });
    const { data: entry } = await running.ada.calendarList.get({ calendarId: 'primary' });
    expect(entry).not.toHaveProperty('workingHours');
  });

  test.each([
    ['enabled without available times', { workingHoursEnabled: true }],
    ['of an unknown day', { ...hours, availableTimes: [{ ...monday, dayOfWeek: 'MO' }] }],
    ['that end before they start', { ...hours, availableTimes: [{ ...monday, periodEnd: 480 }] }],
    ['beyond midnight', { ...hours, availableTimes: [{ ...monday, periodEnd: 1441 }] }],
  ])('%s are rejected', async (_, workingHours) => {
    expect(await patch(workingHours)).toMatchObject({ error: { code: 400 } });
  });

  test('of a secondary calendar are rejected', async () => {
    const body = { summary: 'Team', workingHours: hours };
    expect(await send('POST', '', body)).toMatchObject({ error: { code: 400 } });
    const { id } = await send('POST', '', { summary: 'Team' });
    expect(await send('PATCH', `/${String(id)}`, body)).toMatchObject({ error: { code: 400 } });
  });
});

test.each(['red', '#12', '', '#0088aaff'])(
  'the colour %j of a label is rejected',
  async (backgroundColor) => {
    const labelProperties = { eventLabels: [{ backgroundColor }] };
    expect(await send('PATCH', '/primary', { labelProperties })).toMatchObject({ error: { code: 400 } });
  },
);

describe('a change of the time zone', () => {
  const wholeDay = { id: 'holidai', start: { date: '2030-01-02' }, end: { date: '2030-01-03' } };

  beforeEach(async () => {
    const nine = { dateTime: '2030-01-02T09:00:00Z' };
    await running.ada.events.insert({ calendarId: ADA, requestBody: wholeDay });
    await running.ada.events.insert({
      calendarId: ADA,
      requestBody: { id: 'lunch', start: nine, end: nine },
    });
  });

  test('appears in event lists: in the envelope and in the offsets of times', async () => {
    const before = (await running.ada.events.get({ calendarId: ADA, eventId: 'lunch' })).data;
    await move();
    const { data } = await running.ada.events.list({ calendarId: ADA });
    expect(data.timeZone).toBe('Asia/Tokyo');
    const start = { dateTime: '2030-01-02T18:00:00+09:00', timeZone: 'UTC' };
    expect(data.items?.[1]).toEqual({ ...before, start, end: start });
  });

  test('moves all-day events in windows, in those of sync tokens, and in free/busy', async () => {
    const evening = { timeMin: '2030-01-01T15:00:00Z', timeMax: '2030-01-01T20:00:00Z' };
    const { syncToken } = await listAll(running.ada, ADA, evening);
    expect(await ids(evening)).toEqual([]);
    await move();
    expect(await ids(evening)).toEqual(['holidai']);
    await running.ada.events.patch({
      calendarId: ADA,
      eventId: 'holidai',
      requestBody: { summary: 'New year' },
    });
    expect(await ids({ syncToken })).toEqual(['holidai']);
    const { data } = await running.ada.freebusy.query({ requestBody: { ...evening, items: [{ id: ADA }] } });
    expect(data.calendars?.[ADA]?.busy).toEqual([{ start: evening.timeMin, end: evening.timeMax }]);
  });

  test('appears in all users’ lists, but not in incremental lists, and notifies no channel', async () => {
    await running.ada.acl.insert({
      calendarId: ADA,
      requestBody: { role: 'reader', scope: { type: 'user', value: BOB } },
    });
    await running.bob.calendarList.insert({ requestBody: { id: ADA } });
    const lists = await Promise.all([running.ada.calendarList.list(), running.bob.calendarList.list()]);
    const events = await listAll(running.ada, ADA);
    await running.ada.events.watch({ calendarId: ADA, requestBody: running.channel() });
    await running.bob.calendarList.watch({ requestBody: running.channel() });
    await running.emulator.settle();
    const received = running.receiver.received.length;

    await move();
    await running.emulator.settle();
    for (const [index, client] of [running.ada, running.bob].entries()) {
      expect((await client.calendarList.get({ calendarId: ADA })).data.timeZone).toBe('Asia/Tokyo');
      const syncToken = lists[index]?.data.nextSyncToken ?? '';
      expect((await client.calendarList.list({ syncToken })).data.items).toEqual([]);
    }
    expect(await ids({ syncToken: events.syncToken })).toEqual([]);
    expect(running.receiver.received).toHaveLength(received);
  });
});
