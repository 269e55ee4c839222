import type { LogFields } from './log.ts';

/**
 * Metrics. A log entry whose field `metric` names one carries its labels, which have few values, and its numbers; Cloud Logging
 * derives the metrics from these entries (`infra/terraform/metrics.json`). Users, watches and calendars are never labels, but fields
 * of the same entry, to be searched once a metric shows a problem.
 */

/** Free-form reason, low cardinality (dozens). */
const WORD: readonly string[] = [];
const YES_NO = ['yes', 'no'] as const;
/** `unknown` where the spec names none. */
const RESOURCES = ['events', 'acl', 'calendarList', 'settings'] as const;
const RESOURCE = [...RESOURCES, 'unknown'] as const;
const STATE = ['pending', 'active', 'polling', 'paused', 'gone', 'removing', 'removed'] as const;

interface Shape {
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly values: readonly string[];
  /** Numbers that only some entries have. */
  readonly maybe: readonly string[];
}

export const METRICS = {
  /** receive: one genuine notification. */
  notification: { labels: { outcome: ['published', 'unpublished'] }, values: ['ms'], maybe: [] },
  /** receive: rejected requests with one reason since the entry before. */
  rejection: { labels: { status: WORD }, values: ['count'], maybe: [] },
  /** sync: one traversal, or the part of it in one invocation. `latencyMs`: from the publishing of a push to the end. */
  sync: {
    labels: {
      resource: RESOURCES,
      kind: ['full', 'incremental', 'purge'],
      outcome: ['completed', 'continued', 'failed'],
      reason: ['push', 'poll', 'clock', 'continue', 'manual'],
    },
    values: ['ms', 'changes', 'calls', 'overQuota'],
    maybe: ['latencyMs'],
  },
  /** Work that failed and will be retried: a message of sync, a watch or channel of renew. */
  failure: { labels: { by: ['sync', 'renew'], cause: ['publish', 'other'] }, values: [], maybe: [] },
  /** A watch that entered a state without push notifications. */
  outOfService: {
    labels: { resource: RESOURCE, state: ['polling', 'paused', 'gone'], reason: WORD },
    values: [],
    maybe: [],
  },
  /** sync: changes that an earlier invocation committed but did not publish. */
  outbox: { labels: {}, values: ['entries', 'ageSeconds'], maybe: [] },
  /** sync: a message that can never be processed. */
  deadLetter: { labels: { reason: ['noMessage', 'malformed', 'unreadableWatch'] }, values: [], maybe: [] },
  /**
   * renew: one watch that was due. `lapsing`: half of the time in which its channel should have been replaced has passed.
   * `stale`: its last sync is twice as old as it should be at most.
   */
  check: {
    labels: { resource: RESOURCE, state: STATE, lapsing: YES_NO, stale: YES_NO },
    values: ['overdueSeconds'],
    maybe: ['expirySeconds', 'stalenessSeconds'],
  },
  /** sync: moments of the events of one watch. `dropped`: those that were due more than an hour ago. */
  clock: { labels: {}, values: ['published', 'late', 'dropped', 'ms'], maybe: [] },
  /** renew: one run. */
  renew: {
    labels: {},
    values: ['ms', 'created', 'renewed', 'stopped', 'polled', 'failed', 'remaining', 'calls', 'overQuota'],
    maybe: [],
  },
} as const satisfies Readonly<Record<string, Shape>>;

type Metrics = typeof METRICS;
type Entry<M extends Shape> = {
  readonly [Label in keyof M['labels']]: M['labels'][Label][number];
} & { readonly [Value in M['values'][number]]: number } & {
  readonly [Value in M['maybe'][number]]?: number | undefined;
};

/** The fields of one entry beside its message and its ids. */
export type Metric = {
  readonly [Name in keyof Metrics]: { readonly metric: Name } & Entry<Metrics[Name]>;
}[keyof Metrics];

/** Returns the fields of a log entry that is also a metric. */
export const withMetric = (fields: LogFields, metric: Metric | undefined): LogFields => ({
  ...fields,
  ...metric,
});

/** Returns the metric of a watch that goes out of service; undefined if it already was in that state. */
export function outOfService(
  was: (typeof STATE)[number],
  state: 'polling' | 'paused' | 'gone',
  resource: (typeof RESOURCE)[number],
  reason: string,
): Metric | undefined {
  return was === state ? undefined : { metric: 'outOfService', resource, state, reason };
}
