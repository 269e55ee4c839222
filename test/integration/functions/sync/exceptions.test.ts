import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { clientOf } from '../../../support/emulator/client.ts';
import { startBill } from '../../../support/firestore-bill.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** A new exception of a series is compared with the occurrence that it replaces. */

const ADA = 'ada@example.com';
const WATCH = 'ada-events';
const at = (day: number, hour: number) => ({
  dateTime: `2030-01-${String(day).padStart(2, '0')}T${String(hour)}:00:00+01:00`,
  timeZone: 'Europe/Zurich',
});

let bench: Awaited<ReturnType<typeof startSyncBench>>;
/** Google never accepts the id of a deleted event again. */
let [count, series] = [0, ''];
const api = () => clientOf(bench.calendar.url, ADA).events;
const sync = () => bench.handle({ reason: 'poll', watchId: WATCH });
const edit = (eventId: string, requestBody: object) => api().patch({ calendarId: ADA, eventId, requestBody });
/** Returns the id of the occurrence on a Monday of January 2030. */
const occurrence = (day: number) => `${series}_203001${String(day).padStart(2, '0')}T090000Z`;

/** Syncs, and returns the changes that it published in short: the item, its change, and the kinds. */
async function synced(): Promise<readonly unknown[]> {
  const { length } = bench.changes;
  await sync();
  return bench.changes.slice(length).map(({ itemId, change, kinds }) => [itemId, change, kinds]);
}

beforeAll(async () => {
  bench = await startSyncBench({}, { initial: { users: [{ email: ADA }] } });
});
afterAll(() => bench.close());

beforeEach(async () => {
  count += 1;
  series = `series${String(count)}`;
  await api().insert({
    calendarId: ADA,
    requestBody: {
      id: series,
      summary: 'Weekly',
      start: at(7, 10),
      end: at(7, 11),
      recurrence: ['RRULE:FREQ=WEEKLY'],
      attendees: [{ email: 'bo@example.com' }],
    },
  });
  await bench.writeSpec(WATCH, { user: ADA, resource: 'events', calendarId: ADA });
  await sync();
});
afterEach(async () => {
  await api().delete({ calendarId: ADA, eventId: series });
  await sync();
});

describe('a new exception of a series', () => {
  it.each<[string, object, readonly string[]]>([
    ['moved to another hour', { start: at(14, 12), end: at(14, 13) }, ['moved']],
    ['moved to another day', { start: at(16, 10), end: at(16, 11) }, ['moved']],
    ['lengthened', { end: at(14, 12) }, ['resized']],
    ['renamed', { summary: 'Retro' }, ['renamed']],
    ['answered', { attendees: [{ email: 'bo@example.com', responseStatus: 'accepted' }] }, ['responded']],
    ['cancelled', { status: 'cancelled' }, ['cancelled']],
  ])('that was %s has that kind', async (_, change, kinds) => {
    await edit(occurrence(14), change);
    expect(await synced()).toEqual([[occurrence(14), 'created', kinds]]);
  });

  it('is compared with the series on the same page, even if that is moved as well', async () => {
    await edit(series, { start: at(7, 15), end: at(7, 16) });
    const moved = `${series}_20300121T140000Z`;
    await edit(moved, { location: 'Zurich' });
    const reads = await billOf(async () => {
      expect(await synced()).toEqual([
        [series, 'updated', ['moved']],
        [moved, 'created', ['location']],
      ]);
    });
    // The watch and the two items.
    expect(reads).toBe(3);
  });

  it('costs one read of its series, and an exception that is known none', async () => {
    await edit(occurrence(14), { summary: 'one' });
    await edit(occurrence(21), { summary: 'two' });
    // The watch, the two exceptions, and their series.
    expect(await billOf(sync)).toBe(4);
    await edit(occurrence(14), { summary: 'three' });
    expect(await billOf(sync)).toBe(2);
  });

  it('whose series is not mirrored has the kind moved if it is not at its original start', async () => {
    await bench.firestore.doc(`users/${ADA}/calendars/${ADA}/events/${series}`).delete();
    await edit(occurrence(14), { summary: 'Retro' });
    await edit(occurrence(21), { start: at(22, 10), end: at(22, 11) });
    expect(await synced()).toEqual([
      [occurrence(14), 'created', []],
      [occurrence(21), 'created', ['moved']],
    ]);
  });

  it('that is cancelled and then restored has both kinds, and what was edited', async () => {
    await edit(occurrence(14), { status: 'cancelled' });
    expect(await synced()).toEqual([[occurrence(14), 'created', ['cancelled']]]);
    await edit(occurrence(14), { status: 'confirmed', start: at(14, 12), end: at(14, 13) });
    expect(await synced()).toEqual([[occurrence(14), 'updated', ['moved', 'restored']]]);
  });

  it('has no kinds in a first sync', async () => {
    await edit(occurrence(14), { summary: 'Retro' });
    await bench.firestore.recursiveDelete(bench.firestore.doc(`watches/${WATCH}`));
    await bench.writeSpec(WATCH, { user: ADA, resource: 'events', calendarId: ADA });
    const found = await synced();
    expect(found).toEqual(
      expect.arrayContaining([
        [series, 'snapshot', []],
        [occurrence(14), 'snapshot', []],
      ]),
    );
  });
});

/** Returns how many documents a call reads. */
async function billOf(call: () => Promise<unknown>): Promise<number> {
  const counting = startBill();
  try {
    await call();
  } finally {
    counting.stop();
  }
  return counting.total().reads;
}
