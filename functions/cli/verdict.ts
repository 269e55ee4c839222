import type { Listed } from '../mirror/wishes.ts';
import { followTask } from '../renew/follow-plan.ts';

/** What has become of what was asked of a watch. Pure: the watch as it is now in, the verdict out. */

export type Verdict =
  | { readonly is: 'waiting'; readonly words: string }
  | { readonly is: 'done'; readonly words: string }
  | { readonly is: 'failed'; readonly words: string; readonly next: string };

type Readable = Extract<Listed, { ok: true }>;

/** Reasons of a pause that renew finds by itself, without asking Google. */
const BY_SPEC: ReadonlySet<string | undefined> = new Set(['invalidSpec', 'specChanged', 'collectionTaken']);

const waiting = (words: string): Verdict => ({ is: 'waiting', words });
const done = (words: string): Verdict => ({ is: 'done', words });

const changes = (count: number): string => `${String(count)} ${count === 1 ? 'change' : 'changes'}`;

function failed({ watch, detail }: Readable): Verdict {
  const why = [watch.reason ?? watch.sync.error, detail].filter((part) => part !== undefined).join(', ');
  const next =
    watch.reason === 'collectionTaken'
      ? `run calendar-mirror unwatch ${watch.id}, or remove the other one`
      : `mend that, then run calendar-mirror renew ${watch.id}`;
  return { is: 'failed', words: `${watch.id} is ${watch.state} (${why})`, next };
}

/** Whether the pause or the 404 that a watch shows is the answer to what was asked at that time (Unix ms). */
function isAnswer({ watch }: Readable, askedAt: number): boolean {
  const { state, reason, sync, nextDueAt } = watch;
  if (state !== 'paused' && state !== 'gone') return false;
  return BY_SPEC.has(reason) ? nextDueAt !== askedAt : (sync.failedAt ?? 0) >= askedAt;
}

const trouble = ({ watch: { sync } }: Readable): string =>
  sync.failures > 0 && sync.error !== undefined ? `, tried again after ${sync.error}` : '';

/** Whether a watch that was wished for at that time (Unix ms) is served, and mirrored once. */
export function judgeWatch(listed: Readable, askedAt: number): Verdict {
  const { watch } = listed;
  const { spec, state, sync, channel } = watch;
  if (!spec.ok || isAnswer(listed, askedAt)) return failed(listed);
  if (state !== 'active' && state !== 'polling') {
    return waiting(
      state === 'pending' ? 'waiting for renew, which is called every minute' : `${state}; waiting for renew`,
    );
  }
  const { parametersKey } = spec.wish;
  if (state === 'active' && channel?.parametersKey !== parametersKey) return waiting('replacing the channel');
  if (sync.completedAt === undefined || sync.parametersKey !== parametersKey) {
    return waiting(`first sync: ${changes(sync.sequence)} so far${trouble(listed)}`);
  }
  const { follow } = watch;
  const lists = spec.wish.follow !== undefined && followTask(watch).do !== 'nothing';
  if (follow?.emptySince !== undefined)
    return done('the list has lost all that was followed; kept until a full sync confirms it');
  if (lists || (spec.wish.follow && sync.traversal)) return waiting('following the calendars on the list');
  const how = state === 'active' ? 'active' : `polled, as Google opens no channel (${watch.reason ?? ''})`;
  return done(how);
}

/** Whether the removal that was asked for at that time (Unix ms) is through. */
export function judgeRemoval(listed: Readable, askedAt: number, how: 'keep' | 'purge'): Verdict {
  const { watch } = listed;
  if (watch.state === 'removed' && (how === 'keep' || watch.reason !== 'kept')) {
    return done(
      how === 'keep' ? 'removed; what was mirrored stays' : 'removed, and what was mirrored deleted',
    );
  }
  if (!watch.spec.ok || (BY_SPEC.has(watch.reason) && isAnswer(listed, askedAt))) return failed(listed);
  if (watch.state !== 'removing') return waiting('waiting for renew, which is called every minute');
  return waiting(how === 'keep' ? 'removing' : `removing: ${changes(watch.sync.sequence)} so far`);
}

/** Whether a sync that was asked for at that time (Unix ms) is through, or one that began later. */
export function judgeSync(listed: Readable, askedAt: number, full: boolean): Verdict {
  const { watch } = listed;
  const { sync } = watch;
  const startedAt = full ? sync.fullStartedAt : sync.startedAt;
  if ((startedAt ?? 0) >= askedAt) return done(`synced, ${changes(sync.sequence)} in all`);
  if ((sync.failedAt ?? 0) >= askedAt) {
    const { failures, error = 'an unknown reason' } = sync;
    const words = `the sync of ${watch.id} failed ${failures === 1 ? 'once' : `${String(failures)} times`} (${error})`;
    return { is: 'failed', words, next: `it is tried again; see calendar-mirror status ${watch.id}` };
  }
  if (watch.state === 'paused' && BY_SPEC.has(watch.reason)) return failed(listed);
  const { traversal } = sync;
  if (traversal === undefined) return waiting('waiting for sync');
  return waiting(
    `${traversal.kind} sync: ${String(traversal.position)} pages, ${changes(sync.sequence)} in all`,
  );
}
