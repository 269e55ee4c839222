import { parseClockMessage } from '../../../functions/feed/consumer.ts';
import { subscribeForNow } from '../../../infra/cli/subscription.ts';
import { NAMES } from '../../../infra/local/topics.ts';
import type { Pipeline } from '../../support/pipeline.ts';

/** The messages of `calendar-clock` on a cloud. */
export interface Moments {
  /** Forgets the messages of a watch that have come so far. */
  forget(watch: string): void;
  /** Returns the moments of a watch's events that have come since, each once and by the ids of the messages, in alphabetical order. */
  told(watch: string): readonly string[];
  end(): Promise<void>;
}

/** A cloud whose messages of `calendar-clock` are collected. */
export interface CrashCloud extends Pipeline {
  readonly moments: Moments;
}

/** Collects the messages of `calendar-clock` from now on. */
export async function followMoments({ pubsub }: Pipeline): Promise<Moments> {
  const ids = new Map<string, Set<string>>();
  const { end } = await subscribeForNow(pubsub, NAMES.clock, 'crash-clock', '', {
    onMessage: ({ attributes, data }) => {
      const parsed = parseClockMessage(data);
      if (!parsed.ok) throw new Error(parsed.problem);
      const { watchId } = parsed.message;
      ids.set(watchId, (ids.get(watchId) ?? new Set()).add(attributes['ce-id'] ?? ''));
    },
    onError: (error) => {
      throw error;
    },
  });
  return {
    forget: (watch) => void ids.delete(watch),
    told: (watch) => [...(ids.get(watch) ?? [])].toSorted(),
    end,
  };
}
