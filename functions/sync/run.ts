import type { Page } from '../calendar/client.ts';
import type { Answer } from '../calendar/errors.ts';
import type { Item } from '../calendar/resources.ts';
import type { Notification } from '../feed/notification.ts';
import { errorText } from '../log.ts';
import type { Step } from '../mirror/commit.ts';
import { Refused } from '../mirror/database.ts';
import type { Wish } from '../mirror/spec.ts';
import type { SyncStatus, Traversal, Version, Watch } from '../mirror/watch.ts';
import { announce } from './announce.ts';
import type { Difference } from './changes.ts';
import type { SyncContext } from './context.ts';
import { eventFields } from './event-fields.ts';
import { parts, type Part } from './parts.ts';
import { nameOf, withSetAside } from './set-aside.ts';

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
  /** The latest announcement: it goes on while the next step is prepared and committed. Who leaves the run waits for it. */
  announced: Promise<void>;
  /** The next page, asked for while the one before it is committed. */
  ahead?: { readonly pageToken: string; readonly answer: Promise<Answer<Page>> };
}

const NOTHING: Part = { changes: [], writes: [] };

type Ending = Omit<Step, 'watchId' | 'version' | 'writes' | 'changes'>;

/** What a step does to the mirror. */
export interface StepInput {
  readonly differences: readonly Difference[];
  /** The calendar's, where the list told it. */
  readonly timeZone?: string | undefined;
  /** See {@link Step.unseen}. */
  readonly unseen?: boolean;
}

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
  if (outboxId === undefined) return;
  // One after the other: what Pub/Sub did not take must not be overtaken by what comes after it.
  await run.announced;
  run.announced = announce(context, run.watch.id, { id: outboxId, changes: part.changes });
  // Whether it failed is for the next to wait for it to hear.
  run.announced.catch(() => undefined);
}

const numbered = (sync: SyncStatus, { changes }: Part): SyncStatus => ({
  ...sync,
  sequence: changes.at(-1)?.sequence ?? sync.sequence,
});

/** Names an item that Firestore takes neither with others nor alone, and lets the rest of its calendar go on. */
function setAside(context: SyncContext, run: Run, itemId: string, refused: Refused): void {
  const [item, reason] = [nameOf(itemId), errorText(refused)];
  context.log.warning('item set aside', { watch: run.watch.id, item, reason });
  run.sync = withSetAside(run.sync, new Map([[item, reason]]));
}

/**
 * Commits a step: its differences, numbered and in as many parts as it takes. A part is announced while the next is on its way,
 * and the next announced after it: no more than two are ever in the outbox. Cursors move
 * with the last part only (`finish` says where to), so that whoever comes after a crash lists the same page again and
 * finds the parts before unchanged. What Firestore refuses is halved until what it refuses stands alone, and is set aside.
 * @throws {Conflict} when the watch is no longer what the step was decided on, {@link AlreadyThere} when the mirror is not.
 */
export async function commitStep(
  context: SyncContext,
  run: Run,
  { differences, timeZone, unseen }: StepInput,
  finish: (sync: SyncStatus) => Ending,
): Promise<void> {
  const { watch, wish } = run;
  const isEvents = wish.target.resource === 'events';
  const numbering = {
    watchId: watch.id,
    target: wish.target,
    occurredAt: new Date(context.now()).toISOString(),
    fieldsOf: (item: Item) => (isEvents ? eventFields(item, timeZone) : undefined),
  };
  let rest = differences;
  let atOnce = Number.POSITIVE_INFINITY;
  run.steps += 1;
  for (;;) {
    const [part = NOTHING] = parts(rest.slice(0, atOnce), { ...numbering, sequence: run.sync.sequence });
    const { length } = part.changes;
    const isLast = length === rest.length;
    const sync = numbered(run.sync, part);
    try {
      // The traversal stands in the watch from its first change on: without it nobody could tell that it has begun.
      await commitPart(context, run, part, {
        ...(isLast ? finish(sync) : { sync: { ...sync, traversal: run.traversal } }),
        unseen,
      });
      if (isLast) return;
      rest = rest.slice(length);
      atOnce *= 2;
    } catch (error) {
      const [first] = rest;
      if (!(error instanceof Refused) || first === undefined) throw error;
      if (length === 1) {
        setAside(context, run, first.itemId, error);
        rest = rest.slice(1);
      }
      atOnce = Math.ceil(length / 2);
    }
  }
}
