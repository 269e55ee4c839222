import { parseMessage, type Change, type ReplayEnded } from 'calendar-mirror/feed';

/** The rule of state: what a message of the feed changes in a consumer's copy of the mirror. */

const EPOCH = 10 ** 9;

/** The numbers of a watch: all up to `upTo` are known, and those in `ahead` come after a hole. */
interface Watch {
  upTo: number;
  ahead: number[];
  /** The last number that a message about the watch has named. */
  last: number;
}

/** The items that were seen in a replay of a watch, and its last message. */
interface Replay {
  seen: Record<string, true>;
  ended?: ReplayEnded;
}

export interface Copy {
  /** The last change of each item by `ce-subject`. A deleted item has the content null. */
  items: Record<string, { watch: string; sequence: number; item: Change['after'] }>;
  watches: Record<string, Watch>;
  replays: Record<string, Replay>;
}

/**
 * Applies a message to the copy. Messages may come in any order, and any number of times.
 *
 * @throws {Error} if its data is not valid
 */
export function apply(copy: Copy, message: { attributes: Record<string, string>; data: Uint8Array }): void {
  const parsed = parseMessage(message);
  if (!parsed.ok) throw new Error(parsed.problem);
  const { watch: id = '', replay: replayId } = message.attributes;
  const watch = (copy.watches[id] ??= { upTo: 0, ahead: [], last: 0 });
  const replay = replayId && (copy.replays[`${id}/${replayId}`] ??= { seen: {} });
  if (parsed.about === 'item') {
    const { sequence, after, user, resource, calendarId, itemId } = parsed.change;
    // Pub/Sub takes no attribute of over 1,024 bytes: the data says the same.
    const subject = message.attributes['ce-subject'] ?? JSON.stringify([user, resource, calendarId, itemId]);
    // A deleted item is kept without its content. Of what is not held, every change up to `upTo` is known.
    if (sequence > (copy.items[subject]?.sequence ?? watch.upTo))
      copy.items[subject] = { watch: id, sequence, item: after };
    if (replay) replay.seen[subject] = true;
    else watch.ahead.push(sequence);
  } else if (parsed.about === 'watch') {
    watch.last = Math.max(watch.last, parsed.watch.sequence);
  } else if (replay && parsed.about === 'replay') replay.ended = parsed.ended;
  if (replay && replay.ended && Object.keys(replay.seen).length >= replay.ended.count)
    endReplay(copy, replay, replay.ended);
  count(watch);
}

/** Drops what is held of the watch and was neither replayed nor changed since: its deletion was lost. */
function endReplay(copy: Copy, replay: Replay, { watchId, sequence }: ReplayEnded): void {
  for (const [subject, held] of Object.entries(copy.items)) {
    if (held.watch === watchId && held.sequence <= sequence && !(subject in replay.seen))
      delete copy.items[subject];
  }
  const watch = copy.watches[watchId];
  if (watch) watch.upTo = Math.max(watch.upTo, sequence);
  replay.seen = {};
}

/** Moves `upTo` over the numbers that follow it, and to a new epoch. What stays in `ahead` is behind a hole. */
function count(watch: Watch): void {
  watch.ahead.sort((a, b) => a - b);
  for (let [next] = watch.ahead; next !== undefined; [next] = watch.ahead) {
    if (next > watch.upTo + 1 && next % EPOCH !== 1) return;
    watch.upTo = Math.max(watch.upTo, next);
    watch.ahead.shift();
  }
}

/** Returns whether a change after `upTo` is missing. An epoch that has no number yet ends in nine zeros. */
export const hasHole = ({ ahead, last, upTo }: Watch): boolean =>
  ahead.length > 0 || (last > upTo && last % EPOCH > 0);
