import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { renew } from '../../../functions/renew/run.ts';
import { handleNotification } from '../../../functions/sync/engine.ts';
import { renewWithBreakpoints, syncWithBreakpoints, idsOf } from './breakpoints.ts';
import { USER, type Bench } from './bench.ts';
import {
  closeBenches,
  editAndSync,
  exploreRace,
  TIMEOUT_MS,
  poll,
  push,
  startBenches,
  sync,
  type Race,
  type Actor,
} from './race.ts';
import type { Effect } from './interleave.ts';

/** A collection passes from one watch to another while the first still syncs, in every order of their effects. */

const FORMER = 'ada-former';
const SPEC = { user: USER, resource: 'events', calendarId: USER };
/** A watch whose collection is taken is checked again within an hour. */
const CLAIMED_MS = 2 * 3_600_000;

const now = (bench: Bench): Timestamp => Timestamp.fromMillis(bench.clock.now());
const former = (bench: Bench) => bench.firestore.doc(`watches/${FORMER}`);

/** Prepares another watch that has mirrored the calendar, and an event that was edited since. */
async function mirroredByAnother(bench: Bench): Promise<void> {
  await bench.document.update({ nextDueAt: Timestamp.fromMillis(bench.clock.now() + CLAIMED_MS) });
  await former(bench).set({ spec: SPEC, nextDueAt: now(bench) });
  await bench.renew();
  await bench.deliverAll();
  const [first] = await bench.api.list(`calendars/${USER}/events`);
  await bench.api.patch(`calendars/${USER}/events/${String(first?.id)}`, { summary: 'edited' });
  bench.clock.advance(10_000);
}

/** The same, and the removal of that watch is under way. */
async function beingRemoved(bench: Bench): Promise<void> {
  await mirroredByAnother(bench);
  await former(bench).update({ 'spec.removed': 'keep', nextDueAt: now(bench) });
  await bench.renew();
  bench.inbox.length = 0;
  await bench.document.update({ nextDueAt: now(bench) });
}

/** Renew and sync of the watch that takes over, with ids of their own. */
function successor(bench: Bench, effect: Effect) {
  const newId = idsOf(3);
  return {
    renew: () => renew(renewWithBreakpoints(effect, { ...bench.renewContext, newId })),
    sync: (watchId: string) =>
      handleNotification(
        syncWithBreakpoints(effect, { ...bench.sync, newId }),
        { ...poll, watchId },
        bench.clock.now() - 5000,
      ),
  };
}

const claim: Actor = {
  name: 'successor',
  act: async (bench, effect) => {
    const does = successor(bench, effect);
    await does.renew();
    await does.sync(poll.watchId);
  },
};

const removeAndClaim: Actor = {
  name: 'user and successor',
  act: async (bench, effect) => {
    const does = successor(bench, effect);
    const removed = (): Promise<unknown> =>
      former(bench).update({ 'spec.removed': 'keep', nextDueAt: now(bench) });
    await effect('remove the first watch', { writes: ['watch'] }, removed);
    await does.renew();
    await does.sync(FORMER);
    const request = (): Promise<unknown> => bench.document.update({ nextDueAt: now(bench) });
    await effect('request the other watch', { writes: ['watch'] }, request);
    await does.renew();
    await does.sync(poll.watchId);
  },
};

const RACES: Readonly<Record<string, Race>> = {
  'the end of a removal, and the claim of another watch': {
    before: beingRemoved,
    actors: [sync({ ...poll, watchId: FORMER }), claim],
    settling: { forMs: CLAIMED_MS },
    interruptions: 1,
  },
  'a sync of the first watch, and its removal with the claim of another': {
    before: mirroredByAnother,
    actors: [editAndSync({ ...push, watchId: FORMER }), removeAndClaim],
    settling: { forMs: CLAIMED_MS },
    interruptions: 1,
  },
};

describe('a collection that passes to another watch loses nothing, in any order:', () => {
  let benches: readonly Bench[];

  beforeAll(async () => {
    benches = await startBenches();
  });
  afterAll(() => closeBenches(benches));

  test.each(Object.entries(RACES))(
    '%s',
    async (name, race) => {
      expect((await exploreRace(benches, name, race)).schedules).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );
});
