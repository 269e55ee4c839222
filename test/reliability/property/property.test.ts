/**
 * Random edits under random faults: in the end the mirror equals the calendar, the feed is its history, and a consumer that lost messages
 * has recovered by a replay amid all that.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listItems } from '../../../infra/local/verify-mirror.ts';
import { startPipeline, type Pipeline } from '../../support/pipeline.ts';
import { beginReplay } from './storm-replay.ts';
import { steps } from './storm-steps.ts';
import { newWorld, perform, type World } from './storm.ts';

let cloud: Pipeline;

beforeAll(async () => {
  cloud = await startPipeline({
    calendar: { emptyPages: 0.2, channels: { retryBaseMs: 50 } },
    env: {
      // Some syncs end in the middle of a list, and are continued.
      sync: { SYNC_DEADLINE_SECONDS: '0.05' },
    },
  });
});
afterAll(() => cloud[Symbol.asyncDispose]());

/** How often every watch is checked before a difference counts as a loss: Pub/Sub redelivers after some seconds. */
const ROUNDS = 10;

/** Removes every fault and checks every watch until mirror and feed are correct. */
async function clearUp({ watches, specs }: World): Promise<void> {
  cloud.calendar.faults.clear();
  await cloud.calendar.settle();
  const expected = await Promise.all(
    specs.map(async (spec) => {
      const readable = await listItems(cloud.calendar.url, spec).then(
        () => true,
        () => false,
      );
      return readable ? 'followed' : 'gone';
    }),
  );
  for (let round = 1; ; round += 1) {
    await cloud.replaceNow(...watches);
    try {
      await cloud.untilTrue(10_000);
      const states = await Promise.all(watches.map(async (watch) => (await cloud.status(watch)).state));
      expect(states.map((state) => (/^(active|polling)$/.test(state) ? 'followed' : state))).toEqual(
        expected,
      );
      return;
    } catch (error) {
      if (round === ROUNDS) throw error;
    }
  }
}

/** Checks that every channel of Google's is stored, so that it can be stopped. */
async function expectNoUnknownChannel({ owner, guest }: World): Promise<void> {
  const known = new Set(
    (await cloud.firestore.collection('channels').select().get()).docs.map(({ id }) => id),
  );
  const open = [owner, guest].flatMap((user) => cloud.live(user).map(({ id }) => id));
  expect(open.filter((id) => !known.has(id))).toEqual([]);
}

/** Deletes a run's watches and mirror, so that later checks see their own run alone. */
async function leave({ owner, guest, watches }: World): Promise<void> {
  for (const user of [owner, guest]) cloud.calendar.channels.kill({ user });
  const { firestore } = cloud;
  for (const id of watches) await firestore.recursiveDelete(firestore.doc(`watches/${id}`));
  for (const user of [owner, guest]) await firestore.recursiveDelete(firestore.doc(`users/${user}`));
}

test('after random edits and faults the mirror is correct, and the feed rebuilds it without a gap', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      const world = await newWorld(cloud);
      await cloud.untilTrue();
      const middle = Math.floor(played.length / 2);
      for (const step of played.slice(0, middle)) await perform(world, step);
      const expectRecovered = await beginReplay(world);
      for (const step of played.slice(middle)) await perform(world, step);
      await clearUp(world);
      await expectRecovered();
      await expectNoUnknownChannel(world);
      expect(cloud.feed.deadLetters).toEqual([]);
      await leave(world);
    }),
    // A run takes seconds: a failure is reported with its seed, and not shrunk.
    { numRuns: 5, seed: 20_300_101, endOnFailure: true, verbose: 1 },
  );
}, 600_000);
