/** Syncs that one process runs at once: the pages that they hold in memory are bounded together. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlots } from '../../../../functions/runtime/slots.ts';
import type { SyncContext } from '../../../../functions/sync/context.ts';
import { handleNotification } from '../../../../functions/sync/engine.ts';
import { seedCalendar, upTo } from '../../../support/seeded-calendar.ts';
import { startSyncBench, type SyncBench } from '../../../support/sync-bench.ts';

const [SYNCS, SLOTS, PAGE, PAGES] = [8, 3, 20, 5];

let bench: SyncBench;
beforeAll(async () => {
  bench = await startSyncBench({}, { pageLimit: PAGE });
});
afterAll(() => bench.close());

/** Returns a context with slots of its own. `most` returns the most pages that were requested and not yet committed. */
function counting(fails: () => boolean = () => false) {
  const pages = createSlots(SLOTS);
  let [held, most] = [0, 0];
  const context: SyncContext = {
    ...bench.context,
    pages,
    calendar: {
      ...bench.context.calendar,
      list: (...call) => {
        held += 1;
        most = Math.max(most, held);
        return bench.context.calendar.list(...call);
      },
    },
    mirror: {
      ...bench.context.mirror,
      commit: async (step) => {
        if (fails()) throw new Error('Firestore is away');
        const committed = await bench.context.mirror.commit(step);
        held -= 1;
        return committed;
      },
    },
  };
  return { context, pages, most: () => most };
}

/** Waits until each of the slots is free. */
const allFree = async (pages: SyncContext['pages']): Promise<void> => {
  const releases = await Promise.all(Array.from({ length: SLOTS }, () => pages.take()));
  for (const release of releases) release();
};

describe('the pages in memory', () => {
  it('are no more than the slots, however many full syncs run at once, and all syncs complete', async () => {
    const calendars = await Promise.all(
      Array.from({ length: SYNCS }, () => seedCalendar(bench, PAGE * PAGES)),
    );
    const { context, pages, most } = counting();
    await Promise.all(calendars.map(({ poll }) => handleNotification(context, poll, Date.now())));
    expect(most()).toBe(SLOTS);
    for (const { numbers } of calendars) expect(numbers()).toEqual(upTo(PAGE * PAGES));
    await allFree(pages);
  });

  it('of one sync are the one that is committed and the one requested ahead', async () => {
    const { poll, numbers } = await seedCalendar(bench, PAGE * PAGES);
    const { context, most } = counting();
    await handleNotification(context, poll, Date.now());
    expect(most()).toBe(2);
    expect(numbers()).toEqual(upTo(PAGE * PAGES));
  });

  it('free their slots when a sync fails with a page requested ahead', async () => {
    const { poll } = await seedCalendar(bench, PAGE * PAGES);
    const { context, pages } = counting(() => true);
    for (const _ of upTo(SLOTS)) {
      await expect(handleNotification(context, poll, Date.now())).rejects.toThrow('Firestore is away');
    }
    await allFree(pages);
  });
});
