import type { Faults } from './faults.ts';
import type { Method } from './calendar-client.ts';
import { createRecovery } from './recovery.ts';
import { HOUR, MINUTE } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Measures of one watch during a run. Times are in ms. */

/** Why a watch has no live channel: it is new (or wanted again), its channel died silently, or none succeeded it in time. */
type Cause = 'opening' | 'died' | 'lapsed';

/** A longest time: in full, and without the time that trouble excuses. */
export interface Longest {
  readonly ms: number;
  readonly ownMs: number;
}

interface Gap {
  readonly from: number;
  readonly cause: Cause;
  /** The first edit of which no other channel can have sent a notification. */
  editAt: number | undefined;
}

/** An edit that is not mirrored yet. */
interface Waiting {
  readonly revision: number;
  readonly at: number;
}

/** A notification that was sent before its channel died may arrive this much later, and hide that the channel is dead. */
const LATE_NEWS = HOUR + 10 * MINUTE;

const longer = (one: Longest, ms: number, ownMs: number): Longest => ({
  ms: Math.max(one.ms, ms),
  ownMs: Math.max(one.ownMs, ownMs),
});
const NONE: Longest = { ms: 0, ownMs: 0 };

export function createMeasures(subject: Subject, time: Timeline, faults: Faults) {
  const calls: Record<Method, number> = { list: 0, watch: 0, stop: 0 };
  const gaps: Record<Cause, Longest> = { opening: NONE, died: NONE, lapsed: NONE };
  const recovery = createRecovery(subject, time, faults);
  let deaf: Longest = NONE;
  let stale: Longest = NONE;
  let withheld: Longest = NONE;
  let waiting: Waiting[] = [];
  /** Edits that incremental lists withhold. */
  let withheldEdits: Waiting[] = [];
  let live = 0;
  let wanted = false;
  let gap: Gap | undefined;
  let wantedMs = 0;
  let wantedSince = 0;

  const own = (from: number, to: number): number => to - from - faults.excused(subject, from, to);

  const count = ({ from, cause, editAt }: Gap): void => {
    const now = time.now();
    gaps[cause] = longer(gaps[cause], now - from, own(from, now));
    if (cause === 'died' && editAt !== undefined) deaf = longer(deaf, now - editAt, own(editAt, now));
  };
  const closeGap = (): void => {
    if (gap === undefined) return;
    count(gap);
    recovery.hasChannel();
    gap = undefined;
  };
  /**
   * `blind`: the watch relies on a channel that died silently. Only that excuses the gap: while one channel replaces another, two are open.
   */
  const lacksChannel = (known: 'opening' | 'lapsed', blind: boolean): void => {
    if (!wanted || !subject.pushable || live > 0) return;
    if (gap?.cause === 'died' && !blind) {
      // From now on the watch knows that it has none.
      count(gap);
      gap = undefined;
    }
    gap ??= { from: time.now(), cause: blind ? 'died' : known, editAt: undefined };
    recovery.lacksChannel(gap.cause !== 'died');
  };

  return {
    hindered: (): void => {
      if (wanted) recovery.hindered();
    },
    called: (method: Method): void => void (calls[method] += 1),
    opened: (): void => {
      live += 1;
      closeGap();
    },
    /** A channel has died, expired or been stopped; `wasLive`: it sent notifications until now. */
    ended: (wasLive: boolean, blind: boolean): void => {
      if (wasLive) live -= 1;
      lacksChannel('lapsed', blind);
    },
    /** Called when users start or stop to want the watch. */
    want: (now: boolean, revision: number, blind: boolean): void => {
      // A document that is overwritten may have lost its channel.
      if (wanted && now) lacksChannel('opening', blind);
      if (wanted === now) return;
      wanted = now;
      waiting = [];
      withheldEdits = [];
      if (now) {
        wantedSince = time.now();
        waiting.push({ revision, at: time.now() });
        // A watch that is wanted again soon may still have its dead channel.
        lacksChannel('opening', blind);
      } else {
        wantedMs += time.now() - wantedSince;
        // A watch that is not wanted has no gap.
        gap = undefined;
        recovery.unwanted();
      }
    },
    edited: (revision: number): void => {
      if (!wanted) return;
      waiting.push({ revision, at: time.now() });
      const lateNews = time.now() - LATE_NEWS;
      // Trouble delays notifications further.
      if (gap && gap.from < lateNews && faults.since(subject, lateNews).length === 0)
        gap.editAt ??= time.now();
    },
    /** Returns whether all edits are mirrored, except those that incremental lists withhold. */
    isMirrored: (): boolean => waiting.length === 0,
    /** Called for an edit that incremental lists withhold. */
    withheld: (revision: number): void => {
      if (wanted) withheldEdits.push({ revision, at: time.now() });
    },
    /**
     * Called when a sync is complete: everything up to this revision is mirrored, withheld edits only if it is `full`. `notified`: a
     * channel should have announced what it found.
     */
    mirrored: (
      revision: number,
      { full, notified }: { readonly full: boolean; readonly notified: boolean },
    ): void => {
      const now = time.now();
      if (full) {
        const found = withheldEdits.filter((edit) => edit.revision <= revision);
        for (const { at } of found) withheld = longer(withheld, now - at, own(at, now));
        withheldEdits = withheldEdits.slice(found.length);
      }
      recovery.synced();
      if (gap && !notified) gap.editAt = undefined;
      while (waiting[0] !== undefined && waiting[0].revision <= revision) {
        const { at } = waiting[0];
        if (now - at > stale.ms || now - at > stale.ownMs) stale = longer(stale, now - at, own(at, now));
        waiting.shift();
      }
    },
    /** Returns the measures; `waiting` counts the edits that are not mirrored. */
    results: () => {
      closeGap();
      if (wanted) wantedMs += time.now() - wantedSince;
      return {
        calls,
        gaps,
        deaf,
        stale,
        withheld,
        waiting: waiting.length,
        withheldEdits: withheldEdits.length,
        wantedMs,
        recovery: recovery.results(),
      };
    },
  };
}

export type Measures = ReturnType<typeof createMeasures>;
export type Measured = ReturnType<Measures['results']>;
