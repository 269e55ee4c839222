/** Whatever is edited and whatever goes wrong: in the end the mirror is the calendar, and the feed its history. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listItems } from '../../infra/local/verify-mirror.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { steps } from '../support/storm-steps.ts';
import { newWorld, perform, type World } from '../support/storm.ts';

let cloud: Pipeline;

beforeAll(async () => {
  cloud = await startPipeline({
    calendar: { emptyPages: 0.2, channels: { retryBaseMs: 50 } },
    env: {
      // Some syncs end in the middle of a list, and are continued.
      sync: { SYNC_DEADLINE_SECONDS: '0.05' },
      // Whenever renew looks at a watch, its channel is to be replaced.
      renew: { RENEW_BEFORE_SECONDS: '604800' },
    },
  });
});
afterAll(() => cloud[Symbol.asyncDispose]());

/** How often every watch is looked at before what is not true counts as lost: Pub/Sub delivers again after some seconds. */
const ROUNDS = 10;

/** Takes every fault away and looks at every watch until mirror and feed are true. */
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
    await cloud.renewNow(...watches);
    try {
      await cloud.untilTrue(4_000);
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

/** Every channel that Google has is known, so that it can be stopped. */
async function expectNoUnknownChannel({ owner, guest }: World): Promise<void> {
  const known = new Set(
    (await cloud.firestore.collection('channels').select().get()).docs.map(({ id }) => id),
  );
  const open = [owner, guest].flatMap((user) => cloud.live(user).map(({ id }) => id));
  expect(open.filter((id) => !known.has(id))).toEqual([]);
}

/** Takes a run's watches and mirror away, so that the next verdict is about its own alone. */
async function leave({ owner, guest, watches }: World): Promise<void> {
  for (const user of [owner, guest]) cloud.calendar.channels.kill({ user });
  const { firestore } = cloud;
  for (const id of watches) await firestore.recursiveDelete(firestore.doc(`watches/${id}`));
  for (const user of [owner, guest]) await firestore.recursiveDelete(firestore.doc(`users/${user}`));
}

test('random edits and random faults leave a true mirror, and a feed without a gap that rebuilds it', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      const world = await newWorld(cloud);
      await cloud.untilTrue();
      for (const step of played) await perform(world, step);
      await clearUp(world);
      await expectNoUnknownChannel(world);
      expect(cloud.feed.deadLetters).toEqual([]);
      await leave(world);
    }),
    // A run takes seconds: what fails is shown as it is, with its seed, and not shrunk.
    { numRuns: 8, seed: 20_300_101, endOnFailure: true, verbose: 1 },
  );
}, 240_000);
