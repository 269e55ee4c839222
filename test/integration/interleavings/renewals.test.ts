import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Lane } from '../../support/interleave/lane.ts';
import {
  editedFor,
  closeLanes,
  exploreOn,
  idleFor,
  newWatch,
  PATIENCE_MS,
  poll,
  POLL_DUE_MS,
  push,
  renewal,
  RENEWAL_DUE_MS,
  startLanes,
  sync,
  type Pair,
} from '../../support/interleave/pair.ts';

/** Renew and sync, and two runs of renew, at one watch in every order of their effects. */

const pollDue = editedFor(POLL_DUE_MS);
const renewalDue = editedFor(RENEWAL_DUE_MS);

async function noAccess(lane: Lane): Promise<void> {
  await pollDue(lane);
  const match = { method: 'calendar.events.list' };
  lane.calendar.faults.add({
    on: 'request',
    match,
    effect: { do: 'fail', status: 403, reason: 'forbidden' },
  });
}

const SYNC_AND_RENEW: Readonly<Record<string, Pair>> = {
  'a push of an edit, and a poll is due': { before: pollDue, parties: [sync(push), renewal()] },
  'a push of nothing, and a poll is due': {
    before: idleFor(POLL_DUE_MS),
    parties: [sync(push), renewal()],
    aftermath: { followUp: true },
  },
  'a poll that finds a dead channel, and a poll is due': {
    before: pollDue,
    parties: [sync(poll), renewal()],
  },
  'a push that is refused access, and a poll is due': {
    before: noAccess,
    parties: [sync(push), renewal()],
    after: (lane) => lane.calendar.faults.clear(),
  },
  'a push of an edit, and a new channel is due': {
    before: renewalDue,
    parties: [sync(push), renewal()],
    interruptions: 1,
  },
  'a first sync, and a first look at the watch': {
    before: newWatch,
    parties: [sync(poll), renewal()],
    interruptions: 1,
  },
};

const RENEW_AND_RENEW: Readonly<Record<string, Pair>> = {
  'a poll is due': { before: pollDue, parties: [renewal(3), renewal(4)], interruptions: 1 },
  'a new channel is due': { before: renewalDue, parties: [renewal(3), renewal(4)], interruptions: 1 },
  'the watch is new': { before: newWatch, parties: [renewal(3), renewal(4)], interruptions: 1 },
};

describe.each([
  ['sync and renew lose nothing', SYNC_AND_RENEW],
  ['two runs of renew leave one channel', RENEW_AND_RENEW],
])('%s in any order:', (title, pairs) => {
  let lanes: readonly Lane[];

  beforeAll(async () => {
    lanes = await startLanes();
  });
  afterAll(() => closeLanes(lanes));

  test.each(Object.entries(pairs))(
    '%s',
    async (name, pair) => {
      expect((await exploreOn(lanes, `${title}, ${name}`, pair)).schedules).toBeGreaterThan(1);
    },
    PATIENCE_MS,
  );
});
