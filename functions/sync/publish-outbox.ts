import { withMetric } from '../runtime/metrics.ts';
import { changeMessage, type Change } from '../feed/change.ts';
import { collectionPath, itemPath } from '../firestore/paths.ts';
import type { OutboxEntry } from '../mirror/outbox.ts';
import type { SyncContext } from './context.ts';

/** Publishes committed changes in sequence order, and deletes them from the outbox afterwards. */

/** Entries per query; each may have most of a MiB. */
const PAGE_SIZE = 5;

async function publishAll(context: SyncContext, changes: readonly Change[]): Promise<void> {
  const publishes = changes.map((change) =>
    context.publishChange(changeMessage(change, itemPath(collectionPath(change), change.itemId))),
  );
  // A retry starts at the first change again, so wait for all publishes before reporting a failure.
  const failed = (await Promise.allSettled(publishes)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Publishes an entry, then deletes it. @throws when Pub/Sub rejects a change; the entry then stays. */
export async function publishEntry(context: SyncContext, watchId: string, entry: OutboxEntry): Promise<void> {
  await publishAll(context, entry.changes);
  await context.mirror.deleteOutboxEntry(watchId, entry.id);
}

/** Publishes the entries that an interrupted sync has left, in sequence order. */
export async function drainOutbox(context: SyncContext, watchId: string): Promise<void> {
  for (;;) {
    const entries = await context.mirror.readOutbox(watchId, PAGE_SIZE);
    const [oldest] = entries;
    if (oldest !== undefined) {
      const committedAt = Date.parse(oldest.changes[0]?.occurredAt ?? '');
      const ageSeconds = Math.max(0, Math.round((context.now() - committedAt) / 1000)) || 0;
      const metric = { metric: 'outbox', entries: entries.length, ageSeconds } as const;
      context.log.warning('outbox drained late', withMetric({ watch: watchId }, metric));
    }
    for (const entry of entries) await publishEntry(context, watchId, entry);
    if (entries.length < PAGE_SIZE) return;
  }
}
