/** A replay to a topic. Shared by the server and the page; pure. */

export interface ReplayRequest {
  /** A watch's id; null for all. */
  readonly watch: string | null;
  readonly topic: string;
  /** Whether it may go to the topic of the live changes. */
  readonly force: boolean;
}

export interface ReplayStatus extends ReplayRequest {
  /** The id that every message carries as `replay`. */
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly watches: number;
  /** Watches that are done. */
  readonly done: number;
  /** Items that were published. */
  readonly items: number;
  /** How many there are in the watches that were started; null if none was. */
  readonly of: number | null;
  /** What went wrong, each with what to do. */
  readonly problems: readonly string[];
}

/** Returns the command that does the same. */
export const replayCommand = ({ watch, topic, force }: ReplayRequest): string =>
  `calendar-mirror replay ${watch ?? '--all'} --topic ${topic === '' ? '<topic>' : topic}${force ? ' --force' : ''}`;

/** Returns the part that is done, 0 to 1. */
export function partOf({ state, watches, done, items, of }: ReplayStatus): number {
  if (state === 'done') return 1;
  // How many items the watches have that were not started is not known.
  return watches > 1 ? done / watches : Math.min(1, items / Math.max(1, of ?? 0));
}

/** Returns how far a replay is, in words. */
export function progressText({ state, topic, watches, done, items, of, problems }: ReplayStatus): string {
  const all =
    watches === 1
      ? `${String(items)}${of === null ? '' : ` of ${String(of)}`} items`
      : `${String(done)} of ${String(watches)} watches, ${String(items)} items`;
  const failed = problems.length === 0 ? '' : `, ${String(problems.length)} failed`;
  const words = { running: 'Publishing', done: 'Published', failed: 'Failed', cancelled: 'Cancelled' };
  return `${words[state]}: ${all} to ${topic}${failed}`;
}
