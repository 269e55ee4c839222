/** Renew runs clocks that are due: without quota, before other work, and behind a backlog of it. */
import { createSecretKey } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { describe, expect, test } from 'vitest';
import { createFirestore } from '../../../../functions/firestore/client.ts';
import { createMirror } from '../../../../functions/mirror/index.ts';
import type { RenewContext } from '../../../../functions/renew/context.ts';
import { renew } from '../../../../functions/renew/run.ts';
import { createLog } from '../../../../functions/runtime/log.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import type { WatchPatch } from '../../../../functions/watches/watches.ts';
import { CLOCKED, clockStatus, NOW, RULES, sampleWatch } from '../../../support/sample-watch.ts';

const MINUTE = 60_000;
const LEAD = 90_000;
const LATER = NOW + 60 * MINUTE;

const unused = (): never => {
  throw new Error('makes no calls');
};
const named = (id: string, given: Parameters<typeof sampleWatch>[0]): Watch => {
  const { nextDueAt = NOW } = given ?? {};
  const watch = sampleWatch({ ...given, id, nextDueAt });
  const collection = watch.spec.ok ? watch.spec.value.collection : undefined;
  return { ...watch, collection, version: { ...watch.version, nextDueAt: Timestamp.fromMillis(nextDueAt) } };
};
/** A watch whose clock has been due for `ms`. */
const clocked = (id: string, ms = 30_000, given: Parameters<typeof sampleWatch>[0] = {}): Watch =>
  named(id, {
    spec: CLOCKED,
    clock: clockStatus(NOW - ms + LEAD),
    nextDueAt: NOW - ms,
    checkAt: LATER,
    ...given,
  });
const ordinary = (id: string, ms = MINUTE, user = 'ana@example.com'): Watch =>
  named(id, { spec: { ...CLOCKED, user, clock: undefined }, nextDueAt: NOW - ms });
const many = (count: number, make: (index: number) => Watch): readonly Watch[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Runs renew on these watches. Returns its summary, and in order what it published and wrote. */
async function run(watches: readonly Watch[], given: Partial<RenewContext> = {}) {
  const events: string[] = [];
  const queries: (number | undefined)[] = [];
  const due = new Map(watches.map((watch) => [watch.id, watch]));
  const mirror = {
    ...createMirror(createFirestore('unused', '(default)')),
    dueChannels: () => Promise.resolve([]),
    dueWatches: (now: number, limit: number, after?: number) => {
      queries.push(after);
      const found = [...due.values()]
        .filter(({ nextDueAt = 0 }) => nextDueAt <= now && nextDueAt > (after ?? -1))
        .toSorted((a, b) => (a.nextDueAt ?? 0) - (b.nextDueAt ?? 0));
      return Promise.resolve(found.slice(0, limit).map((watch) => ({ ok: true as const, watch })));
    },
    applyReconcileResult: async ({ id }: Watch, { nextDueAt }: WatchPatch) => {
      events.push(`${id} due ${String(((nextDueAt ?? 0) - NOW) / MINUTE)}`);
      due.delete(id);
      return false;
    },
  };
  const context: RenewContext = {
    mirror,
    calendar: { list: unused, get: unused, watch: unused, stop: unused },
    publishNotification: async ({ attributes }) => {
      events.push(`${attributes['watch'] ?? ''} ${attributes['reason'] ?? ''}`);
      return 'published';
    },
    auth: 'emulator',
    address: 'https://receive.example.com',
    key: { id: 'k1', secret: createSecretKey(Buffer.from('no channel is opened here')) },
    rules: RULES,
    concurrency: 1,
    budgetMs: 45_000,
    now: () => NOW,
    random: () => 0.5,
    newId: () => 'message',
    isShuttingDown: () => false,
    log: createLog(() => {}),
    ...given,
  };
  const summary = await renew(context);
  return { summary, events, queries };
}

const NOTHING = { created: 0, renewed: 0, stopped: 0, polled: 0, failed: 0, remaining: 0 };

describe('renew', () => {
  test('asks for a clock that is due, and moves the watch to its next check', async () => {
    const { summary, events } = await run([clocked('a')]);
    expect(events).toEqual(['a clock', 'a due 60']);
    expect(summary).toEqual(NOTHING);
  });

  test('polls a watch whose clock was left alone in an outage: events may have moved', async () => {
    const { summary, events } = await run([clocked('a', 3 * MINUTE)]);
    expect(events).toEqual(['a poll', 'a due 60']);
    expect(summary).toEqual({ ...NOTHING, polled: 1 });
  });

  test('checks a watch that is due for its check too', async () => {
    const { events } = await run([clocked('a', 30_000, { checkAt: NOW })]);
    expect(events[0]).toBe('a poll');
  });

  test('runs clocks first', async () => {
    const { events } = await run([ordinary('a'), ordinary('b'), clocked('c')]);
    expect(events.slice(0, 3)).toEqual(['c clock', 'c due 60', 'a poll']);
  });

  test('runs clocks without quota, and checks nothing else', async () => {
    // 200 calls for each of 20 users are the project's share.
    const others = many(4100, (index) => ordinary(`o${index}`, MINUTE, `u${index % 25}@example.com`));
    const clocks = many(50, (index) => clocked(`c${index}`));
    const { summary, events } = await run([...others, ...clocks], { concurrency: 8 });
    expect(events.filter((each) => each.endsWith(' clock'))).toHaveLength(50);
    expect(summary).toMatchObject({ polled: 4000, failed: 0 });
    expect(summary.remaining).toBeGreaterThan(0);
  });

  test('runs the clock of a watch whose check waits for its user’s quota', async () => {
    const others = many(200, (index) => ordinary(`o${index}`, 5 * MINUTE));
    const { summary, events } = await run([...others, clocked('c', 30_000, { checkAt: NOW })]);
    expect(events.filter((each) => each.startsWith('c '))).toEqual(['c clock']);
    expect(summary).toMatchObject({ polled: 200, remaining: 1 });
  });

  test('publishes what is mirrored after an outage where the quota allows no poll', async () => {
    const others = many(201, (index) => clocked(`c${index}`, 3 * MINUTE));
    const { summary, events } = await run(others);
    expect(summary).toEqual({ ...NOTHING, polled: 200 });
    expect(events.filter((each) => each.endsWith(' clock'))).toHaveLength(1);
  });

  test('finds clocks behind a backlog, by one more query, which it spares otherwise', async () => {
    const { events, queries } = await run([
      ...many(500, (index) => ordinary(`o${index}`, 60 * MINUTE, `u${index}@x.y`)),
      clocked('c'),
    ]);
    expect(events[0]).toBe('c clock');
    expect(queries.slice(0, 2)).toEqual([undefined, NOW - 180_000]);
    expect((await run([clocked('c'), ordinary('o')])).queries).toEqual([undefined, undefined]);
  });

  test('leaves a clock due that cannot be published', async () => {
    const { summary, events } = await run([clocked('c')], {
      publishNotification: () => Promise.reject(new Error('Pub/Sub is unavailable')),
    });
    expect(events).toEqual([]);
    expect(summary).toEqual({ ...NOTHING, failed: 1 });
  });

  test('starts nothing when its time is up, and counts what remains', async () => {
    const { summary, events } = await run([clocked('c'), ordinary('o')], { isShuttingDown: () => true });
    expect(events).toEqual([]);
    expect(summary).toEqual({ ...NOTHING, remaining: 2 });
  });
});
