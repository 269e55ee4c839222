/**
 * A consumer that follows the rules of `functions/feed/README.md`, in memory: it holds the exact state, and has it again after a replay,
 * whatever it lost before.
 */
import {
  parseChange,
  parseReplayEnded,
  type Change,
  type ReplayEnded,
} from '../../functions/feed/consumer.ts';

interface Message {
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

/** What is known of an item. A deleted one is remembered, with null in place of the item. */
interface Kept {
  readonly watch: string;
  readonly sequence: number;
  readonly item: Change['after'];
}

/** A replay of one watch, as far as it has arrived. */
interface Replay {
  readonly seen: Set<string>;
  ended?: ReplayEnded;
}

export function createCopy() {
  const kept = new Map<string, Kept>();
  /** By watch: items that are not kept count as deleted with this number. */
  const floors = new Map<string, number>();
  const replays = new Map<string, Replay>();

  const replayOf = (id: string, watch: string): Replay => {
    const key = `${id}/${watch}`;
    const replay = replays.get(key) ?? { seen: new Set() };
    replays.set(key, replay);
    return replay;
  };

  /** Drops what is gone, once the replay is complete. */
  function sweep({ seen, ended }: Replay): void {
    if (ended === undefined || seen.size < ended.count) return;
    const { watchId, sequence } = ended;
    for (const [subject, item] of kept) {
      if (item.watch === watchId && item.sequence <= sequence && !seen.has(subject)) kept.delete(subject);
    }
    floors.set(watchId, Math.max(floors.get(watchId) ?? 0, sequence));
  }

  function take({ watchId, sequence, after }: Change, subject: string): void {
    const known = kept.get(subject)?.sequence ?? floors.get(watchId) ?? 0;
    if (sequence > known) kept.set(subject, { watch: watchId, sequence, item: after });
  }

  return {
    /** Processes one message, in any order and as often as it comes. */
    receive: ({ attributes, data }: Message): void => {
      const { watch = '', replay: id, 'ce-type': type = '', 'ce-subject': subject = '' } = attributes;
      // A state of the watch changes no item.
      if (type.startsWith('calendar.watch.')) return;
      const replay = id === undefined ? undefined : replayOf(id, watch);
      if (type === 'calendar.replay.ended') {
        const parsed = parseReplayEnded(data);
        if (!parsed.ok) throw new Error(parsed.problem);
        if (replay) replay.ended = parsed.ended;
      } else {
        const parsed = parseChange(data);
        if (!parsed.ok) throw new Error(parsed.problem);
        take(parsed.change, subject);
        replay?.seen.add(subject);
      }
      if (replay) sweep(replay);
    },
    /** Returns the items that exist, by the paths of their documents. */
    items: (): ReadonlyMap<string, Change['after']> =>
      new Map([...kept].flatMap(([subject, { item }]) => (item === null ? [] : [[subject, item]]))),
    /** Returns the ends of the replays of a watch. */
    ends: (watch: string): readonly ReplayEnded[] =>
      [...replays.values()].flatMap(({ ended }) => (ended?.watchId === watch ? [ended] : [])),
  };
}

export type Copy = ReturnType<typeof createCopy>;
