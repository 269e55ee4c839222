/**
 * Why the interleavings have an explorer of their own: it finds a defect that fast-check's scheduler misses with the same number of
 * schedules. See `infra/decisions/interleavings.md`.
 */
import { createSecretKey } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import type { Mirror } from '../../../../functions/mirror/index.ts';
import type { RenewContext } from '../../../../functions/renew/context.ts';
import { renew } from '../../../../functions/renew/run.ts';
import { createLog } from '../../../../functions/runtime/log.ts';
import { renewWithBreakpoints, idsOf } from '../../../reliability/interleavings/breakpoints.ts';
import { explore } from '../../../reliability/interleavings/explore.ts';
import { interleave, type Effect } from '../../../reliability/interleavings/interleave.ts';
import { createDocuments } from '../../../reliability/simulation/documents.ts';
import { createMemoryMirror } from '../../../reliability/simulation/mirror.ts';
import { createSubject } from '../../../reliability/simulation/subject.ts';
import { RULES } from '../../../support/sample-watch.ts';

const MINUTE = 60_000;
const SUBJECT = createSubject(1, 0);

type Actors = Readonly<Record<string, (effect: Effect) => Promise<unknown>>>;

/** The defect: the check of `nextDueAt` and the write are not one transaction. */
const withDefect = (context: RenewContext, mirror: Mirror, effect: Effect): RenewContext => ({
  ...context,
  mirror: {
    ...context.mirror,
    applyReconcileResult: async (read, patch) => {
      const found = await effect('check', { reads: ['watch'] }, () => mirror.loadWatch(read.id));
      return effect('write', { writes: ['watch'] }, async () => {
        const now = await mirror.loadWatch(read.id);
        const isAsRead = found?.nextDueAt === read.nextDueAt;
        return now !== undefined && (await mirror.applyReconcileResult(isAsRead ? now : read, patch));
      });
    },
  },
});

/**
 * Runs renew on a new watch while a user requests a check, in the order that `run` gives their effects.
 * @throws Error when the request is lost.
 */
async function race(hasDefect: boolean, run: (actors: Actors) => Promise<void>): Promise<void> {
  let now = Date.UTC(2026, 0, 5);
  const documents = createDocuments({ now: () => now }, 0);
  documents.writeSpec(SUBJECT, SUBJECT.spec);
  now += MINUTE;
  const ask = async <T>(_: string, done: (subject: typeof SUBJECT) => T): Promise<T> => done(SUBJECT);
  const mirror = createMemoryMirror({
    documents,
    ask: { of: ask, commit: ask, all: async (done) => done() },
  });
  let checks = 0;
  let checksBefore: number | undefined;
  const context: RenewContext = {
    mirror: {
      ...mirror,
      dueWatches: async (...given) => {
        const due = await mirror.dueWatches(...given);
        checks += due.length;
        return due;
      },
      loadWatch: async (id) => {
        checks += 1;
        return mirror.loadWatch(id);
      },
    },
    calendar: {
      list: unused,
      get: unused,
      stop: unused,
      watch: async (_as, _target, _parameters, { expiresAt }) => ({
        ok: true,
        value: { resourceId: 'resource', expiresAt },
      }),
    },
    publishNotification: async () => 'id',
    auth: 'emulator',
    address: 'https://receive.example.com',
    key: { id: 'k1', secret: createSecretKey(Buffer.alloc(32)) },
    rules: RULES,
    concurrency: 1,
    budgetMs: MINUTE,
    now: () => now,
    random: () => 0.5,
    newId: idsOf(1),
    isShuttingDown: () => false,
    log: createLog(() => {}),
  };
  await run({
    renew: (effect) => {
      const gated = renewWithBreakpoints(effect, context);
      return renew(hasDefect ? withDefect(gated, mirror, effect) : gated);
    },
    user: (effect) =>
      effect('request a check', { writes: ['watch'] }, async () => {
        documents.writeSpec(SUBJECT, SUBJECT.spec);
        checksBefore = checks;
      }),
  });
  const due = (await mirror.loadWatch(SUBJECT.id))?.nextDueAt ?? Infinity;
  if (due > now && checks === checksBefore) throw new Error('a requested check is lost');
}

const unused = (): never => {
  throw new Error('renew has no use for it here');
};

const exploreAll = (hasDefect: boolean) =>
  explore([(choose) => race(hasDefect, (actors) => interleave(actors, choose))]);

const scheduled =
  (scheduler: fc.Scheduler, actor: string): Effect =>
  async (name, _touches, perform) => {
    await scheduler.schedule(Promise.resolve(), `${actor}: ${name}`);
    return perform();
  };

/** Lets fast-check's scheduler choose. Every actor is at its next effect before each choice. */
const check = (seed: number, numRuns: number) =>
  fc.check(
    fc.asyncProperty(fc.scheduler(), (scheduler) =>
      race(true, async (actors) => {
        const ends = Promise.all(
          Object.entries(actors).map(([actor, act]) => act(scheduled(scheduler, actor))),
        );
        for (await turn(); scheduler.count() > 0; await turn()) await scheduler.waitNext(1);
        await ends;
      }),
    ),
    { numRuns, seed, endOnFailure: true },
  );

describe('a check and a write that are not one transaction', () => {
  let schedules: number;

  beforeAll(async () => {
    // How many schedules the explorer needs for every order of the program without the defect.
    ({ schedules } = await exploreAll(false));
  });

  test('are caught by the explorer', async () => {
    await expect(exploreAll(true)).rejects.toThrow('a requested check is lost');
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'are missed by the scheduler of fast-check in as many schedules (seed %i)',
    async (seed) => {
      expect(await check(seed, schedules)).toMatchObject({ failed: false, numRuns: schedules });
    },
  );
});
