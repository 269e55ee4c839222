import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Lane } from '../../support/interleave/lane.ts';
import {
  editedFor,
  closeLanes,
  editAndSync,
  exploreOn,
  PATIENCE_MS,
  poll,
  push,
  startLanes,
  sync,
  type Pair,
} from '../../support/interleave/pair.ts';

/** Two syncs of one watch, with an edit between their notifications, in every order of their effects. */

const before = editedFor(10_000);
const full = { reason: 'manual', watchId: push.watchId, full: true } as const;

const ONE_PAGE: Readonly<Record<string, Pair>> = {
  // An edit can be lost where each of them is interrupted once.
  'two pushes': { before, parties: [sync(push), editAndSync(push)], interruptions: 1 },
  'two pushes, less than the least interval apart': {
    before,
    parties: [sync(push, { minIntervalMs: 1500 }), editAndSync(push, { minIntervalMs: 1500 })],
    interruptions: 1,
  },
  'a full sync and a push': { before, parties: [sync(full), editAndSync(push)], interruptions: 1 },
};

const TWO_PAGES: Readonly<Record<string, Pair>> = {
  'a poll whose second page is left to a continue message, and a push': {
    before,
    parties: [sync(poll, { deadlineMs: 0 }), editAndSync(push)],
    interruptions: 1,
  },
};

describe.each([
  ['where a list is one page', ONE_PAGE, {}],
  ['where a list is two pages', TWO_PAGES, { emptyPages: 1 }],
])('two syncs lose nothing in any order, %s:', (_, pairs, options) => {
  let lanes: readonly Lane[];

  beforeAll(async () => {
    lanes = await startLanes(options);
  });
  afterAll(() => closeLanes(lanes));

  test.each(Object.entries(pairs))(
    '%s',
    async (name, pair) => {
      expect((await exploreOn(lanes, name, pair)).schedules).toBeGreaterThan(1);
    },
    PATIENCE_MS,
  );
});
