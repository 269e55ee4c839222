import { adviceText } from '../../functions/calendar/advice.ts';
import { adviceOn } from '../../functions/calendar/reasons.ts';
import type { WatchResult } from '../../functions/watches/watch.ts';
import { followTask } from '../../functions/renew/follow-plan.ts';

/** Whether a request about a watch has been carried out, judged by the watch as it is now. Pure. */

export type Verdict =
  | { readonly is: 'waiting'; readonly text: string }
  | { readonly is: 'done'; readonly text: string }
  | { readonly is: 'failed'; readonly text: string; readonly next: string };

type Readable = Extract<WatchResult, { ok: true }>;

/** Reasons for a pause that renew finds without a call to Google. */
const BY_SPEC: ReadonlySet<string | undefined> = new Set(['invalidSpec', 'specChanged', 'collectionTaken']);

const waiting = (text: string): Verdict => ({ is: 'waiting', text });
const done = (text: string): Verdict => ({ is: 'done', text });

const changes = (count: number): string => `${String(count)} ${count === 1 ? 'change' : 'changes'}`;

function failed({ watch }: Readable): Verdict {
  const why = [watch.reason ?? watch.sync.error, watch.detail]
    .filter((part) => part !== undefined)
    .join(', ');
  const next =
    watch.reason === 'collectionTaken'
      ? `run calendar-mirror unwatch ${watch.id}, or remove the other one`
      : `fix that, then run calendar-mirror renew ${watch.id}`;
  return { is: 'failed', text: `${watch.id} is ${watch.state} (${why})`, next };
}

/** Whether the watch was paused or found gone since a request (Unix ms). */
function hasFailedSince({ watch }: Readable, requestedAt: number): boolean {
  const { state, reason, sync, nextDueAt } = watch;
  if (state !== 'paused' && state !== 'gone') return false;
  return BY_SPEC.has(reason) ? nextDueAt !== requestedAt : (sync.failedAt ?? 0) >= requestedAt;
}

const lastError = ({ watch: { sync } }: Readable): string =>
  sync.failures > 0 && sync.error !== undefined ? `, retrying after ${sync.error}` : '';

/** Whether a watch that was requested at that time (Unix ms) is served and has completed its first sync. */
export function judgeWatch(listed: Readable, requestedAt: number): Verdict {
  const { watch } = listed;
  const { spec, state, sync, channel } = watch;
  if (!spec.ok || hasFailedSince(listed, requestedAt)) return failed(listed);
  if (state !== 'active' && state !== 'polling') {
    return waiting(
      state === 'pending' ? 'waiting for renew, which is called every minute' : `${state}; waiting for renew`,
    );
  }
  const { parametersKey } = spec.value;
  if (state === 'active' && channel?.parametersKey !== parametersKey) return waiting('replacing the channel');
  if (sync.completedAt === undefined || sync.parametersKey !== parametersKey) {
    return waiting(`first sync: ${changes(sync.sequence)} so far${lastError(listed)}`);
  }
  const { follow } = watch;
  const lists = spec.value.follow !== undefined && followTask(watch).do !== 'nothing';
  if (follow?.emptySince !== undefined)
    return done('the calendar list is empty; its watches are kept until a full sync confirms that');
  if (lists || (spec.value.follow && sync.traversal))
    return waiting('creating watches for the calendars on the list');
  if (state === 'active') return done('active');
  const known = adviceOn(watch.reason ?? '');
  const why = `polling, because Google opens no channel (${watch.reason ?? ''})`;
  return done(known === undefined ? why : `${why}: ${adviceText(known)}`);
}

/** Whether the removal that was requested at that time (Unix ms) is complete. */
export function judgeRemoval(listed: Readable, requestedAt: number, how: 'keep' | 'purge'): Verdict {
  const { watch } = listed;
  if (watch.state === 'removed' && (how === 'keep' || watch.reason !== 'kept')) {
    return done(how === 'keep' ? 'removed, items kept' : 'removed, items deleted');
  }
  if (!watch.spec.ok || (BY_SPEC.has(watch.reason) && hasFailedSince(listed, requestedAt)))
    return failed(listed);
  if (watch.state !== 'removing') return waiting('waiting for renew, which is called every minute');
  return waiting(how === 'keep' ? 'removing' : `removing: ${changes(watch.sync.sequence)} so far`);
}

/** Whether a sync that started at that time (Unix ms) or later is complete. */
export function judgeSync(listed: Readable, requestedAt: number, full: boolean): Verdict {
  const { watch } = listed;
  const { sync } = watch;
  const startedAt = full ? sync.fullStartedAt : sync.startedAt;
  if ((startedAt ?? 0) >= requestedAt) return done(`synced, ${changes(sync.sequence)} in total`);
  if ((sync.failedAt ?? 0) >= requestedAt) {
    const { failures, error = 'an unknown reason' } = sync;
    const known = adviceOn(error);
    const advice = known === undefined ? '' : `${adviceText(known)}; `;
    const text = `the sync of ${watch.id} failed ${failures === 1 ? 'once' : `${String(failures)} times`} (${error})`;
    return { is: 'failed', text, next: `${advice}it is retried, see calendar-mirror status ${watch.id}` };
  }
  if (watch.state === 'paused' && BY_SPEC.has(watch.reason)) return failed(listed);
  const { traversal } = sync;
  if (traversal === undefined) return waiting('waiting for sync');
  return waiting(
    `${traversal.kind} sync: ${String(traversal.stepsCommitted)} pages, ${changes(sync.sequence)} in total`,
  );
}
