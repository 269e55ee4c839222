/** Watches that are deleted while a function processes them, and the seen pages that full syncs leave. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../../functions/runtime/log.ts';
import { createMirror } from '../../../../functions/mirror/index.ts';
import { seenPage } from '../../../../functions/mirror/seen.ts';
import { reconcile } from '../../../../functions/renew/reconcile.ts';
import { handleNotification } from '../../../../functions/sync/engine.ts';
import { RULES } from '../../../support/sample-watch.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

let bench: Awaited<ReturnType<typeof startSyncBench>>;
beforeAll(async () => {
  bench = await startSyncBench();
});
afterAll(() => bench.close());

const SPEC = { user: 'ada@example.com', resource: 'settings' };

/** Returns what a function logs about a watch that is deleted just before the claim of its collection. */
async function logOf(watchId: string, work: (context: typeof bench.context) => Promise<void>) {
  await bench.writeSpec(watchId, SPEC);
  const lines: string[] = [];
  const mirror = createMirror(bench.firestore);
  const claim: typeof mirror.claim = async (id, watchSpec) => {
    await bench.firestore.doc(`watches/${id}`).delete();
    return mirror.claim(id, watchSpec);
  };
  await work({ ...bench.context, mirror: { ...mirror, claim }, log: createLog((line) => lines.push(line)) });
  expect((await bench.firestore.doc(`watches/${watchId}`).get()).exists).toBe(false);
  return lines.join('\n');
}

test('a watch that is deleted during a sync is logged as deleted, not as out of service', async () => {
  const lines = await logOf('deleted-1', (context) =>
    handleNotification(context, { reason: 'poll', watchId: 'deleted-1' }, Date.now()),
  );
  expect(lines).toContain('watch deleted meanwhile');
  expect(lines).not.toMatch(/outOfService|watch paused/);
});

test('a watch whose removal finds no items is logged as removed, not as out of service', async () => {
  const document = bench.firestore.doc('watches/removed-1');
  await document.set({
    spec: { ...SPEC, removed: 'purge' },
    nextDueAt: Timestamp.fromMillis(0),
    status: { state: 'removing' },
  });
  const lines: string[] = [];
  const context = { ...bench.context, log: createLog((line) => lines.push(line)) };
  await handleNotification(context, { reason: 'poll', watchId: document.id }, Date.now());
  expect((await document.get()).get('status.state')).toBe('removed');
  expect(lines.join('\n')).toContain('watch removed');
  expect(lines.join('\n')).not.toMatch(/outOfService|watch paused/);
});

test('a watch that is deleted during a reconcile is logged as deleted, not as out of service', async () => {
  const lines = await logOf('deleted-2', async (context) => {
    const watch = await context.mirror.loadWatch('deleted-2');
    if (watch === undefined) throw new Error('the watch does not exist');
    const key = { id: 'k1', secret: createSecretKey(randomBytes(32)) };
    const renew = {
      address: 'https://receive.example.com',
      key,
      rules: RULES,
      concurrency: 1,
      budgetMs: 1000,
    };
    const summary = { created: 0, renewed: 0, stopped: 0, polled: 0, failed: 0, remaining: 0 };
    await reconcile({ ...context, ...renew, summary, isTimeUp: () => false, takeCall: () => true }, watch);
  });
  expect(lines).toContain('watch deleted meanwhile');
  expect(lines).not.toMatch(/outOfService|watch paused/);
});

test('a notification for a deleted watch deletes the seen pages of its full sync', async () => {
  const { id, document } = seenPage('a-traversal', 0, ['item']);
  const page = bench.firestore.doc(`watches/deleted-3/seen/${id}`);
  await page.set(document);
  await bench.handle({ reason: 'poll', watchId: 'deleted-3' });
  expect((await page.get()).exists).toBe(false);
});

test.each([
  ['missing', undefined],
  ['a number', 1_900_000_000_000],
  ['a text', '2030-01-01T00:00:00Z'],
])('a nextDueAt that is %s is set to now by a notification', async (_, nextDueAt) => {
  const document = bench.firestore.doc(`watches/undue-${typeof nextDueAt}`);
  await document.set({ spec: { ...SPEC, user: `${document.id}@example.com` }, nextDueAt });
  const due = async () =>
    (await createMirror(bench.firestore).dueWatches(Date.now() + 60_000, 100)).map((each) =>
      each.ok ? each.watch.id : each.id,
    );
  expect(await due()).not.toContain(document.id);
  await bench.handle({ reason: 'poll', watchId: document.id });
  expect(await due()).toContain(document.id);
  expect((await document.get()).get('status.sync.completedAt')).toBeInstanceOf(Timestamp);
});

test('seen pages of ended and abandoned traversals are deleted, those of the current one kept', async () => {
  const mirror = createMirror(bench.firestore);
  const watch = bench.firestore.doc('watches/seen');
  const put = async (traversal: string, count: number): Promise<void> => {
    const batch = bench.firestore.batch();
    for (let page = 0; page < count; page += 1) {
      const { id, document } = seenPage(traversal, page, ['item']);
      batch.set(watch.collection('seen').doc(id), document);
    }
    await batch.commit();
  };
  await watch.set({ spec: SPEC, status: { sync: { traversal: { id: 'b-under-way' } } } });
  await Promise.all([put('a-ended', 150), put('b-under-way', 120), put('c-abandoned', 30)]);
  await mirror.deleteSeen('seen');
  expect(await mirror.readSeen('seen', 'b-under-way')).toMatchObject({ pages: 120 });
  expect((await watch.collection('seen').count().get()).data().count).toBe(120);
  await watch.delete();
  await mirror.deleteSeen('seen');
  expect((await watch.collection('seen').get()).empty).toBe(true);
});
