import { RESOURCES } from './calendar/resources.ts';
import type { State } from './mirror/watch.ts';

/**
 * What is measured. A measure is a log entry whose field `metric` names it, with labels of few values and numbers beside them;
 * Cloud Logging makes metrics of these entries (`infra/terraform/metrics.json`), and nothing else. Labels are never users, watches or
 * calendars: those are fields of the same entry, to be found once a metric has told that there is something to find.
 */

/** Any word of Google's or ours: a reason. There are some dozens. */
const WORD: readonly string[] = [];
const YES_NO = ['yes', 'no'] as const;
/** `unknown` where the spec names none. */
const RESOURCE = [...RESOURCES, 'unknown'] as const;
const STATE = [
  'pending',
  'active',
  'polling',
  'paused',
  'gone',
  'removing',
  'removed',
] as const satisfies readonly State[];

interface Shape {
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly values: readonly string[];
  /** Numbers that not every entry has. */
  readonly maybe: readonly string[];
}

export const MEASURES = {
  /** receive: one request. */
  notification: {
    labels: { outcome: ['published', 'refused', 'unpublished'] },
    values: ['ms'],
    maybe: [],
  },
  /** sync: one run through a list, or as much of it as one invocation did. `latencyMs`: from the publishing of a push to the end. */
  sync: {
    labels: {
      resource: RESOURCES,
      kind: ['full', 'incremental', 'purge'],
      outcome: ['completed', 'continued', 'failed'],
      reason: ['push', 'poll', 'continue', 'manual'],
    },
    values: ['ms', 'changes', 'calls', 'overQuota'],
    maybe: ['latencyMs'],
  },
  /** Work that failed, and comes again: a message of sync, a watch or channel of renew. */
  undone: {
    labels: { by: ['sync', 'renew'], cause: ['publish', 'other'] },
    values: [],
    maybe: [],
  },
  /** A watch has come into a state in which it is not, or no longer, pushed. */
  outOfService: {
    labels: { resource: RESOURCE, state: ['polling', 'paused', 'gone'], reason: WORD },
    values: [],
    maybe: [],
  },
  /** sync: changes that an earlier invocation committed and did not publish. */
  outbox: { labels: {}, values: ['entries', 'ageSeconds'], maybe: [] },
  /** sync: a message that can never be processed. */
  deadLetter: {
    labels: { reason: ['noMessage', 'malformed', 'unreadableWatch'] },
    values: [],
    maybe: [],
  },
  /**
   * renew: one watch that was due. `lapsing`: its channel has lived through half of the time in which it should have been
   * replaced. `stale`: it has not been synced for twice as long as it should.
   */
  look: {
    labels: { resource: RESOURCE, state: STATE, lapsing: YES_NO, stale: YES_NO },
    values: ['overdueSeconds'],
    maybe: ['expirySeconds', 'stalenessSeconds'],
  },
  /** renew: one run. */
  renew: {
    labels: {},
    values: ['ms', 'created', 'renewed', 'stopped', 'polled', 'failed', 'remaining', 'calls', 'overQuota'],
    maybe: [],
  },
} as const satisfies Readonly<Record<string, Shape>>;

type Measures = typeof MEASURES;
type Entry<M extends Shape> = {
  readonly [Label in keyof M['labels']]: M['labels'][Label][number];
} & { readonly [Value in M['values'][number]]: number } & {
  readonly [Value in M['maybe'][number]]?: number | undefined;
};

/** One entry: what a log takes beside its message and its ids. */
export type Measure = {
  readonly [Name in keyof Measures]: { readonly metric: Name } & Entry<Measures[Name]>;
}[keyof Measures];

/** The measure of a watch that was in one state and comes into another; undefined where it has been in it. */
export function outOfService(
  was: State,
  state: 'polling' | 'paused' | 'gone',
  resource: (typeof RESOURCE)[number],
  reason: string,
): Measure | undefined {
  return was === state ? undefined : { metric: 'outOfService', resource, state, reason };
}
