import type { Notification } from '../../functions/feed/notification.ts';
import type { SyncStatus, Traversal } from '../../functions/watches/status.ts';
import { outboxEnd, type Watch } from '../../functions/watches/watch.ts';
import type { WatchSpec } from '../../functions/watches/spec.ts';
import { completion } from '../../functions/sync/complete.ts';
import { originOf, type Run } from '../../functions/sync/run.ts';
import { NOW, PUSH, sampleWatch, WATCH_SPEC } from './sample-watch.ts';
import { syncContext } from './sync-context.ts';

const traversal = (
  kind: Traversal['kind'],
  notification: Notification | undefined,
  queued: boolean,
): Traversal => ({
  id: 'traversal-1',
  kind,
  ...(notification && { origin: originOf(notification, queued) }),
  parametersKey: WATCH_SPEC.parametersKey,
  startedAt: NOW - 5000,
  stepsCommitted: 2,
  changeCount: 0,
});

export interface CompletedSync {
  /** Whether the traversal has an origin; those of earlier versions have none. */
  readonly hasOrigin?: boolean;
  readonly watch?: Watch;
  readonly notification?: Notification;
  readonly kind?: Traversal['kind'];
  readonly token?: string | undefined;
  readonly changeCount?: number;
  readonly isFollower?: boolean;
  readonly queued?: boolean;
  readonly coalesced?: boolean;
  readonly watchSpec?: WatchSpec;
}

/** Completes a sync that has numbered its changes up to 12. Returns what its last step commits. */
export function complete({
  watch = sampleWatch(),
  notification = PUSH,
  kind = 'incremental',
  token = 'next',
  changeCount = 1,
  isFollower = false,
  queued = false,
  coalesced = isFollower,
  hasOrigin = true,
  watchSpec = WATCH_SPEC,
}: CompletedSync) {
  const { version, sync } = watch;
  const run: Run = {
    context: syncContext(),
    watch,
    watchSpec,
    notification,
    isFollower,
    queued,
    version,
    sync,
    clock: watch.clock,
    publishedTo: outboxEnd(watch),
    traversal: {
      ...traversal(kind, hasOrigin ? notification : undefined, queued),
      ...(coalesced ? { coalesced } : {}),
    },
    knownSeries: new Set(),
    steps: 1,
    publishing: Promise.resolve(),
  };
  const numbered: SyncStatus = { ...watch.sync, sequence: 12, traversal: run.traversal };
  return completion(run, token === '' ? undefined : token, changeCount)(numbered);
}
