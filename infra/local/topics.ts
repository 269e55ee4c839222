import type { PubSub, CreateSubscriptionOptions } from '@google-cloud/pubsub';

/** https://grpc.io/docs/guides/status-codes/ */
const ALREADY_EXISTS = 6;

/** The names of the cloud's topics and subscriptions. */
export const NAMES = {
  notifications: 'calendar-notifications',
  changes: 'calendar-changes',
  clock: 'calendar-clock',
  deadLetters: 'calendar-dead-letters',
  /** Pushes notifications to sync. */
  sync: 'calendar-sync',
  /** Pulled by `collectFeed`. */
  changesReader: 'calendar-changes-reader',
  deadLettersFollower: 'calendar-dead-letters-follower',
  /** Keeps dead letters for the command `calendar-mirror dead-letters`. */
  deadLettersReader: 'calendar-dead-letters-reader',
} as const;

/**
 * Creates the topics and subscriptions of a deployment. Existing ones are kept.
 *
 * `calendar-sync` pushes to `syncUrl` with a path that names the topic: functions-framework derives the CloudEvent's source from it.
 * Its acknowledgement deadline of 60 s is also the timeout of a push.
 */
export async function createTopics(pubsub: PubSub, { syncUrl }: { readonly syncUrl: string }): Promise<void> {
  const topicPath = (name: string): string => `projects/${pubsub.projectId}/topics/${name}`;
  await Promise.all(
    [NAMES.notifications, NAMES.changes, NAMES.clock, NAMES.deadLetters].map((name) =>
      ignoreExisting(pubsub.createTopic(name)),
    ),
  );
  const subscribe = (topic: string, name: string, options: CreateSubscriptionOptions): Promise<void> =>
    ignoreExisting(pubsub.topic(topic).createSubscription(name, options));
  await Promise.all([
    subscribe(NAMES.notifications, NAMES.sync, {
      pushConfig: { pushEndpoint: `${syncUrl}/${topicPath(NAMES.notifications)}` },
      enableMessageOrdering: true,
      ackDeadlineSeconds: 60,
      retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 60 } },
      deadLetterPolicy: { deadLetterTopic: topicPath(NAMES.deadLetters), maxDeliveryAttempts: 100 },
    }),
    subscribe(NAMES.changes, NAMES.changesReader, { enableMessageOrdering: true, ackDeadlineSeconds: 60 }),
    subscribe(NAMES.deadLetters, NAMES.deadLettersFollower, { ackDeadlineSeconds: 60 }),
    subscribe(NAMES.deadLetters, NAMES.deadLettersReader, { ackDeadlineSeconds: 60 }),
  ]);
}

async function ignoreExisting(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === ALREADY_EXISTS)) throw error;
  }
}
