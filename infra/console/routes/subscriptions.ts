/** The subscriptions of the feed, and how far behind they are. */
import { fullName } from '../../../functions/feed/names.ts';
import { short } from '../../cli/doctor/subscriptions.ts';
import { subscriptionsOf } from '../../cli/doctor/topics.ts';
import type { ConsoleContext } from '../context.ts';
import type { SubscriptionList } from '../model/subscription.ts';
import type { Routes } from '../server/exchange.ts';
import { notKnownOf } from '../source/monitoring.ts';
import { latestOf, subscriptionView } from '../source/subscriptions.ts';

/** Metrics of Pub/Sub appear some minutes late: https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-pubsub */
const RECENT_MS = 10 * 60_000;

/** `GET /api/subscriptions`: those of the topics of changes and of the clock. */
export const subscriptionRoutes = ({ session, readSeries }: ConsoleContext): Routes => ({
  'GET /api/subscriptions': async (): Promise<SubscriptionList> => {
    const { config } = session;
    const project = config.GOOGLE_CLOUD_PROJECT;
    const topics = [config.CHANGES_TOPIC, config.CLOCK_TOPIC].map((name) =>
      fullName('topics', project, name),
    );
    const now = session.now();
    const read = (metric: string) =>
      readSeries({
        filter: `metric.type = "pubsub.googleapis.com/subscription/${metric}"`,
        from: now - RECENT_MS,
        to: now,
      });
    const [backlog, oldest, ...found] = await Promise.all([
      read('num_undelivered_messages'),
      read('oldest_unacked_message_age'),
      ...topics.map(async (topic) => ({ topic, subscriptions: await subscriptionsOf(session, topic) })),
    ]);
    const facts = {
      isEmulated: config.PUBSUB_EMULATOR_HOST !== undefined,
      project,
      backlog: latestOf(backlog),
      oldest: latestOf(oldest),
    };
    return {
      subscriptions: found
        .flatMap(({ topic, subscriptions }) =>
          subscriptions.map((each) => subscriptionView(each, { ...facts, topic: short(topic) })),
        )
        .toSorted((a, b) => a.topic.localeCompare(b.topic) || a.name.localeCompare(b.name)),
      notKnown: notKnownOf(backlog, oldest),
    };
  },
});
