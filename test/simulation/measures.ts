import type { Faults } from './faults.ts';
import type { Ending } from './google-channels.ts';
import type { Method } from './calendar-client.ts';
import { HOUR, MINUTE } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** What is counted of one watch while it runs. Times in ms. */

/** Why a watch has no live channel: it is new (or wanted again), its channel died without a word, or none took over in time. */
export type Cause = 'opening' | 'died' | 'lapsed';

/** A longest time: as it was, and without the time in which nobody could do anything about it. */
export interface Longest {
  readonly ms: number;
  readonly ownMs: number;
}

interface Gap {
  readonly from: number;
  readonly cause: Cause;
  /** The first edit of which nobody else can have told. */
  editAt: number | undefined;
}

/** A notification that was sent before the channel died may still arrive this much later, and hide that it died. */
const LATE_NEWS = HOUR + 10 * MINUTE;

const longer = (one: Longest, ms: number, ownMs: number): Longest => ({
  ms: Math.max(one.ms, ms),
  ownMs: Math.max(one.ownMs, ownMs),
});
const NONE: Longest = { ms: 0, ownMs: 0 };

export function createMeasures(subject: Subject, time: Timeline, faults: Faults) {
  const calls: Record<Method, number> = { list: 0, watch: 0, stop: 0 };
  const gaps: Record<Cause, Longest> = { opening: NONE, died: NONE, lapsed: NONE };
  let deaf: Longest = NONE;
  let stale: Longest = NONE;
  let waiting: { readonly revision: number; readonly at: number }[] = [];
  let live = 0;
  let wanted = false;
  /** The latest channel died without a word, and nobody can know. */
  let silent = false;
  let gap: Gap | undefined;
  let wantedMs = 0;
  let wantedSince = 0;

  const own = (from: number, to: number): number => to - from - faults.excused(subject, from, to);

  const closeGap = (): void => {
    if (gap === undefined) return;
    const now = time.now();
    const { from, cause, editAt } = gap;
    gaps[cause] = longer(gaps[cause], now - from, own(from, now));
    if (cause === 'died' && editAt !== undefined) deaf = longer(deaf, now - editAt, own(editAt, now));
    gap = undefined;
  };
  const openGap = (cause: Cause): void => {
    if (wanted && subject.pushable && live === 0) gap ??= { from: time.now(), cause, editAt: undefined };
  };

  return {
    called: (method: Method): void => void (calls[method] += 1),
    opened: (): void => {
      live += 1;
      silent = false;
      closeGap();
    },
    ended: (how: Ending): void => {
      live -= 1;
      silent = how === 'died';
      openGap(silent ? 'died' : 'lapsed');
    },
    /** The watch is wanted from now on, or not any more. */
    want: (now: boolean, revision: number): void => {
      if (wanted === now) return;
      wanted = now;
      waiting = [];
      if (now) {
        wantedSince = time.now();
        waiting.push({ revision, at: time.now() });
        // Given up and wanted again in no time, it may have its dead channel still.
        openGap(silent ? 'died' : 'opening');
      } else {
        wantedMs += time.now() - wantedSince;
        // What nobody wants is no gap.
        gap = undefined;
      }
    },
    edited: (revision: number): void => {
      if (!wanted) return;
      waiting.push({ revision, at: time.now() });
      if (gap && time.now() > gap.from + LATE_NEWS) gap.editAt ??= time.now();
    },
    /** A sync is complete: the mirror has everything up to this revision. `tells`: what it found, a channel should have told. */
    mirrored: (revision: number, tells: boolean): void => {
      const now = time.now();
      if (gap && !tells) gap.editAt = undefined;
      while (waiting[0] !== undefined && waiting[0].revision <= revision) {
        const { at } = waiting[0];
        if (now - at > stale.ms || now - at > stale.ownMs) stale = longer(stale, now - at, own(at, now));
        waiting.shift();
      }
    },
    /** What it came to; `waiting`: edits that the mirror still does not have. */
    results: () => {
      closeGap();
      if (wanted) wantedMs += time.now() - wantedSince;
      return { calls, gaps, deaf, stale, waiting: waiting.length, wantedMs };
    },
  };
}

export type Measures = ReturnType<typeof createMeasures>;
export type Measured = ReturnType<Measures['results']>;
