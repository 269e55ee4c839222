/** Replays to a topic, one at a time: what `calendar-mirror replay` does, with progress, and until it is cancelled. */
import pLimit from 'p-limit';

import { errorText } from '../../../functions/runtime/log.ts';
import { Failure } from '../../cli/failure.ts';
import { replayWatch } from '../../cli/replay/publish.ts';
import { loadSource } from '../../cli/replay/source.ts';
import { checkTopic, topicName } from '../../cli/replay/topic.ts';
import type { Session } from '../../cli/session.ts';
import type { ReplayRequest, ReplayStatus } from '../model/replay.ts';

/** As many as the command line replays side by side. */
const AT_ONCE = 8;
/** Maximum number of problems that are reported. */
const MOST_PROBLEMS = 20;

type Running = { -readonly [Key in keyof ReplayStatus]: ReplayStatus[Key] } & { problems: string[] };

/** One watch of a replay. */
interface Part {
  readonly topic: string;
  /** Id of the replay. */
  readonly replay: string;
  readonly signal: AbortSignal;
  /** Called with how many items there are, and with how many of them were published. */
  readonly onCounted: (items: number) => void;
  readonly onPublished: (items: number) => void;
}

interface ReplayWork {
  readonly newId: () => string;
  /** @throws {Failure} if a replay may not go to a topic */
  readonly check: (request: ReplayRequest) => Promise<void>;
  /** Publishes a watch. @throws {Failure} if it cannot be replayed; {Error} if no watch can be now */
  readonly publish: (watch: string, part: Part) => Promise<void>;
}

/** Returns how a session replays. */
export const replayWork = (session: Session): ReplayWork => ({
  newId: session.newId,
  check: ({ topic, force }) => checkTopic(session, topicName(topic), force),
  publish: async (id, { topic, onCounted, ...options }) => {
    const source = await loadSource(session, id);
    // Nothing is mirrored yet.
    if (source === undefined) return;
    if (source.collection !== undefined) onCounted(await session.admin.countItems(source.collection));
    await replayWatch(session, source, { ...options, publish: session.publisherTo(topic) });
  },
});

/** Returns functions that start, report and cancel replays. */
export function createReplays({ newId, check, publish }: ReplayWork) {
  let latest: Running | undefined;
  let stop = new AbortController();

  async function run(
    status: Running,
    watches: readonly string[],
    { signal }: AbortController,
  ): Promise<void> {
    const limit = pLimit(AT_ONCE);
    const part: Part = {
      topic: status.topic,
      replay: status.id,
      signal,
      onCounted: (items) => {
        status.of = (status.of ?? 0) + items;
      },
      onPublished: (items) => {
        status.items += items;
      },
    };
    const replayOne = async (id: string): Promise<void> => {
      if (signal.aborted) return;
      try {
        await publish(id, part);
        status.done += 1;
      } catch (error) {
        if (signal.aborted) return;
        const text = error instanceof Failure ? error.line : errorText(error);
        if (status.problems.length < MOST_PROBLEMS) status.problems.push(`${id}: ${text}`);
        // A failure is about one watch. Any other error is about the connection, so the next watches would meet it too.
        if (!(error instanceof Failure)) stop.abort(error);
      }
    };
    await Promise.all(watches.map((id) => limit(replayOne, id)));
    if (status.problems.length > 0) status.state = 'failed';
    else status.state = signal.aborted ? 'cancelled' : 'done';
  }

  return {
    /** The latest replay; undefined if there was none. */
    status: (): ReplayStatus | undefined => latest,

    /**
     * Starts a replay, and returns before it ends.
     * @throws {Failure} if one is running, or the topic does not exist or has other consumers
     */
    async start(request: ReplayRequest, watches: readonly string[]): Promise<ReplayStatus> {
      await check(request);
      // After everything that is waited for, so that of two requests at once one is rejected.
      if (latest?.state === 'running') throw new Failure('a replay is running', 'wait, or cancel it');
      const status: Running = {
        ...request,
        id: newId(),
        state: 'running',
        watches: watches.length,
        done: 0,
        items: 0,
        of: null,
        problems: [],
      };
      latest = status;
      stop = new AbortController();
      void run(status, watches, stop);
      return status;
    },

    /** Ends the replay that is running after the pages that are on their way. */
    cancel(): void {
      stop.abort(new Failure('cancelled', 'start it again'));
    },
  };
}
