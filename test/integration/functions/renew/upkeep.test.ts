/** Leftovers of manual edits, which renew repairs now and then. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { DocumentReference, Timestamp } from '@google-cloud/firestore';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Change } from '../../../../functions/feed/change.ts';
import { parseNotification } from '../../../../functions/feed/notification.ts';
import { createLog } from '../../../../functions/runtime/log.ts';
import { createMirror } from '../../../../functions/mirror/index.ts';
import { entryDocument } from '../../../../functions/watches/announce.ts';
import { positionOf } from '../../../../functions/watches/epochs.ts';
import { seenPage } from '../../../../functions/mirror/seen.ts';
import type { RenewContext } from '../../../../functions/renew/context.ts';
import { renew } from '../../../../functions/renew/run.ts';
import { startBill } from '../../../support/firestore-bill.ts';
import { RULES } from '../../../support/sample-watch.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

let bench: Awaited<ReturnType<typeof startSyncBench>>;
beforeAll(async () => {
  bench = await startSyncBench({}, { channels: { syncBeforeResponse: 'never' } });
});
afterAll(() => bench.close());
afterEach(async () => {
  vi.restoreAllMocks();
  await bench.firestore.recursiveDelete(bench.firestore.collection('watches'));
});

/** Random numbers of a run with upkeep, and of one without. */
const [UPKEEP, USUAL] = [0.999, 0.5];

/** Runs renew once. Returns what it logged, and which watches it polled. */
async function run(random: number, given: Partial<RenewContext> = {}) {
  const lines: string[] = [];
  const polled: string[] = [];
  const summary = await renew({
    ...bench.context,
    address: 'http://127.0.0.1:1/',
    key: { id: 'k1', secret: createSecretKey(randomBytes(32)) },
    rules: RULES,
    concurrency: 1,
    budgetMs: 20_000,
    random: () => random,
    publishNotification: ({ attributes, data }) => {
      const parsed = parseNotification(attributes, data.toString());
      if (parsed.ok) polled.push(parsed.notification.watchId);
      return Promise.resolve('');
    },
    log: createLog((line) => lines.push(line)),
    ...given,
  });
  return { log: lines.join(''), polled, summary };
}

const LATER = Timestamp.fromMillis(Date.now() + 86_400_000);

async function watchSpec(id: string, nextDueAt: unknown): Promise<void> {
  const spec = { user: `${id}@example.com`, resource: 'settings' };
  await bench.firestore.doc(`watches/${id}`).set({ spec, nextDueAt });
}
const dueAt = async (id: string): Promise<unknown> =>
  (await bench.firestore.doc(`watches/${id}`).get()).get('nextDueAt');

test('a watch whose nextDueAt is missing or not a Timestamp is found and polled', async () => {
  await watchSpec('of-none', undefined);
  await watchSpec('of-a-number', 1_900_000_000_000);
  await watchSpec('of-a-text', '2030-01-01T00:00:00Z');
  await watchSpec('of-null', null);
  await watchSpec('later', LATER);
  const undue = ['of-a-number', 'of-a-text', 'of-none', 'of-null'];
  expect((await run(USUAL)).polled).toEqual([]);
  const { log, polled } = await run(UPKEEP);
  expect(polled.toSorted()).toEqual(undue);
  expect(log).toContain(
    `"message":"nextDueAt is missing or not a Timestamp, set to now","watches":"${undue.join(', ')}"`,
  );
  for (const id of undue) expect(await dueAt(id)).toBeInstanceOf(Timestamp);
  expect(await dueAt('later')).toEqual(LATER);
});

test('a watch that is edited during the repair of its nextDueAt keeps the edit', async () => {
  await watchSpec('edited', undefined);
  const before = vi.spyOn(DocumentReference.prototype, 'update').mockImplementationOnce(async function (
    this: DocumentReference,
    ...given: Parameters<DocumentReference['update']>
  ) {
    before.mockRestore();
    await this.set({ nextDueAt: LATER }, { merge: true });
    return this.update(...given);
  });
  expect(await createMirror(bench.firestore).repairUndue(() => false)).toEqual([]);
  expect(await dueAt('edited')).toEqual(LATER);
});

test('leftovers of deleted watches are published and deleted, other documents stay', async () => {
  const change: Change = {
    watchId: 'gone-1',
    user: 'ada@example.com',
    resource: 'settings',
    calendarId: null,
    itemId: 'locale',
    change: 'created',
    kinds: ['value'],
    sequence: 7,
    before: null,
    after: { id: 'locale', value: 'en' },
    occurredAt: '2030-01-01T00:00:00.000Z',
  };
  const put = (path: string, document: object) => bench.firestore.doc(path).set(document);
  const pages = Array.from({ length: 25 }, (_, page) => seenPage('a-traversal', page, ['item']));
  const entry = { id: positionOf(7), changes: [change], about: [] };
  await watchSpec('a-live', LATER);
  await watchSpec('z-live', LATER);
  await Promise.all([
    put(`watches/gone-1/outbox/${entry.id}`, entryDocument(entry)),
    // More than one query returns, of an existing watch, so that the search must go past it.
    ...pages.map(({ id, document }) => put(`watches/a-live/seen/${id}`, document)),
    ...pages.map(({ id, document }) => put(`watches/gone/seen/${id}`, document)),
    ...pages.map(({ id, document }) => put(`watches/gone-1/seen/${id}`, document)),
    put('watches/foreign/pages/1/seen/1', { mine: true }),
    put('others/foreign/seen/1', { mine: true }),
  ]);
  expect((await run(USUAL)).polled).toEqual([]);
  const { polled } = await run(UPKEEP);
  expect(polled.toSorted()).toEqual(['gone', 'gone-1']);
  for (const watchId of polled) await bench.handle({ reason: 'poll', watchId });
  expect(bench.published).toContain('gone-1/7');
  expect((await run(UPKEEP)).polled).toEqual([]);
  const left = await bench.firestore.collectionGroup('seen').count().get();
  expect(left.data().count).toBe(pages.length + 2);
});

/** Returns how many documents a run of renew reads. */
async function readsOf(random: number): Promise<number> {
  const bill = startBill();
  try {
    await run(random);
    return bill.total().reads;
  } finally {
    bill.stop();
  }
}

test('a usual run does no upkeep, and an upkeep that finds nothing reads no watch', async () => {
  await Promise.all(Array.from({ length: 30 }, (_, index) => watchSpec(`well-${String(index)}`, LATER)));
  // Two queries for what is due and two for leftovers: each costs one read if it finds nothing.
  expect(await readsOf(USUAL)).toBe(2);
  expect(await readsOf(UPKEEP)).toBe(4);
});

const down = () => Promise.reject(new Error('Firestore is away'));

test('a run continues if its upkeep fails', async () => {
  await watchSpec('due', Timestamp.fromMillis(0));
  const mirror = { ...bench.context.mirror, repairUndue: down, deletedWithRemains: down };
  const { log, polled, summary } = await run(UPKEEP, { mirror });
  expect(polled).toEqual(['due']);
  expect(summary.failed).toBe(0);
  expect(log.match(/upkeep failed, will retry/g)).toHaveLength(2);
});
