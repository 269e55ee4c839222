/** A subscription of the feed for the page. Pure. */
import { consumerFaults, short, type Subscription } from '../../cli/doctor/subscriptions.ts';
import type { SubscriptionView } from '../model/subscription.ts';
import type { SeriesAnswer } from './monitoring.ts';

/** How commands name the subscriptions that they delete when they end. */
const TEMPORARY = /^calendar-mirror-(?:console|tail|trial)-/;

/** The latest value of each subscription, by its short name. */
export type Latest = ReadonlyMap<string, number>;

/** Returns the latest value of a metric of Pub/Sub by subscription. */
export function latestOf(answer: SeriesAnswer): Latest {
  if (!answer.known) return new Map();
  return new Map(
    answer.series.flatMap(({ labels, points }) => {
      const name = labels['subscription_id'];
      const latest = points.toSorted((a, b) => b.at - a.at)[0];
      return name === undefined || latest === undefined ? [] : [[name, latest.value]];
    }),
  );
}

interface Facts {
  /** The topic's short name. */
  readonly topic: string;
  readonly isEmulated: boolean;
  readonly project: string;
  readonly backlog: Latest;
  readonly oldest: Latest;
}

/** Returns a subscription as the page shows it. Metrics that are not known are null. */
export function subscriptionView(
  subscription: Subscription,
  { topic, isEmulated, project, backlog, oldest }: Facts,
): SubscriptionView {
  const name = short(subscription.name);
  const { pushConfig, filter, deadLetterPolicy, messageRetentionDuration } = subscription;
  const deadLetterTopic = deadLetterPolicy?.deadLetterTopic || null;
  const isTemporary = TEMPORARY.test(name);
  return {
    name,
    topic,
    push: pushConfig?.pushEndpoint || null,
    filter: filter || null,
    isOrdered: subscription.enableMessageOrdering === true,
    retentionSeconds: messageRetentionDuration?.seconds ?? null,
    deadLetterTopic: deadLetterTopic === null ? null : short(deadLetterTopic),
    // Without a number, Pub/Sub makes five.
    attempts: deadLetterTopic === null ? null : deadLetterPolicy?.maxDeliveryAttempts || 5,
    isTemporary,
    backlog: backlog.get(name) ?? null,
    oldestSeconds: oldest.get(name) ?? null,
    warnings: isTemporary ? [] : consumerFaults(subscription, { isEmulated, project }),
  };
}
