import { setTimeout as pause } from 'node:timers/promises';

import type { Listed } from '../mirror/wishes.ts';
import { Failure } from './failure.ts';
import type { Session } from './session.ts';
import { tell } from './terminal.ts';
import type { Verdict } from './verdict.ts';

/** Waiting for what the functions do, with a line on stderr whenever it comes on. */

const LOOK_MS = 300;
/** Numbers move faster than anybody reads. */
const TELL_MS = 2_000;

type Readable = Extract<Listed, { ok: true }>;

/** A watch as it is now. @throws {Failure} where there is none that can be read. */
export async function mustFind({ wishes }: Session, id: string): Promise<Readable> {
  const listed = await wishes.findWatch(id);
  if (listed === undefined) throw new Failure(`there is no watch ${id}`, 'run calendar-mirror list');
  if (!listed.ok) throw new Failure(`the watch ${id} cannot be read`, listed.problem);
  return listed;
}

/**
 * Looks at a watch again and again until the verdict is in, and hands back the watch.
 * @throws {Failure} when it failed, or when nothing has moved for `patienceSeconds`.
 */
export async function waitFor(
  session: Session,
  id: string,
  patienceSeconds: number,
  judge: (listed: Readable) => Verdict,
): Promise<Readable> {
  let said = '';
  let saidAt = 0;
  let seen = '';
  let movedAt = session.now();
  for (;;) {
    const listed = await mustFind(session, id);
    const verdict = judge(listed);
    const now = session.now();
    if (verdict.is === 'failed') throw new Failure(verdict.words, verdict.next);
    const isNew = verdict.words !== said && (now - saidAt >= TELL_MS || verdict.is === 'done');
    if (isNew) {
      tell(`${id}: ${verdict.words}`);
      [said, saidAt] = [verdict.words, now];
    }
    if (verdict.is === 'done') return listed;
    const version = listed.watch.version.updateTime.valueOf();
    if (version !== seen) [seen, movedAt] = [version, now];
    if (now - movedAt > patienceSeconds * 1000) {
      throw new Failure(
        `${id}: nothing has moved for ${String(patienceSeconds)} s (${verdict.words})`,
        `see that renew is called every minute and sync gets its messages, or look again: calendar-mirror status ${id}`,
      );
    }
    await pause(LOOK_MS);
  }
}
