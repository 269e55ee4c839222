/** Items that Google does not send, or not yet, through the built functions: mirrored or skipped, without blocking the calendar. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import * as z from 'zod';
import { fit } from '../../functions/mirror/data.ts';
import { readPage } from '../../functions/sync/read-page.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { AT, createExtras, extraEvent as event } from '../support/extra-items.ts';
import { hostileEntry } from '../support/hostile-items.ts';
import { collectionOf, type Pipeline } from '../support/pipeline.ts';

const extras = createExtras();
const test = cloudTest({ calendar: { routes: extras.routes } });

const SetAside = z.array(z.object({ item: z.string(), reason: z.string() })).default([]);

/** Creates a watch of a user's events with these among them; resolves when all that can be is mirrored and announced. */
async function watched(cloud: Pipeline, items: readonly unknown[], count: number) {
  const user = cloud.newUser();
  const spec = { user, resource: 'events', calendarId: user } as const;
  extras.set(user, items);
  const watch = await cloud.register(spec);
  await eventually(() => expect(cloud.history(watch)).toHaveLength(count));
  await eventually(async () => expect((await cloud.status(watch)).state).toBe('active'));
  /** Returns the items in mirror and feed, by id. */
  const outcome = async () => {
    const mirror = await cloud.mirror(spec);
    return (id: string) => {
      const { data, omitted } = mirror.get(id) ?? {};
      const announced = cloud.history(watch).findLast(({ itemId }) => itemId === id)?.after;
      return { data, omitted, announced };
    };
  };
  return {
    spec,
    watch,
    outcome,
    skippedItems: async () => SetAside.parse((await cloud.status(watch)).sync?.['skippedItems']),
    /** Makes an edit and waits for it: the calendar still syncs. */
    edit: async () => {
      const { id } = await cloud.as(user).insert('calendars/primary/events', { summary: 'an edit', ...AT });
      await eventually(async () => expect((await outcome())(id).data).toMatchObject({ summary: 'an edit' }));
    },
  };
}

/** Parsed as responses are: `__proto__` is an ordinary key there. */
const POLLUTING: object = JSON.parse(
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":[{"__proto__":null}],"toString":"x"}',
);

/** Events that are mirrored unchanged, by id. */
const WHOLE: Readonly<Record<string, object>> = {
  'polluting-keys': {
    ...POLLUTING,
    deep: [{ deeper: POLLUTING }],
    extendedProperties: { private: POLLUTING },
  },
  'ten-thousand-attendees': {
    attendees: Array.from({ length: 10_000 }, (_, index) => ({
      email: `guest-${String(index)}@example.com`,
      responseStatus: 'needsAction',
    })),
  },
  'a-word-for-a-time': { start: { dateTime: 'noon' }, end: { dateTime: 'midnight' } },
  'a-day-that-there-is-not': { start: { date: '2026-02-30' }, end: { date: '2026-02-31' } },
  'no-times': { start: null, end: 'later' },
  'numbers-for-times': { start: { dateTime: 1_780_000_000_000 }, end: { date: [] } },
  'a-zone-on-mars': { start: { date: '2026-07-01', timeZone: 'Mars/Base' }, end: { date: '2026-07-02' } },
  'an-end-before-the-start': { start: AT.end, end: AT.start },
  'an-event-type-of-tomorrow': { eventType: 'siesta', siestaProperties: { hammock: true } },
  'fields-of-tomorrow': {
    text: 'x',
    number: -1.5e300,
    yes: true,
    nothing: null,
    list: [1, 'a', null, {}],
    map: { a: {} },
  },
  'fields-of-other-types': {
    status: 7,
    recurrence: 'RRULE',
    recurringEventId: {},
    etag: ['"1"'],
    eventType: null,
  },
  'an-endless-etag': { etag: 'e'.repeat(600_000) },
  'empty-keys': { '': '', ' ': ' ' },
};

/** Events that are mirrored without some fields, which are named. */
const CUT: Readonly<Record<string, object>> = {
  'an-abyss': { abyss: JSON.parse(`${'{"in":'.repeat(2_000)}1${'}'.repeat(2_000)}`) },
  'a-shaft': { shaft: JSON.parse(`${'['.repeat(2_000)}1${']'.repeat(2_000)}`) },
  'two-million-characters': { description: 'x'.repeat(2_000_000) },
  'half-a-character': { summary: 'a\u{d800}b' },
  'half-a-character-in-a-key': { 'a\u{d800}b': 1 },
  'a-thousand-over-long-keys': Object.fromEntries(
    Array.from({ length: 1_000 }, (_, index) => [`${String(index)}${'k'.repeat(1_500)}`, 1]),
  ),
};

/** Values that are not items. */
const NONE = [
  { id: 7 },
  { id: null },
  { id: ['a'] },
  { id: '' },
  { summary: 'no id' },
  null,
  'text',
  7,
  true,
  ['a'],
  [],
];

test('odd items are mirrored, mirrored in part or skipped, and their calendar continues to sync', async ({
  cloud,
}) => {
  const whole = Object.entries(WHOLE).map(([id, more]) => event(id, more));
  const cut = Object.entries(CUT).map(([id, more]) => event(id, more));
  const endless = event('x'.repeat(1_501));
  const items = [...NONE, ...whole, endless, ...cut, event('last')];
  const { outcome, skippedItems, edit, watch } = await watched(cloud, items, whole.length + cut.length + 1);

  const mirrored = await outcome();
  for (const item of whole) {
    const { data, announced, omitted } = mirrored(item.id);
    expect(omitted).toEqual([]);
    expect([item.id, isDeepStrictEqual(data, item), isDeepStrictEqual(announced, item)]).toEqual([
      item.id,
      true,
      true,
    ]);
  }
  for (const item of cut) {
    const { data, omitted } = mirrored(item.id);
    expect(data).toEqual(event(item.id));
    expect(omitted).not.toEqual([]);
  }
  expect(mirrored('a-thousand-over-long-keys').omitted).toEqual(['*']);
  expect(mirrored('half-a-character-in-a-key').omitted).toEqual(['a\u{fffd}b']);
  expect(await skippedItems()).toEqual([
    { item: '(no id)', reason: expect.any(String) },
    { item: 'x'.repeat(100), reason: expect.stringContaining('too long') },
  ]);
  await edit();
  const numbers = Array.from({ length: items.length - NONE.length }, (_, index) => index + 1);
  await eventually(() => expect(cloud.history(watch).map(({ sequence }) => sequence)).toEqual(numbers));
});

test('invalid times have null in derived fields, and others are kept', async ({ cloud }) => {
  const ids = [
    'a-word-for-a-time',
    'a-day-that-there-is-not',
    'no-times',
    'numbers-for-times',
    'an-end-before-the-start',
  ];
  const { spec } = await watched(
    cloud,
    ids.map((id) => event(id, WHOLE[id])),
    ids.length,
  );
  const fields = async (id: string): Promise<unknown[]> => {
    const document = await cloud.firestore.doc(`${collectionOf(spec)}/${id}`).get();
    return ['startsAt', 'endsAt'].map((name) => document.get(name)?.toDate().toISOString() ?? null);
  };
  const read = await Promise.all(ids.map(fields));
  expect(read.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => [null, null]));
  expect(read[4]).toEqual(['2030-01-01T11:00:00.000Z', '2030-01-01T10:00:00.000Z']);
});

test('a hundred random items are mirrored or skipped, and their calendar continues to sync', async ({
  cloud,
}) => {
  const entries = fc
    .sample(hostileEntry, { numRuns: 100, seed: 20_260_504 })
    .map((entry): unknown => JSON.parse(JSON.stringify(entry)));
  const page = readPage('users/ada/calendars/ada/events', entries);
  const living = [...page.items.values()].filter(({ status }) => status !== 'cancelled');
  expect(living.length).toBeGreaterThan(10);
  const { outcome, skippedItems, edit } = await watched(cloud, entries, living.length);
  const mirrored = await outcome();
  for (const item of living) {
    const { data, omitted } = mirrored(item.id);
    const fitted = fit(item);
    expect([omitted, isDeepStrictEqual(data, fitted.item)]).toEqual([fitted.omitted, true]);
  }
  expect((await skippedItems()).map(({ item }) => item)).toEqual([...page.skipped.keys()].slice(-20));
  await edit();
});
