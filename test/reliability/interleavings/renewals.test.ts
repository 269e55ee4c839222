import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Bench } from './bench.ts';
import {
  editedFor,
  closeBenches,
  exploreRace,
  idleFor,
  newWatch,
  TIMEOUT_MS,
  poll,
  POLL_DUE_MS,
  push,
  renewRun,
  RENEWAL_DUE_MS,
  startBenches,
  sync,
  type Race,
} from './race.ts';

/** Renew and sync, and two runs of renew, on one watch, in every order of their effects. */

const pollDue = editedFor(POLL_DUE_MS);
const renewalDue = editedFor(RENEWAL_DUE_MS);

async function noAccess(bench: Bench): Promise<void> {
  await pollDue(bench);
  const match = { method: 'calendar.events.list' };
  bench.calendar.faults.add({
    on: 'request',
    match,
    effect: { do: 'fail', status: 403, reason: 'forbidden' },
  });
}

const SYNC_AND_RENEW: Readonly<Record<string, Race>> = {
  'a push of an edit, and a poll is due': { before: pollDue, actors: [sync(push), renewRun()] },
  'a push of nothing, and a poll is due': {
    before: idleFor(POLL_DUE_MS),
    actors: [sync(push), renewRun()],
    settling: { followUp: true },
  },
  'a poll that finds a dead channel, and a poll is due': {
    before: pollDue,
    actors: [sync(poll), renewRun()],
  },
  'a push that is denied access, and a poll is due': {
    before: noAccess,
    actors: [sync(push), renewRun()],
    after: (bench) => bench.calendar.faults.clear(),
  },
  'a push of an edit, and a new channel is due': {
    before: renewalDue,
    actors: [sync(push), renewRun()],
    interruptions: 1,
  },
  'a first sync, and a first check of the watch': {
    before: newWatch,
    actors: [sync(poll), renewRun()],
    interruptions: 1,
  },
};

const RENEW_AND_RENEW: Readonly<Record<string, Race>> = {
  'a poll is due': { before: pollDue, actors: [renewRun(3), renewRun(4)], interruptions: 1 },
  'a new channel is due': { before: renewalDue, actors: [renewRun(3), renewRun(4)], interruptions: 1 },
  'the watch is new': { before: newWatch, actors: [renewRun(3), renewRun(4)], interruptions: 1 },
};

describe.each([
  ['sync and renew lose nothing', SYNC_AND_RENEW],
  ['two runs of renew leave one channel', RENEW_AND_RENEW],
])('%s in any order:', (title, races) => {
  let benches: readonly Bench[];

  beforeAll(async () => {
    benches = await startBenches();
  });
  afterAll(() => closeBenches(benches));

  test.each(Object.entries(races))(
    '%s',
    async (name, race) => {
      expect((await exploreRace(benches, `${title}, ${name}`, race)).schedules).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );
});
