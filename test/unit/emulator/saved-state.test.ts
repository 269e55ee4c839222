/** The state of an emulator as JSON, and back. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createChannels } from '../../../infra/emulator/channels/channels.ts';
import { resourceRoutes } from '../../../infra/emulator/routes/index.ts';
import { applySeed } from '../../../infra/emulator/seed/seed.ts';
import { createClock } from '../../../infra/emulator/state/clock.ts';
import { createRandom } from '../../../infra/emulator/state/random.ts';
import { type Store, createStore } from '../../../infra/emulator/state/store.ts';
import type { TokenMarks } from '../../../infra/emulator/state/tokens.ts';

const ADA = 'ada@example.com';
const BOB = 'bob@example.com';
const day = (date: string) => ({ start: { date: `2030-01-${date}` }, end: { date: `2030-01-${date}` } });

const open = (marks?: TokenMarks): Store =>
  createStore({ clock: createClock(() => 1_900_000_000_000), random: createRandom(1), marks });

/** Returns a store that has what another one saved, by way of JSON. */
function copyOf(store: Store, marks?: TokenMarks): Store {
  const copy = open(marks);
  copy.restore(JSON.parse(JSON.stringify(store.save())));
  return copy;
}

const Answer = z.object({
  body: z.object({
    items: z.array(z.looseObject({ id: z.string().optional() })).optional(),
    nextSyncToken: z.string().optional(),
    nextPageToken: z.string().optional(),
  }),
});

function call(store: Store, id: string, query: Record<string, string> = {}, body?: object) {
  const route = resourceRoutes(store).find((candidate) => candidate.id === id);
  const params = { calendarId: ADA, eventId: 'lunch' };
  const answer = route?.handle({
    user: ADA,
    params,
    query: new URLSearchParams(query),
    body,
    headers: {},
    baseUrl: '',
  });
  return Answer.parse(answer);
}

function seeded(marks?: TokenMarks): Store {
  const store = open(marks);
  applySeed(store, {
    users: [
      {
        email: ADA,
        calendars: [
          { id: ADA, summary: 'Ada', events: [{ id: 'lunch', summary: 'Lunch', ...day('05') }] },
          { summary: 'Team', acl: [{ role: 'reader', scope: { type: 'user', value: BOB } }] },
        ],
      },
      { email: BOB, settings: { locale: 'de' } },
    ],
  });
  return store;
}

test('users, calendars, rules, events and settings are the same', () => {
  const store = seeded();
  expect(copyOf(store).save()).toEqual(JSON.parse(JSON.stringify(store.save())));
});

test.each([
  ['calendar.events.list', ['lunch']],
  ['calendar.calendarList.list', []],
  ['calendar.settings.list', []],
  ['calendar.acl.list', []],
])('a sync token of %s is valid in the copy, and finds what changes there', (method, found) => {
  const store = seeded();
  const syncToken = call(store, method).body.nextSyncToken ?? '';
  const copy = copyOf(store);
  expect(call(copy, method, { syncToken }).body.items).toEqual([]);
  call(copy, 'calendar.events.patch', {}, { summary: 'Long lunch' });
  expect(call(copy, method, { syncToken }).body.items?.map(({ id }) => id)).toEqual(found);
});

test('a sync token that was expired stays expired', () => {
  const store = seeded();
  const syncToken = call(store, 'calendar.events.list').body.nextSyncToken ?? '';
  store.expireSyncTokens({ resource: 'events', calendarId: ADA });
  expect(() => call(copyOf(store), 'calendar.events.list', { syncToken })).toThrow(/sync token/i);
});

const marks = (lost: string): TokenMarks => ({ mark: () => 'b', isLost: (mark) => mark === lost });

test('a sync token with the mark of lost changes is answered 410', () => {
  const store = seeded(marks('none'));
  const syncToken = call(store, 'calendar.events.list').body.nextSyncToken ?? '';
  const list = (lost: string) => call(copyOf(store, marks(lost)), 'calendar.events.list', { syncToken });
  expect(list('a').body.items).toEqual([]);
  expect(() => list('b')).toThrow(expect.objectContaining({ status: 410 }));
});

test('a page token of another process is rejected', () => {
  const store = seeded();
  call(store, 'calendar.events.list');
  const first = call(store, 'calendar.settings.list', { maxResults: '2' }).body;
  const copy = copyOf(store);
  call(copy, 'calendar.settings.list', { maxResults: '3' });
  const pageToken = first.nextPageToken ?? '';
  expect(() => call(copy, 'calendar.settings.list', { pageToken })).toThrow(/page token/i);
});

test('channels keep their numbers, their state and their ids', () => {
  const clock = createClock(() => 0);
  const channels = createChannels({ clock, random: createRandom(1) });
  const fields = { user: ADA, resourceUri: 'u', address: 'http://x', expiresAt: 9000, showsExpiration: true };
  const collection = { resource: 'events', calendarId: ADA } as const;
  for (const id of ['one', 'two', 'three']) channels.open({ ...fields, id, collection });
  channels.nextNumber('one');
  channels.kill({ id: 'two' });
  const { resourceId = '' } = channels.find('three') ?? {};
  channels.stop(ADA, 'three', resourceId);
  const copy = createChannels({ clock, random: createRandom(1) });
  copy.restore(JSON.parse(JSON.stringify(channels.save())));
  expect(copy.list()).toEqual(channels.list());
  expect(() => copy.open({ ...fields, id: 'three', collection })).toThrow(/not unique/);
});
