import { setTimeout as pause } from 'node:timers/promises';

import type { WatchResult } from '../../functions/watches/watch.ts';
import { Failure } from './failure.ts';
import type { Session } from './session.ts';
import { logProgress } from '../terminal/output.ts';
import type { Verdict } from './verdict.ts';

/** Waiting for the functions, with progress on stderr. */

const POLL_MS = 300;
/** At most one progress line per interval. */
const PROGRESS_MS = 2_000;

type Readable = Extract<WatchResult, { ok: true }>;

/** Loads a watch. @throws {Failure} if it does not exist or cannot be read */
export async function mustFind({ admin }: Session, id: string): Promise<Readable> {
  const listed = await admin.findWatch(id);
  if (listed === undefined) throw new Failure(`the watch ${id} does not exist`, 'run calendar-mirror list');
  if (!listed.ok) throw new Failure(`the watch ${id} cannot be read`, listed.problem);
  return listed;
}

interface WaitOptions {
  /** Ends the wait with its reason when it is aborted. */
  readonly signal?: AbortSignal;
  /** Is told of progress; by default it is printed with the watch's id. */
  readonly log?: (text: string) => void;
}

/**
 * Polls a watch until `judge` says that it is done, and returns it.
 * @throws {Failure} if `judge` says that it failed, or without progress for `timeoutSeconds`
 */
export async function waitFor(
  session: Session,
  id: string,
  timeoutSeconds: number,
  judge: (listed: Readable) => Verdict,
  { signal, log = (text) => logProgress(`${id}: ${text}`) }: WaitOptions = {},
): Promise<Readable> {
  let logged = '';
  let loggedAt = 0;
  let lastVersion = '';
  let changedAt = session.now();
  for (;;) {
    signal?.throwIfAborted();
    const listed = await mustFind(session, id);
    const verdict = judge(listed);
    const now = session.now();
    if (verdict.is === 'failed') throw new Failure(verdict.text, verdict.next);
    const isNew = verdict.text !== logged && (now - loggedAt >= PROGRESS_MS || verdict.is === 'done');
    if (isNew) {
      log(verdict.text);
      [logged, loggedAt] = [verdict.text, now];
    }
    if (verdict.is === 'done') return listed;
    const version = listed.watch.version.updateTime.valueOf();
    if (version !== lastVersion) [lastVersion, changedAt] = [version, now];
    if (now - changedAt > timeoutSeconds * 1000) {
      throw new Failure(
        `${id}: no progress for ${String(timeoutSeconds)} s (${verdict.text})`,
        `run calendar-mirror doctor, or calendar-mirror status ${id}`,
      );
    }
    await pause(POLL_MS);
  }
}
