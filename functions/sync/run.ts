import type { Page } from '../calendar/client.ts';
import type { Answer } from '../calendar/errors.ts';
import type { Notification } from '../feed/notification.ts';
import type { ClockStatus } from '../watches/clock-status.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { Release } from '../runtime/slots.ts';
import type { SyncStatus, Traversal } from '../watches/status.ts';
import { outboxEnd, type Version, type Watch } from '../watches/watch.ts';
import type { SyncContext } from './context.ts';
import type { Decision } from './decide.ts';

/** A page that is requested ahead. */
export interface Prefetched {
  readonly pageToken: string;
  readonly answer: Promise<Answer<Page>>;
  readonly slot: Promise<Release>;
}

/** A traversal in this process: the watch as loaded, and how far the steps have come since. */
export interface Run {
  /** The dependencies of sync; its client of Google Calendar counts the calls of this run. */
  readonly context: SyncContext;
  /** As loaded before the first step. */
  readonly watch: Watch;
  readonly watchSpec: WatchSpec;
  readonly notification: Notification;
  /** Whether the traversal began without this notification, which needs a sync of its own once that is complete. */
  readonly isFollower: boolean;
  /** Whether the notification was covered, and syncs only for those that may wait behind it in the queue. */
  readonly queued: boolean;
  /** The watch's version after the latest commit; the next commit requires it. */
  version: Version;
  /** The sync status after the latest commit. */
  sync: SyncStatus;
  /** Everything up to this position is published and out of the outbox. */
  publishedTo: string;
  traversal: Traversal;
  /** The status of the watch's clock after the latest commit. */
  clock: ClockStatus | undefined;
  /** The calendar's time zone on the latest page. */
  timeZone?: string | undefined;
  /** Recurring events known to exist: listed during this run, or found when asked for. */
  readonly knownSeries: Set<string>;
  /** Steps taken by this process. */
  steps: number;
  /** The in-flight outbox publish; overlaps the next step and must be awaited before the run ends. */
  publishing: Promise<void>;
  /** The next page, requested while the current one is committed, with a slot of its own. */
  prefetched?: Prefetched | undefined;
}

/** A decision that a run carries out. */
export type RunDecision = Extract<Decision, { do: 'sync' | 'purge' }>;

/** The origin of a full sync that looks for changes which incremental lists have missed. */
export const RECONCILE = 'reconcile';

/** Returns what a traversal remembers, across continuations, of the notification that it began with. */
export function originOf(notification: Notification, queued = false): NonNullable<Traversal['origin']> {
  const { reason } = notification;
  if (queued) return { reason: 'queue', ...(reason === 'push' ? { channel: notification.channelId } : {}) };
  if (reason !== 'push') return { reason };
  return { reason, state: notification.resourceState, channel: notification.channelId };
}

/** Returns a traversal at its first page. A full sync sweeps only where something is mirrored already. */
export async function newTraversal(
  { context, watch, watchSpec }: Pick<Run, 'context' | 'watch' | 'watchSpec'>,
  kind: Traversal['kind'],
  origin: Traversal['origin'],
): Promise<Traversal> {
  const sweeps = kind === 'full' && !(await context.mirror.isEmpty(watchSpec.collection));
  return {
    id: context.newId(),
    kind,
    parametersKey: watchSpec.parametersKey,
    startedAt: watch.readTime,
    origin,
    stepsCommitted: 0,
    changeCount: 0,
    ...(sweeps ? { seenPages: 0 } : {}),
  };
}

/** Returns the traversal that a decision resumes, or a new one. */
async function traversalFor(
  context: SyncContext,
  notification: Notification,
  watch: Watch,
  decision: RunDecision,
): Promise<Traversal> {
  const { watchSpec } = decision;
  if (decision.do === 'purge') {
    const { traversal } = watch.sync;
    if (traversal?.kind === 'purge') return traversal;
    return newTraversal({ context, watch, watchSpec }, 'purge', originOf(notification));
  }
  if ('resume' in decision) return decision.resume;
  const origin = decision.reconciles ? { reason: RECONCILE } : originOf(notification, decision.queued);
  return newTraversal({ context, watch, watchSpec }, decision.start, origin);
}

/** Begins or resumes a traversal of a loaded watch. Nothing is written yet. */
export async function begin(
  context: SyncContext,
  notification: Notification,
  watch: Watch,
  decision: RunDecision,
): Promise<Run> {
  return {
    context,
    watch,
    watchSpec: decision.watchSpec,
    notification,
    isFollower: 'isFollower' in decision && decision.isFollower,
    queued: 'queued' in decision && decision.queued,
    version: watch.version,
    sync: watch.sync,
    clock: watch.clock,
    // The outbox was drained.
    publishedTo: outboxEnd(watch),
    traversal: await traversalFor(context, notification, watch, decision),
    knownSeries: new Set(),
    steps: 0,
    publishing: Promise.resolve(),
  };
}
