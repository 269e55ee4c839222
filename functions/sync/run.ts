import type { Change } from '../feed/change.ts';
import type { Notification } from '../feed/notification.ts';
import type { Step } from '../mirror/commit.ts';
import type { Wish } from '../mirror/spec.ts';
import type { SyncStatus, Traversal, Version, Watch } from '../mirror/watch.ts';
import { announce } from './announce.ts';
import type { Difference } from './changes.ts';
import type { SyncContext } from './context.ts';
import { eventFields } from './event-fields.ts';
import { parts, type Part } from './parts.ts';

/** One traversal under way in this process: what was loaded, and what the steps so far have made of it. */
export interface Run {
  /** As loaded before the first step. */
  readonly watch: Watch;
  readonly wish: Wish;
  readonly notification: Notification;
  /** Whether the notification wants another look once the traversal is complete, which began without it. */
  readonly joins: boolean;
  /** As the last step left it; the next one is conditioned on it. */
  version: Version;
  sync: SyncStatus;
  traversal: Traversal;
  /** Steps taken by this process. */
  steps: number;
}

type Ending = Omit<Step, 'watchId' | 'version' | 'writes' | 'changes'>;

async function commitPart(context: SyncContext, run: Run, part: Part, ending: Ending): Promise<void> {
  const { version, outboxId } = await context.mirror.commit({
    ...ending,
    watchId: run.watch.id,
    version: run.version,
    collection: run.wish.collection,
    writes: part.writes,
    changes: part.changes,
  });
  run.version = version;
  run.sync = ending.sync;
  if (outboxId !== undefined) await announce(context, run.watch.id, { id: outboxId, changes: part.changes });
}

const lastNumber = (changes: readonly Change[], before: number): number => changes.at(-1)?.sequence ?? before;

/**
 * Commits a step: its differences, numbered and in as many parts as it takes, each announced before the next. Cursors move
 * with the last part only (`finish` says where to), so that whoever comes after a crash lists the same page again and
 * finds the parts before unchanged.
 * @throws {Conflict} when the watch is no longer what the step was decided on.
 */
export async function commitStep(
  context: SyncContext,
  run: Run,
  differences: readonly Difference[],
  timeZone: string | undefined,
  finish: (sync: SyncStatus) => Ending,
): Promise<void> {
  const { watch, wish } = run;
  const isEvents = wish.target.resource === 'events';
  const all = parts(differences, {
    watchId: watch.id,
    target: wish.target,
    sequence: run.sync.sequence,
    occurredAt: new Date(context.now()).toISOString(),
    fieldsOf: (item) => (isEvents ? eventFields(item, timeZone) : undefined),
  });
  let last: Part = { changes: [], writes: [] };
  for (const part of all) {
    if (last.changes.length > 0) {
      // The traversal stands in the watch from its first change on: without it nobody could tell that it has begun.
      await commitPart(context, run, last, {
        sync: { ...numbered(run.sync, last), traversal: run.traversal },
      });
    }
    last = part;
  }
  run.steps += 1;
  await commitPart(context, run, last, finish(numbered(run.sync, last)));
}

const numbered = (sync: SyncStatus, { changes }: Part): SyncStatus => ({
  ...sync,
  sequence: lastNumber(changes, sync.sequence),
});
