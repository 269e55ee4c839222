import { Timestamp } from '@google-cloud/firestore';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../../../functions/calendar/resources.ts';
import { fit } from '../../../../functions/mirror/data.ts';
import { itemDocument, readDocument, type MirroredItem } from '../../../../functions/mirror/items.ts';
import type { Traversal } from '../../../../functions/watches/status.ts';
import { countChanges } from '../../../../functions/sync/changes.ts';
import {
  loadEventFields,
  trackTimeZone,
  timeZoneOf,
  completedTimeZone,
} from '../../../../functions/sync/event-fields.ts';
import { batches } from '../../../../functions/sync/batches.ts';
import { syncContext } from '../../../support/sync-context.ts';
import type { Run } from '../../../../functions/sync/run.ts';
import { comparePage } from '../../../support/page.ts';
import { event, SERIES } from '../../../support/sample-items.ts';
import { POLL, sampleWatch, SPEC, synced, TRAVERSAL, WATCH_SPEC } from '../../../support/sample-watch.ts';

/** Mirrored events after a change of their calendar's time zone. */

const DAY = { start: { date: '2026-12-01' }, end: { date: '2026-12-02' } };
const HOUR = {
  start: { dateTime: '2026-12-01T10:00:00+01:00', timeZone: 'Europe/Berlin' },
  end: { dateTime: '2026-12-01T11:00:00+01:00', timeZone: 'Europe/Berlin' },
};

/** Returns events as mirrored in a time zone, by id. */
async function mirroredIn(zone: string, items: readonly Item[]): Promise<Map<string, MirroredItem>> {
  const fieldsOf = await loadEventFields(items, zone);
  const read = items.map((item) => {
    const document = { ...itemDocument(fit(item), 7, fieldsOf(item)), mirroredAt: Timestamp.now() };
    const mirrored = readDocument(document, item.id);
    if (mirrored === undefined) throw new Error('not read back');
    return [item.id, mirrored] as const;
  });
  return new Map(read);
}

/** Returns the differences of an event that was mirrored in Berlin and is listed in `zone`. */
async function differences(before: Item, after: Item, zone: string) {
  const mirrored = await mirroredIn('Europe/Berlin', [before]);
  return comparePage([after], mirrored, { fieldsOf: await loadEventFields([after], zone) }).differences;
}
const short = async (...given: Parameters<typeof differences>): Promise<readonly string[]> =>
  (await differences(...given)).map(({ change }) => change);

describe('an event of a calendar whose time zone has changed', () => {
  const day = event('day', DAY);
  const hour = event('hour', HOUR);
  const inTokyo = {
    start: { ...HOUR.start, dateTime: '2026-12-01T18:00:00+09:00' },
    end: { ...HOUR.end, dateTime: '2026-12-01T19:00:00+09:00' },
  };

  test('is rewritten without a change if it is all-day', async () => {
    const found = await differences(day, day, 'Asia/Tokyo');
    expect(found.map(({ change }) => change)).toEqual(['none']);
    expect(countChanges(found)).toBe(0);
  });

  test('is rewritten without a change if its times have another offset', async () => {
    expect(await short(hour, event('hour', inTokyo), 'Asia/Tokyo')).toEqual(['none']);
  });

  test.each<[string, object]>([
    ['another moment', { ...inTokyo, start: { ...HOUR.start, dateTime: '2026-12-01T18:00:01+09:00' } }],
    ['another zone', { ...inTokyo, start: { ...inTokyo.start, timeZone: 'Asia/Tokyo' } }],
    ['another title', { ...inTokyo, summary: 'moved' }],
    ['another etag', { ...inTokyo, etag: '"2"' }],
  ])('is updated if it has %s', async (_, more) => {
    expect(await short(hour, event('hour', more), 'Asia/Tokyo')).toEqual(['updated']);
  });

  test('is left alone if nothing about it depends on the time zone', async () => {
    expect(await short(hour, hour, 'Asia/Tokyo')).toEqual([]);
    expect(await short(SERIES, SERIES, 'Asia/Tokyo')).toEqual([]);
    expect(await short(day, day, 'Europe/Vienna')).toEqual([]);
  });

  test('gets derived fields that its document lacks', async () => {
    const mirrored = await mirroredIn('Europe/Berlin', [day]);
    const before = mirrored.get('day');
    if (before === undefined) throw new Error('not mirrored');
    const { activeUntil: _, ...beside } = before.beside;
    mirrored.set('day', { ...before, beside });
    const fieldsOf = await loadEventFields([day], 'Europe/Berlin');
    expect(comparePage([day], mirrored, { fieldsOf }).differences).toMatchObject([{ change: 'none' }]);
  });

  test('keeps the sequence and the time of its last change', async () => {
    const found = await differences(day, day, 'Asia/Tokyo');
    const fieldsOf = await loadEventFields([day], 'Asia/Tokyo');
    const [batch, ...more] = batches([...found, ...found], {
      watchId: 'watch-1',
      target: SPEC,
      sequence: 41,
      occurredAt: '2026-05-04T10:00:00.000Z',
      fieldsOf,
    });
    expect(more).toEqual([]);
    expect(batch?.changes).toEqual([]);
    expect(batch?.writes).toHaveLength(2);
    const [write] = batch?.writes ?? [];
    expect(write?.partial).toBe(true);
    expect(write?.document).toMatchObject({
      data: day,
      startsAt: Timestamp.fromMillis(Date.UTC(2026, 10, 30, 15)),
    });
    for (const name of ['sequence', 'mirroredAt', 'etag']) expect(write?.document).not.toHaveProperty(name);
  });

  test('is never a change, whatever the two time zones', async () => {
    const zones = Intl.supportedValuesOf('timeZone');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...zones), fc.boolean(), async (zone, whole) => {
        const before = whole ? day : hour;
        for (const { change } of await differences(before, before, zone)) expect(change).toBe('none');
      }),
      { numRuns: 40 },
    );
  });
});

const run = (kind: Traversal['kind'], timeZone?: string): Run => ({
  context: syncContext(),
  watch: sampleWatch(),
  watchSpec: WATCH_SPEC,
  notification: POLL,
  isFollower: false,
  queued: false,
  version: sampleWatch().version,
  sync: synced(timeZone === undefined ? {} : { timeZone }),
  publishedTo: '',
  clock: undefined,
  traversal: { ...TRAVERSAL, kind },
  knownSeries: new Set(),
  steps: 0,
  publishing: Promise.resolve(),
});
const page = (timeZone: string | undefined) => ({
  items: [],
  nextPageToken: undefined,
  nextSyncToken: undefined,
  timeZone,
});

describe('the time zone of a page', () => {
  test('starts a full sync if an incremental list has another than before', () => {
    const incremental = run('incremental', 'Europe/Berlin');
    expect(trackTimeZone(incremental, page('Europe/Berlin'))).toBeUndefined();
    expect(trackTimeZone(incremental, page('Asia/Tokyo'))).toEqual({
      kind: 'fullSyncRequired',
      reason: 'timeZoneChanged',
    });
  });

  test('starts a full sync if it changes between two pages of an incremental list', () => {
    const incremental = run('incremental');
    expect(trackTimeZone(incremental, page('Europe/Berlin'))).toBeUndefined();
    expect(trackTimeZone(incremental, page('Asia/Tokyo'))).toMatchObject({ reason: 'timeZoneChanged' });
  });

  test('is adopted by the first sync that gets one', () => {
    const incremental = run('incremental');
    trackTimeZone(incremental, page('Europe/Berlin'));
    expect([timeZoneOf(incremental), completedTimeZone(incremental)]).toEqual([
      'Europe/Berlin',
      'Europe/Berlin',
    ]);
  });

  test('on the first page counts for a whole full sync', () => {
    const full = run('full', 'Europe/Berlin');
    expect(trackTimeZone(full, page('Asia/Tokyo'))).toBeUndefined();
    expect(trackTimeZone(full, page('America/New_York'))).toBeUndefined();
    expect([timeZoneOf(full), completedTimeZone(full)]).toEqual(['Asia/Tokyo', 'Asia/Tokyo']);
  });

  test.each([
    ['is absent', undefined],
    ['is too long', 'x'.repeat(101)],
  ])('is ignored if it %s', (_, zone) => {
    for (const kind of ['full', 'incremental'] as const) {
      const some = run(kind, 'Europe/Berlin');
      expect(trackTimeZone(some, page(zone))).toBeUndefined();
      expect([timeZoneOf(some), completedTimeZone(some)]).toEqual(['Europe/Berlin', 'Europe/Berlin']);
    }
  });
});
