import { changeMessage, type Change } from '../feed/change.ts';
import { collectionPath, itemPath } from '../mirror/ids.ts';
import type { OutboxEntry } from '../mirror/outbox.ts';
import type { SyncContext } from './context.ts';

/** From the outbox to the feed: what is committed gets published, in sequence order, and only then forgotten. */

/** Entries read at once: each may hold most of a MiB. */
const AT_ONCE = 5;

async function publishAll(context: SyncContext, changes: readonly Change[]): Promise<void> {
  const published = changes.map((change) =>
    context.publishChange(changeMessage(change, itemPath(collectionPath(change), change.itemId))),
  );
  // All must have come to an end before a failure is passed on: a later attempt begins at the first change again.
  const failed = (await Promise.allSettled(published)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Publishes an entry and then deletes it. @throws when Pub/Sub does not take a change; the entry then stays. */
export async function announce(context: SyncContext, watchId: string, entry: OutboxEntry): Promise<void> {
  await publishAll(context, entry.changes);
  await context.mirror.deleteOutboxEntry(watchId, entry.id);
}

/** Publishes what an earlier crash left behind, in sequence order. */
export async function announceLeftovers(context: SyncContext, watchId: string): Promise<void> {
  for (;;) {
    const entries = await context.mirror.readOutbox(watchId, AT_ONCE);
    const [oldest] = entries;
    if (oldest !== undefined) {
      const committedAt = Date.parse(oldest.changes[0]?.occurredAt ?? '');
      const ageSeconds = Math.max(0, Math.round((context.now() - committedAt) / 1000)) || 0;
      const measure = { metric: 'outbox', entries: entries.length, ageSeconds } as const;
      context.log.warning('changes announced late', { watch: watchId }, measure);
    }
    for (const entry of entries) await announce(context, watchId, entry);
    if (entries.length < AT_ONCE) return;
  }
}
