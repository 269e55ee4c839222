/** Counts what an action costs: calls where the clients send them, and documents as Firestore bills them. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { renew } from '../../functions/renew/run.ts';
import { startBill } from '../support/firestore-bill.ts';
import { RULES } from '../support/sample-watch.ts';
import type { SyncBench } from '../support/sync-bench.ts';
import type { Counted } from './prices.ts';

/** Counts what an action causes. Calls of the test itself to Google have no `quotaUser`. */
export async function count(bench: SyncBench, action: () => Promise<unknown>): Promise<Counted> {
  const calls = (): number =>
    bench.calendar.journal.requests().filter(({ query }) => query['quotaUser'] !== undefined).length;
  const [callsBefore, publishedBefore] = [calls(), bench.published.length];
  const counting = startBill();
  try {
    await action();
  } finally {
    counting.stop();
  }
  return {
    ...counting.total(),
    calls: calls() - callsBefore,
    published: bench.published.length - publishedBefore,
  };
}

/** Counts a run of renew without upkeep. */
export const countRun = (bench: SyncBench): Promise<Counted> =>
  count(bench, () =>
    renew({
      ...bench.context,
      publishNotification: async ({ orderingKey }) => {
        bench.published.push(orderingKey);
        return orderingKey;
      },
      address: 'http://127.0.0.1:1/',
      key: { id: 'k1', secret: createSecretKey(randomBytes(32)) },
      rules: RULES,
      concurrency: 32,
      budgetMs: 45_000,
      random: () => 0.5,
    }),
  );

export const NOTHING: Counted = { reads: 0, writes: 0, deletes: 0, calls: 0, published: 0 };

/** Returns the difference for each of `added` more. */
export const each = (more: Counted, fewer: Counted, added: number): Counted => ({
  reads: (more.reads - fewer.reads) / added,
  writes: (more.writes - fewer.writes) / added,
  deletes: (more.deletes - fewer.deletes) / added,
  calls: (more.calls - fewer.calls) / added,
  published: (more.published - fewer.published) / added,
});
