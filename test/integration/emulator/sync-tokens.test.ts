import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../../support/emulator/client.ts';
import { ADA, BOB, type Emulated, startEmulated } from '../../support/emulator/emulated.ts';
import { Copy, listAll } from '../../support/emulator/pages.ts';

let running: Emulated;

beforeEach(async () => {
  running = await startEmulated({ syncTokenTtlMs: 7 * 86_400_000 });
});
afterEach(() => running.stop());

const lunch = { summary: 'Lunch', start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };
const add = (fields: object = {}) =>
  running.ada.events.insert({ calendarId: 'primary', requestBody: { ...lunch, ...fields } });
const types = (...eventTypes: string[]) => ({ eventTypes, singleEvents: true });
const fullSyncRequired = { status: 410, reason: 'fullSyncRequired' };

describe('a traversal', () => {
  test('has its sync token on the last page only', async () => {
    await Promise.all([1, 2, 3].map(() => add()));
    const first = await running.ada.events.list({ calendarId: 'primary', maxResults: 2 });
    expect(first.data.items).toHaveLength(2);
    expect(first.data.nextSyncToken).toBeUndefined();
    const second = await running.ada.events.list({
      calendarId: 'primary',
      maxResults: 2,
      pageToken: first.data.nextPageToken ?? '',
    });
    expect(second.data.items).toHaveLength(1);
    expect(second.data.nextPageToken).toBeUndefined();
    expect(second.data.nextSyncToken).toBeTruthy();
  });

  test('is frozen at its first page, and its sync token refers to that moment', async () => {
    for (const id of ['aaaaa', 'bbbbb', 'ccccc']) await add({ id });
    const first = await running.ada.events.list({ calendarId: 'primary', maxResults: 1 });
    await running.ada.events.delete({ calendarId: 'primary', eventId: 'ccccc' });
    await add({ id: 'ddddd' });
    const rest = await running.ada.events.list({
      calendarId: 'primary',
      maxResults: 10,
      pageToken: first.data.nextPageToken ?? '',
    });
    expect(rest.data.items?.map(({ id, status }) => [id, status])).toEqual([
      ['bbbbb', 'confirmed'],
      ['ccccc', 'confirmed'],
    ]);
    const next = await listAll(running.ada, 'primary', { syncToken: rest.data.nextSyncToken ?? '' });
    expect(next.items.map(({ id, status }) => [id, status])).toEqual([
      ['ccccc', 'cancelled'],
      ['ddddd', 'confirmed'],
    ]);
  });

  test('can repeat a page whose response was lost', async () => {
    await Promise.all([1, 2, 3].map(() => add()));
    const first = await running.ada.events.list({ calendarId: 'primary', maxResults: 1 });
    const pageToken = first.data.nextPageToken ?? '';
    const once = await running.ada.events.list({ calendarId: 'primary', maxResults: 1, pageToken });
    const again = await running.ada.events.list({ calendarId: 'primary', maxResults: 1, pageToken });
    expect(again.data).toEqual(once.data);
  });

  test('rejects an invalid page token, or one of another query or user', async () => {
    await Promise.all([1, 2].map(() => add()));
    const first = await running.ada.events.list({ calendarId: 'primary', maxResults: 1 });
    const pageToken = first.data.nextPageToken ?? '';
    const invalid = { status: 400, reason: 'invalid' };
    expect(
      await refusal(running.ada.events.list({ calendarId: 'primary', pageToken, q: 'Lunch' })),
    ).toMatchObject(invalid);
    expect(await refusal(running.bob.events.list({ calendarId: 'primary', pageToken }))).toMatchObject(
      invalid,
    );
    expect(
      await refusal(running.ada.events.list({ calendarId: 'primary', pageToken: 'made up' })),
    ).toMatchObject(invalid);
  });

  test('may have empty pages without losing items', async () => {
    await running.stop();
    running = await startEmulated({ emptyPages: 1 });
    await Promise.all([1, 2, 3].map(() => add()));
    const { items, pages } = await listAll(running.ada, 'primary', { maxResults: 2 });
    expect(items).toHaveLength(3);
    expect(pages).toBe(4);
  });

  test('may have fewer items per page than requested', async () => {
    await running.stop();
    running = await startEmulated({ pageLimit: 2 });
    await Promise.all([1, 2, 3].map(() => add()));
    const { items, pages } = await listAll(running.ada, 'primary', { maxResults: 250 });
    expect(items).toHaveLength(3);
    expect(pages).toBe(2);
  });
});

describe('an incremental list', () => {
  test('is empty if nothing has changed, with a valid new token', async () => {
    await add();
    const { syncToken } = await listAll(running.ada, 'primary');
    const next = await listAll(running.ada, 'primary', { syncToken });
    expect(next.items).toEqual([]);
    await add({ id: 'later' });
    expect((await listAll(running.ada, 'primary', { syncToken: next.syncToken })).items).toHaveLength(1);
  });

  test('shows only the ids of deleted events, or all their fields with showDeleted', async () => {
    await add({ id: 'aaaaa', location: 'Canteen' });
    const { syncToken } = await listAll(running.ada, 'primary');
    await running.ada.events.delete({ calendarId: 'primary', eventId: 'aaaaa' });
    const bare = await listAll(running.ada, 'primary', { syncToken });
    expect(bare.items).toEqual([
      { kind: 'calendar#event', etag: expect.any(String), id: 'aaaaa', status: 'cancelled' },
    ]);
    const full = await listAll(running.ada, 'primary', { syncToken, showDeleted: true });
    expect(full.items).toMatchObject([{ id: 'aaaaa', status: 'cancelled', location: 'Canteen' }]);
  });

  test('shows an edit of reminders, which changes neither etag nor updated', async () => {
    const { data: before } = await add();
    const { syncToken } = await listAll(running.ada, 'primary');
    await running.ada.events.patch({
      calendarId: 'primary',
      eventId: before.id ?? '',
      requestBody: { reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } },
    });
    const { items } = await listAll(running.ada, 'primary', { syncToken });
    expect(items).toMatchObject([
      {
        etag: before.etag,
        updated: before.updated,
        reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] },
      },
    ]);
  });

  test('keeps the window of the full list, and reports events that have left it', async () => {
    const window = { timeMin: '2030-01-01T00:00:00Z', timeMax: '2030-02-01T00:00:00Z' };
    await add({ id: 'inside' });
    await add({ id: 'aaaaa', start: { date: '2029-01-01' }, end: { date: '2029-01-02' } });
    const full = await listAll(running.ada, 'primary', window);
    expect(full.items.map(({ id }) => id)).toEqual(['inside']);
    const moved = { start: { date: '2031-01-01' }, end: { date: '2031-01-02' } };
    await running.ada.events.patch({ calendarId: 'primary', eventId: 'inside', requestBody: moved });
    await running.ada.events.patch({ calendarId: 'primary', eventId: 'aaaaa', requestBody: moved });
    const next = await listAll(running.ada, 'primary', { syncToken: full.syncToken });
    expect(next.items).toMatchObject([{ id: 'inside', start: { date: '2031-01-01' } }]);
  });

  test.each([
    ['iCalUID', { iCalUID: 'x' }],
    ['orderBy', { orderBy: 'updated' }],
    ['q', { q: 'x' }],
    ['timeMin', { timeMin: '2030-01-01T00:00:00Z' }],
    ['timeMax', { timeMax: '2030-01-01T00:00:00Z' }],
    ['updatedMin', { updatedMin: new Date().toISOString() }],
    ['privateExtendedProperty', { privateExtendedProperty: ['a=b'] }],
    ['sharedExtendedProperty', { sharedExtendedProperty: ['a=b'] }],
    ['showDeleted=false', { showDeleted: false }],
    ['a different singleEvents', { singleEvents: true }],
    ['different eventTypes', { eventTypes: ['default'] }],
  ])('rejects %s', async (_, parameters) => {
    const { syncToken } = await listAll(running.ada, 'primary');
    expect(await refusal(listAll(running.ada, 'primary', { syncToken, ...parameters }))).toMatchObject({
      status: 400,
      reason: 'invalid',
    });
  });

  test('accepts the same parameters, in any order', async () => {
    const { syncToken } = await listAll(running.ada, 'primary', types('default', 'focusTime'));
    const next = listAll(running.ada, 'primary', { ...types('focusTime', 'default'), syncToken });
    expect((await next).items).toEqual([]);
  });
});

test.each([
  ['orderBy', { orderBy: 'updated' }],
  ['q', { q: 'Lunch' }],
  ['updatedMin', { updatedMin: new Date().toISOString() }],
])('a full list with %s has no sync token', async (_, parameters) => {
  expect((await listAll(running.ada, 'primary', parameters)).syncToken).toBe('');
});

describe('a sync token', () => {
  test('expires with age', async () => {
    const { syncToken } = await listAll(running.ada, 'primary');
    running.emulator.clock.advance(7 * 86_400_000 - 60_000);
    const { syncToken: younger } = await listAll(running.ada, 'primary', { syncToken });
    running.emulator.clock.advance(60_000);
    expect(await refusal(listAll(running.ada, 'primary', { syncToken }))).toMatchObject(fullSyncRequired);
    expect((await listAll(running.ada, 'primary', { syncToken: younger })).items).toEqual([]);
  });

  test('expires on demand: of one collection only, or of all', async () => {
    const events = await listAll(running.ada, 'primary');
    const { data: settings } = await running.ada.settings.list();
    running.emulator.store.expireSyncTokens({ resource: 'events', calendarId: ADA });
    expect(await refusal(listAll(running.ada, 'primary', { syncToken: events.syncToken }))).toMatchObject(
      fullSyncRequired,
    );
    const next = await running.ada.settings.list({ syncToken: settings.nextSyncToken ?? '' });
    running.emulator.store.expireSyncTokens();
    expect(
      await refusal(running.ada.settings.list({ syncToken: next.data.nextSyncToken ?? '' })),
    ).toMatchObject(fullSyncRequired);
    expect((await listAll(running.ada, 'primary')).syncToken).toBeTruthy();
  });

  test('expires when the role of its user changes, and only that user’s', async () => {
    const share = (role: string) =>
      running.ada.acl.insert({
        calendarId: 'primary',
        requestBody: { role, scope: { type: 'user', value: BOB } },
      });
    await running.bob.settings.list();
    await share('reader');
    const bobs = await listAll(running.bob, ADA);
    const adas = await listAll(running.ada, 'primary');
    await share('writer');
    expect(await refusal(listAll(running.bob, ADA, { syncToken: bobs.syncToken }))).toMatchObject(
      fullSyncRequired,
    );
    expect((await listAll(running.ada, 'primary', { syncToken: adas.syncToken })).items).toEqual([]);
  });

  test('does not survive a reset', async () => {
    const { syncToken } = await listAll(running.ada, 'primary');
    await running.emulator.reset();
    expect(await refusal(listAll(running.ada, 'primary', { syncToken }))).toMatchObject(fullSyncRequired);
  });

  test('of Google’s form is answered 410 if it was not issued here', async () => {
    // The example of Google's guide.
    const syncToken = 'CPDAlvWDx70CEPDAlvWDx70CGAU=';
    expect(await refusal(listAll(running.ada, 'primary', { syncToken }))).toMatchObject(fullSyncRequired);
  });

  test.each([['made up'], ['e30']])('%j is not valid', async (syncToken) => {
    expect(await refusal(listAll(running.ada, 'primary', { syncToken }))).toMatchObject({ status: 400 });
  });

  test('of one list is not valid for another', async () => {
    const { data } = await running.ada.settings.list();
    expect(
      await refusal(listAll(running.ada, 'primary', { syncToken: data.nextSyncToken ?? '' })),
    ).toMatchObject({ status: 400 });
  });
});

test.each([[{}], [{ singleEvents: true }]])(
  'a copy kept by sync tokens equals a full list after any edits (%j)',
  async (parameters) => {
    const { ada } = running;
    const copy = new Copy(ada, 'primary', parameters);
    const calendarId = 'primary';
    const patch = (eventId: string, requestBody: object) => () =>
      ada.events.patch({ calendarId, eventId, requestBody });
    const daily = {
      start: { dateTime: '2030-01-01T09:00:00Z', timeZone: 'Europe/Zurich' },
      end: { dateTime: '2030-01-01T10:00:00Z', timeZone: 'Europe/Zurich' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=6'],
    };
    const steps: (() => Promise<unknown>)[] = [
      () => add({ id: 'one00' }),
      () => add({ id: 'series', ...daily }),
      patch('one00', { summary: 'Dinner' }),
      patch('series_20300102T090000Z', {
        summary: 'Moved',
        start: { dateTime: '2030-01-02T11:00:00Z' },
        end: { dateTime: '2030-01-02T12:00:00Z' },
      }),
      patch('series_20300103T090000Z', { status: 'cancelled' }),
      patch('series', { recurrence: ['RRULE:FREQ=DAILY;COUNT=4'] }),
      patch('series_20300103T090000Z', { status: 'confirmed' }),
      patch('series', {
        start: { dateTime: '2030-01-01T08:00:00Z' },
        end: { dateTime: '2030-01-01T09:00:00Z' },
      }),
      patch('one00', { recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }),
      patch('one00', { recurrence: null }),
      () => ada.events.delete({ calendarId, eventId: 'series' }),
      patch('series', { status: 'confirmed' }),
      () => ada.calendars.clear({ calendarId }),
    ];
    for (const step of steps) {
      await step();
      await copy.sync();
      const fresh = new Copy(ada, 'primary', parameters);
      await fresh.sync();
      expect(copy.living()).toEqual(fresh.living());
    }
  },
);
