import type { Notification } from '../feed/notification.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { Traversal } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';
import type { SyncContext } from './context.ts';
import type { Run } from './run.ts';

/** The origin of a full sync that looks for changes which incremental lists have missed. */
export const RECONCILE = 'reconcile';

export interface BeginOptions {
  readonly watch: Watch;
  readonly watchSpec: WatchSpec;
  readonly notification: Notification;
  /** The traversal to resume, or the kind of the one to begin. */
  readonly traversal: Traversal | Traversal['kind'];
  readonly isFollower?: boolean;
  readonly queued?: boolean;
  readonly reconciles?: boolean;
}

/** Returns what a traversal remembers, across continuations, of the notification that it began with. */
export function originOf(notification: Notification, queued = false): NonNullable<Traversal['origin']> {
  const { reason } = notification;
  if (queued) return { reason: 'queue', ...(reason === 'push' ? { channel: notification.channelId } : {}) };
  if (reason !== 'push') return { reason };
  return { reason, state: notification.resourceState, channel: notification.channelId };
}

/** Returns a traversal at its first page. A full sync sweeps only where something is mirrored already. */
export async function newTraversal(
  context: Pick<SyncContext, 'mirror' | 'newId'>,
  { watch, watchSpec }: Pick<BeginOptions, 'watch' | 'watchSpec'>,
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

/** Begins or resumes a traversal of a loaded watch. Nothing is written yet. */
export async function begin(context: SyncContext, options: BeginOptions): Promise<Run> {
  const { watch, watchSpec, notification, isFollower = false, queued = false, reconciles = false } = options;
  const origin = reconciles ? { reason: RECONCILE } : originOf(notification, queued);
  const traversal =
    typeof options.traversal === 'string'
      ? await newTraversal(context, options, options.traversal, origin)
      : options.traversal;
  return {
    watch,
    watchSpec,
    notification,
    isFollower,
    queued,
    version: watch.version,
    sync: watch.sync,
    traversal,
    knownSeries: new Set(),
    steps: 0,
    publishing: Promise.resolve(),
  };
}
