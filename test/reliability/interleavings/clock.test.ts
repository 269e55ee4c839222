import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { handleNotification } from '../../../functions/sync/engine.ts';
import { WATCH, type Bench } from './bench.ts';
import { idsOf, syncWithBreakpoints } from './breakpoints.ts';
import {
  closeBenches,
  exploreRace,
  idleFor,
  poll,
  push,
  renewRun,
  startBenches,
  sync,
  TIMEOUT_MS,
  type Actor,
  type Race,
} from './race.ts';

/** The clock of a watch, and a sync or renew at the same time, in every order of their effects. */

const SECOND = 1000;
const HOUR = 3600 * SECOND;
/** When the event starts, and where it is moved to, from when it was made. */
const STARTS_IN = HOUR;
const MOVED_BY = HOUR / 2;

/** What each bench has prepared. */
const prepared = new WeakMap<Bench, { readonly id: string; readonly startsAt: number }>();

const timesAt = (at: number) => ({
  start: { dateTime: new Date(at).toISOString() },
  end: { dateTime: new Date(at + HOUR).toISOString() },
});

/** Prepares a watch with a clock and an event that starts in 80 s, so that its start is due to be published. */
async function due(bench: Bench): Promise<void> {
  await bench.document.update({ 'spec.clock': ['start'] });
  await idleFor(0)(bench);
  const startsAt = Math.floor((bench.clock.now() + STARTS_IN) / SECOND) * SECOND;
  const { id } = await bench.insertEvent('soon', timesAt(startsAt));
  prepared.set(bench, { id, startsAt });
  bench.clock.advance(10 * SECOND);
  await handleNotification(bench.sync, push, bench.clock.now());
  bench.moments.length = 0;
  bench.clock.advance(startsAt - 80 * SECOND - bench.clock.now());
}

const preparedOn = (bench: Bench) => {
  const known = prepared.get(bench);
  if (known === undefined) throw new Error('nothing was prepared');
  return known;
};

const idAt = (bench: Bench, movedBy = 0): string => {
  const { id, startsAt } = preparedOn(bench);
  return `${WATCH}/${id}/${new Date(startsAt + movedBy).toISOString()}/start`;
};

/** A user who moves the event, and the sync of the notification. */
const moveAndSync: Actor = {
  name: 'move and sync',
  act: async (bench, effect) => {
    const { id, startsAt } = preparedOn(bench);
    const publishedAt = await effect('move', { writes: ['calendar', 'clock'] }, async () => {
      await bench.moveEvent(id, timesAt(startsAt + MOVED_BY));
      const now = bench.clock.now();
      bench.clock.advance(2000);
      return now;
    });
    const context = { ...bench.sync, newId: idsOf(2), published: new Map<string, string>() };
    return handleNotification(syncWithBreakpoints(effect, context), push, publishedAt);
  },
};

const clock = { reason: 'clock', watchId: WATCH } as const;
/** The start of an event is published, under one id. */
const startsOnce = (bench: Bench): void => expect(new Set(bench.moments)).toEqual(new Set([idAt(bench)]));

const RACES: Readonly<Record<string, Race>> = {
  'a clock that is due, and a sync of the event that was moved': {
    before: due,
    actors: [sync(clock), moveAndSync],
    interruptions: 1,
    settling: { forMs: HOUR },
    expectAtLast: (bench) => {
      // Whether the old start was published depends on what came first; the new one is, in the end.
      expect(bench.moments.at(-1)).toBe(idAt(bench, MOVED_BY));
      expect([idAt(bench), idAt(bench, MOVED_BY)]).toEqual(expect.arrayContaining(bench.moments));
    },
  },
  'a clock that is due, and renew': {
    before: due,
    actors: [sync(clock), renewRun()],
    expectAtLast: startsOnce,
  },
  'a clock that is due, and a poll that finds nothing': {
    before: due,
    actors: [sync(clock), { ...sync(poll, { newId: idsOf(2) }), name: 'poll' }],
    interruptions: 1,
    expectAtLast: startsOnce,
  },
  'a poll that finds nothing, and renew': {
    before: due,
    actors: [sync(poll), renewRun()],
    interruptions: 1,
    expectAtLast: startsOnce,
  },
  'a clock that is due, and a user who asks for a check': {
    before: due,
    actors: [
      sync(clock),
      {
        name: 'user',
        act: (bench, effect) =>
          effect('update the watch', { writes: ['watch'] }, () =>
            bench.document.update({ nextDueAt: Timestamp.fromMillis(bench.clock.now()) }),
          ),
      },
    ],
    expectAtLast: startsOnce,
  },
};

describe('a clock loses no moment in any order:', () => {
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
