import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Bench } from './bench.ts';
import {
  editedFor,
  closeBenches,
  editAndSync,
  exploreRace,
  setTimeZoneAndSync,
  TIMEOUT_MS,
  poll,
  POLL_DUE_MS,
  push,
  startBenches,
  sync,
  type Race,
} from './race.ts';

/** Two syncs of one watch, with an edit between their notifications, in every order of their effects. */

const before = editedFor(10_000);
const full = { reason: 'manual', watchId: push.watchId, full: true } as const;

const ONE_PAGE: Readonly<Record<string, Race>> = {
  'two pushes': { before, actors: [sync(push), editAndSync(push)], interruptions: 1 },
  'two pushes, less than the least interval apart': {
    before,
    actors: [sync(push, { minIntervalMs: 1500 }), editAndSync(push, { minIntervalMs: 1500 })],
    interruptions: 1,
  },
  // The first sync, a full one, started more than five seconds ago, so a reconciliation is due.
  'a reconciliation and a push': {
    before,
    actors: [sync(poll, { reconcileMs: 5000 }), editAndSync(push)],
    interruptions: 1,
  },
  'a push and a change of time zone, followed by a poll': {
    before,
    actors: [sync(push), setTimeZoneAndSync(poll)],
    // The next poll corrects derived fields if a sync before it read the old time zone.
    settling: { forMs: POLL_DUE_MS },
    interruptions: 1,
  },
  'a full sync and a push': { before, actors: [sync(full), editAndSync(push)], interruptions: 1 },
};

const TWO_PAGES: Readonly<Record<string, Race>> = {
  'a poll whose second page is left to a continue message, and a push': {
    before,
    actors: [sync(poll, { deadlineMs: 0 }), editAndSync(push)],
    interruptions: 1,
  },
};

describe.each([
  ['where a list is one page', ONE_PAGE, {}],
  ['where a list is two pages', TWO_PAGES, { emptyPages: 1 }],
])('two syncs lose nothing in any order, %s:', (_, races, options) => {
  let benches: readonly Bench[];

  beforeAll(async () => {
    benches = await startBenches(options);
  });
  afterAll(() => closeBenches(benches));

  test.each(Object.entries(races))(
    '%s',
    async (name, race) => {
      expect((await exploreRace(benches, name, race)).schedules).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );
});
